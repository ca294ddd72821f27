"""Where a class may be graded: out of the sight of students' code."""

from collections.abc import Iterable
from pathlib import Path

from fairmark import sandbox
from fairmark.course import CourseError


def refuse_in_sight(places: Iterable[Path]) -> None:
    """Raise CourseError if students' code could read one of ``places`` from within the sandbox."""
    for place in places:
        if seen := sandbox.in_sight(place):
            raise CourseError(f"{seen}: {sandbox.KEEP_APART}")
