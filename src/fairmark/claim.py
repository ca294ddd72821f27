"""A folder of results belongs to one command at a time."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairmark.course import CourseError
from fairmark.locks import lock_file

_FOLDERS = ("", "evidence", "examined", "predictions", "verdicts", "feedback", "manual")
_LEFTOVER = re.compile(r"\.[0-9a-f]{16}\.tmp|[0-9a-f-]{32,65}(\.[0-9a-f]{8})?\.part")


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Keep ``out`` to this command, cleared of what a killed one was just writing.

    The claim ends with the process, even a killed one. Raises CourseError if another command has it, and
    OSError if it can't be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("ab") as file:
        try:
            free = lock_file(file.fileno())
        except OSError:  # a file system without locks
            free = True
        if not free:
            raise CourseError(f"another fairmark command is at work in {out}: wait for it, or choose another folder")
        _clear_leftovers(out)
        yield


def _clear_leftovers(out: Path) -> None:
    for folder in (out / name for name in _FOLDERS):
        for path in folder.iterdir() if folder.is_dir() else ():
            if not _LEFTOVER.fullmatch(path.name):
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
