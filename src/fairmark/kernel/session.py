"""One notebook's kernel: started, watched, asked to run cells, and ended."""

import asyncio
import logging
import os
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any, Protocol

import nbformat
import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete
from nbclient.exceptions import DeadKernelError

from fairmark.kernel.watchdog import RUNAWAY, Watchdog
from fairmark.kernel.workplace import Workplace, environment

_logger = logging.getLogger(__name__)

_WAITING_MESSAGES = 8
_UNREAD_BYTES = 1_000_000
_ERROR = 100_000
_OVERHEAD = 200
"""What an output takes in memory and in the notebook's file besides its text."""
_SHOWN = {
    "status": ("execution_state",),
    "execute_input": ("execution_count",),
    "clear_output": ("wait",),
    "error": ("ename", "evalue", "traceback"),
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
}
"""The messages that are looked at, and what of each."""


class KernelGarbled(Exception):
    """What the kernel sent can't be read: student code can write to its sockets too."""


_LAST_SECONDS = 5
"""For a killed process to be gone."""


class Kernels(Protocol):
    """A way to have kernels."""

    @property
    def sandbox(self) -> str:
        """The sandbox that student code runs in, for the record."""

    @property
    def sandboxed(self) -> bool:
        """Is there one?"""

    def workplace(self) -> AbstractContextManager[Workplace]:
        """Make the folders of one kernel; they go when the block is left."""

    def spec(self, place: Workplace) -> KernelSpec:
        """Return the kernelspec of a kernel that lives in ``place``."""

    def connection_file(self, place: Workplace) -> Path:
        """Return where the manager keeps a kernel's connection file."""


class _OneSpec(KernelSpecManager):  # type: ignore[misc]
    """Knows one kernel whatever name the notebook asks for."""

    spec: KernelSpec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one kernelspec."""
        return self.spec


class _Listener(AsyncKernelClient):  # type: ignore[misc]
    """Takes no message longer than a notebook may print before its run is ended, and lets few wait to be read.

    A kernel that sends a longer one is cut off. Else what students send would wait in the grader's memory. It goes on
    when the kernel has answered on both channels; Jupyter's own client then waits for silence as well.
    """

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> Any:
        longest = RUNAWAY * self.parent.output_bytes if channel in ("shell", "iopub") else _UNREAD_BYTES
        self.context.setsockopt(zmq.RCVHWM, _WAITING_MESSAGES)
        self.context.setsockopt(zmq.MAXMSGSIZE, longest)
        return super()._create_connected_socket(channel, identity)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel hears and is heard; raises RuntimeError after ``timeout`` seconds, or if it ended."""
        deadline = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < deadline and await self.is_alive():
            self.kernel_info()
            try:
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
            except Empty:
                continue
            return
        raise RuntimeError("the kernel did not get ready")


class _Manager(AsyncKernelManager):  # type: ignore[misc]
    """Starts a kernel whose client is a `_Listener`."""

    output_bytes: int


class _Client(NotebookClient):  # type: ignore[misc]
    """Keeps the first characters that a notebook prints or shows, up to a limit; of each cell, one error.

    Student code can send any message: one that is not as it should be shows nothing.
    """

    limit: int
    produced = 0

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take one message of the kernel's into the cell's outputs."""
        try:
            return super().process_message(msg, cell, cell_index) if self._taken(msg, cell) else None
        except CellExecutionComplete:
            raise
        except Exception:
            _logger.debug("a message that no kernel sends", exc_info=True)
            return None

    def _taken(self, msg: dict[str, Any], cell: Any) -> bool:
        """Say whether the message is shown; leave of its content what is, and no more of it than there is room for."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "error" and any(output.output_type == "error" for output in cell.outputs):
            return False
        # Widgets keep a state beside the outputs, and an update may fill a thousand of them at once: not taken.
        if kind not in _SHOWN:
            return False
        msg["content"] = content = {name: content[name] for name in _SHOWN[kind]}
        if type(content.get("execution_count", 0)) is not int:
            return False
        if kind == "error":
            content["ename"], content["evalue"] = (str(content[name])[:_ERROR] for name in ("ename", "evalue"))
            content["traceback"] = "\n".join(content["traceback"])[:_ERROR].split("\n")
        if kind not in ("stream", "display_data", "execute_result"):
            return True
        room = self.limit - self.produced
        self.produced += len(repr(content)) + _OVERHEAD
        if room <= 0 or (self.produced > self.limit and kind != "stream"):
            return False
        if self.produced > self.limit:
            content["text"] = content["text"][:room] + "\n… (further output was dropped)"
        return True


class Session:
    """A running kernel with the notebook it executes."""

    def __init__(self, client: _Client, watchdog: Watchdog, provisioner: Any) -> None:
        self._client = client
        self._provisioner = provisioner
        self.watchdog = watchdog

    @property
    def lost(self) -> bool:
        """Did the kernel end because what it was forked from did?"""
        newborn = getattr(self._provisioner, "newborn", None)
        return newborn is not None and newborn.lost

    @property
    def output_cut(self) -> bool:
        """Was more printed and shown than is kept?"""
        return self._client.produced > self._client.limit

    async def run(self, cell: Any, index: int, *, hidden: bool = False) -> None:
        """Run ``notebook.cells[index]``; what it raises ends up in its outputs.

        Raises DeadKernelError if the kernel ends, by itself or by the watchdog, and KernelGarbled if it sends what
        is no message.
        """
        try:
            await self._client.async_execute_cell(cell, index, store_history=not hidden)
        except DeadKernelError:
            raise
        except Exception as error:
            if not self.watchdog.exceeded:
                raise KernelGarbled(f"{type(error).__name__}: {error}") from error
        if self.watchdog.exceeded:
            raise DeadKernelError("a limit ended the kernel")

    async def run_source(self, source: str) -> Any:
        """Run ``source`` outside the notebook's history; return the cell with its outputs."""
        cell = nbformat.v4.new_code_cell(source)
        # nbclient writes the cell back into the notebook; the last cell is there for that.
        await self.run(cell, -1, hidden=True)
        return cell


@asynccontextmanager
async def kernel_session(notebook: Any, kernels: Kernels, place: Workplace) -> AsyncIterator[Session]:
    """Start a kernel for ``notebook`` and end it, with all its processes, when the block is left."""
    specs = _OneSpec()
    specs.spec = kernels.spec(place)
    transport = "ipc" if os.name == "posix" else "tcp"
    manager = _Manager(kernel_spec_manager=specs, kernel_name="python3", transport=transport)
    manager.client_factory = _Listener
    manager.output_bytes = place.allowance.output_mb * 1_000_000
    manager.connection_file = str(kernels.connection_file(place))
    if transport == "ipc":
        manager.ip = str(place.sockets / "k")
    client = _Client(notebook, km=manager, timeout=None, allow_errors=True)
    client.limit = manager.output_bytes
    notebook.cells.append(nbformat.v4.new_code_cell())
    try:
        # What the process writes past Jupyter (TensorFlow's log, a student's os.write) goes nowhere.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        clean = environment(place.inside, place.allowance.threads)
        async with client.async_setup_kernel(env=clean, cwd=str(place.work), cleanup_kc=True, **quiet):
            provisioner: Any = manager.provisioner
            with Watchdog(provisioner.pid, place, lambda: client.produced) as watchdog:
                yield Session(client, watchdog, provisioner)
            with suppress(TimeoutError):
                # The watchdog ended it: Jupyter, whose turn is next, would look only every tenth of a second.
                await asyncio.wait_for(provisioner.wait(), _LAST_SECONDS)
    finally:
        notebook.cells.pop()
