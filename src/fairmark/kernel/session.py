"""One notebook's kernel: started, watched, asked to run cells, and ended."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from fairmark.kernel.watchdog import Watchdog
from fairmark.kernel.workplace import Workplace, environment


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


class _Client(NotebookClient):  # type: ignore[misc]
    """Keeps the first characters that a notebook prints or shows, up to a limit; errors are kept always."""

    limit: int
    produced = 0

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take one message of the kernel's into the cell's outputs."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            room = self.limit - self.produced
            self.produced += len(repr(msg["content"]))
            if room <= 0 or (self.produced > self.limit and msg["msg_type"] != "stream"):
                return None
            if self.produced > self.limit:
                msg["content"]["text"] = msg["content"]["text"][:room] + "\n… (further output was dropped)"
        return super().process_message(msg, cell, cell_index)


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

    async def run(self, cell: Any, index: int, *, hidden: bool = False) -> None:
        """Run ``notebook.cells[index]``; what it raises ends up in its outputs.

        Raises DeadKernelError if the kernel ends, by itself or by the watchdog.
        """
        await self._client.async_execute_cell(cell, index, store_history=not hidden)
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
    manager = AsyncKernelManager(kernel_spec_manager=specs, kernel_name="python3", transport=transport)
    manager.connection_file = str(kernels.connection_file(place))
    if transport == "ipc":
        manager.ip = str(place.sockets / "k")
    client = _Client(notebook, km=manager, timeout=None, allow_errors=True)
    client.limit = place.allowance.output_mb * 1_000_000
    notebook.cells.append(nbformat.v4.new_code_cell())
    try:
        # What the process writes past Jupyter (TensorFlow's log, a student's os.write) goes nowhere.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        clean = environment(place.inside, place.allowance.threads)
        async with client.async_setup_kernel(env=clean, cwd=str(place.work), cleanup_kc=True, **quiet):
            provisioner: Any = manager.provisioner
            with Watchdog(provisioner.pid, place, lambda: client.produced) as watchdog:
                yield Session(client, watchdog, provisioner)
    finally:
        notebook.cells.pop()
