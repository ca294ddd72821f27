"""A plain IPython kernel in a process of its own, with a clean environment."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from fairmark.kernel.watchdog import Watchdog

SANDBOX = "none"
OUTPUT_LIMIT = 20_000_000
"""Characters of output of one notebook; what goes beyond is dropped, lest it fill the grader's memory."""


@dataclass(frozen=True)
class Workplace:
    """The folders one kernel lives in; ``root`` holds all of them and nothing else."""

    root: Path
    wall_seconds: int
    threads: int

    @property
    def work(self) -> Path:
        """The notebook's working folder."""
        return self.root / "work"

    @property
    def keras_home(self) -> Path:
        """A private, writable KERAS_HOME."""
        return self.root / "keras"

    def environment(self) -> dict[str, str]:
        """Return the kernel's whole environment: nothing of the grader's own."""
        threads = str(self.threads)
        return {
            "PATH": os.defpath,
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "LANG": "C.UTF-8",
            "KERAS_HOME": str(self.keras_home),
            "KERAS_BACKEND": "tensorflow",
            "IPYTHONDIR": str(self.root / "home" / "ipython"),
            "MPLCONFIGDIR": str(self.root / "home" / "matplotlib"),
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "1",
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_NUM_INTRAOP_THREADS": threads,
            "TF_NUM_INTEROP_THREADS": threads,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
        }


class _OwnSpec(KernelSpecManager):  # type: ignore[misc]
    """Knows one kernel whatever name the notebook asks for: this Python's."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the spec of an ipykernel in this interpreter."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class _Client(NotebookClient):  # type: ignore[misc]
    """Keeps the first ``OUTPUT_LIMIT`` bytes that a notebook prints or shows; errors are kept always."""

    _kept = 0

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take one message of the kernel's into the cell's outputs."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            room = OUTPUT_LIMIT - self._kept
            self._kept += len(repr(msg["content"]))
            if room <= 0 or (self._kept > OUTPUT_LIMIT and msg["msg_type"] != "stream"):
                return None
            if self._kept > OUTPUT_LIMIT:
                msg["content"]["text"] = msg["content"]["text"][:room] + "\n… (further output was dropped)"
        return super().process_message(msg, cell, cell_index)


class Session:
    """A running kernel with the notebook it executes."""

    def __init__(self, client: NotebookClient, watchdog: Watchdog) -> None:
        self._client = client
        self.watchdog = watchdog

    async def run(self, cell: Any, index: int, *, hidden: bool = False) -> None:
        """Run ``notebook.cells[index]``; what it raises ends up in its outputs.

        Raises DeadKernelError if the kernel ends, by itself or by the watchdog.
        """
        await self._client.async_execute_cell(cell, index, store_history=not hidden)
        if self.watchdog.expired:
            raise DeadKernelError("the time limit ended the kernel")

    async def run_source(self, source: str) -> Any:
        """Run ``source`` outside the notebook's history; return the cell with its outputs."""
        cell = nbformat.v4.new_code_cell(source)
        # nbclient writes the cell back into the notebook; the last cell is there for that.
        await self.run(cell, -1, hidden=True)
        return cell


@asynccontextmanager
async def kernel_session(notebook: Any, place: Workplace) -> AsyncIterator[Session]:
    """Start a kernel for ``notebook`` and end it, with all its processes, when the block is left."""
    for folder in (place.work, place.root / "home", place.root / "tmp", place.keras_home):
        folder.mkdir(parents=True, exist_ok=True)
    transport = "ipc" if os.name == "posix" else "tcp"
    manager = AsyncKernelManager(kernel_spec_manager=_OwnSpec(), kernel_name="python3", transport=transport)
    manager.connection_file = str(place.root / "home" / "kernel.json")
    client = _Client(notebook, km=manager, timeout=None, allow_errors=True)
    notebook.cells.append(nbformat.v4.new_code_cell())
    try:
        # What the process writes past Jupyter (TensorFlow's log, a student's os.write) goes nowhere.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        async with client.async_setup_kernel(env=place.environment(), cwd=str(place.work), cleanup_kc=True, **quiet):
            provisioner: Any = manager.provisioner
            with Watchdog(provisioner.pid, place.wall_seconds) as watchdog:
                yield Session(client, watchdog)
    finally:
        notebook.cells.pop()
