"""What the machine that runs the tests has."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

from fairmark.course import Limits
from fairmark.kernel.session import Kernels
from fairmark.sandbox import SandboxUnavailable


@cache
def has_sandbox() -> bool:
    """Where there is none, notebooks run in plain kernels, and the tests of the sandbox are skipped."""
    from fairmark.kernel.choice import kernels

    try:
        with kernels("imdb", Limits(), sandboxed=True):
            return True
    except SandboxUnavailable:
        return False


def plain_kernels() -> Kernels:
    """Kernels without a sandbox, which need nothing to be opened or closed."""
    from fairmark.kernel.choice import kernels

    with kernels("", Limits(), sandboxed=False) as plain:
        return plain


def processes_in(folder: Path, *marks: str) -> Iterator[psutil.Process]:
    """Every process whose temporary folder is in ``folder``, that sees it mounted, or has a mark in its command."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            mounts = Path(f"/proc/{process.pid}/mountinfo").read_text()
            command = " ".join(process.cmdline())
            temporary = process.environ().get("TMPDIR", "")
            if f"{folder}/" in mounts or temporary.startswith(str(folder)) or any(mark in command for mark in marks):
                yield process
