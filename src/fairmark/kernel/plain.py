"""Plain IPython kernels, one new process each: where there is no sandbox, or it was declined."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec

from fairmark import sandbox
from fairmark.kernel.workplace import Allowance, Workplace
from fairmark.scratch import scratch_folder


@dataclass(frozen=True)
class PlainKernels:
    """Kernels that run as the user who grades, kept apart by their folders and environment only."""

    allowance: Allowance
    sandbox: str = field(default=sandbox.NONE, init=False)
    sandboxed: bool = field(default=False, init=False)

    @contextmanager
    def workplace(self) -> Iterator[Workplace]:
        """Make the folders of one kernel; they go when the block is left."""
        with scratch_folder() as root:
            place = Workplace(root, root, self.allowance)
            place.make()
            try:
                yield place
            finally:
                place.remove()

    def spec(self, place: Workplace) -> KernelSpec:
        """Return the kernelspec of an ipykernel in this interpreter."""
        argv = [sys.executable, "-P", "-m", "fairmark.kernel.launch", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    def connection_file(self, place: Workplace) -> Path:
        """Return where the manager keeps a kernel's connection file."""
        return place.home / "kernel.json"
