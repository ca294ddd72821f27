"""The coordinator holds as much of a large class at once as of a small one."""

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Grader
from fairmark.grade.results import Verdicts
from fairmark.window import AHEAD
from tests.machine import has_sandbox
from tests.simulated import Simulated, simulated_class, simulated_course

JOBS = 3


class Held:
    """Counts objects that are alive."""

    def __init__(self) -> None:
        self.now = self.most = self.seen = 0

    def hold(self, thing: object) -> None:
        self.seen += 1
        self.now += 1
        self.most = max(self.most, self.now)
        weakref.finalize(thing, self._gone)

    def _gone(self) -> None:
        self.now -= 1


def counted(monkeypatch: pytest.MonkeyPatch, where: str, original: Callable[..., Any]) -> Held:
    """Count what ``original`` returns, called where ``where`` names it."""
    held = Held()

    def call(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        held.hold(result)
        return result

    monkeypatch.setattr(where, call)
    return held


@pytest.mark.parametrize("size", [20, 400])
def test_what_is_held_at_once_does_not_grow_with_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    from fairmark.grade import batch

    notebooks = counted(monkeypatch, "fairmark.grade.batch.parse_notebook", batch.parse_notebook)
    read = counted(monkeypatch, "fairmark.grade.results.Verdicts.__getitem__", Verdicts.__getitem__)
    reached, simulated = Held(), Simulated()
    course = simulated_course(tmp_path / "course")
    submissions = simulated_class(course, tmp_path / "in", size - 1)

    def progress(done: int, total: int, verdict: Verdict) -> None:
        reached.hold(verdict)
        assert total == size

    grader = Grader(course, "mini", tmp_path / "out", course.limits, 0, has_sandbox())
    verdicts = grader.grade([submissions], JOBS, progress, simulated)
    assert (len(verdicts), reached.seen, notebooks.seen, len(simulated.runs)) == (size, size, size - 1, size - 1)
    assert read.seen >= size
    assert max(reached.most, read.most) <= 2
    assert max(notebooks.most, simulated.most) <= AHEAD * JOBS
