"""Where a class may be graded: out of the sight of students' code, and not among what is handed in."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fairmark import sandbox
from fairmark.course import CourseError


def refuse_in_sight(places: Iterable[Path]) -> None:
    """Raise CourseError if students' code could read one of ``places``, or temporary files, within the sandbox."""
    for place in (*places, Path(tempfile.gettempdir())):
        if seen := sandbox.in_sight(place):
            raise CourseError(f"{seen}: {sandbox.KEEP_APART}")


def refuse_among(sources: Iterable[Path], out: Path) -> None:
    """Raise CourseError if ``out`` lies in a folder of ``sources``: the next command would take it for a student."""
    for source in sources:
        if source.is_dir() and Path(os.path.realpath(out)).is_relative_to(os.path.realpath(source)):
            raise CourseError(
                f"{out} lies in {source}, where each file and folder is taken for a student's: choose an -o outside it"
            )
