"""Temporary folders for runs. What a killed process left behind is cleared by the next one."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from fairmark.locks import lock_file

PREFIX = "fmk-"
"""Short: sockets lie in these folders, and the path of one has 107 bytes."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder that is removed, with all that is in it, when the block is left."""
    _clear_abandoned()
    root = Path(tempfile.mkdtemp(prefix=PREFIX))
    held = None if sys.platform == "win32" else _opened(root)
    try:
        if held is not None:
            with suppress(OSError):
                lock_file(held, wait=True)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
        if held is not None:
            os.close(held)


@cache
def _clear_abandoned() -> None:
    """Remove the folders that no living process holds; once a process is enough."""
    if sys.platform == "win32":
        return
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            held = _opened(root)
            try:
                # One that is empty was made a moment ago, and its process is about to lock it.
                if os.fstat(held).st_uid == os.getuid() and os.listdir(held) and lock_file(held):
                    shutil.rmtree(root, ignore_errors=True)
            finally:
                os.close(held)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
