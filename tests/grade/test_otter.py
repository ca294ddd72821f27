"""`otter run` with the generated autograder.zip gives what `fairmark grade` gives."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fairmark.course import Course
from fairmark.demo import TOPIC
from fairmark.examine.verdict import Verdict
from tests.otter_oracle import otter_points

MINI = ("reference", "name-reused", "raises-in-answer", "checked-twice-last-wrong")
"""Otter too judges a question where it is checked: names may be used again afterwards."""

DEMO = ("reference", "other-functional", "raises-half-way")


def points_by_otter(
    submissions: Path, students: list[str], autograder: Path, folder: Path, topic: str
) -> dict[str, dict[str, float]]:
    def run(student: str) -> dict[str, float]:
        (folder / student).mkdir()
        return otter_points(submissions / f"{student}.ipynb", autograder, folder / student, topic)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(students, pool.map(run, students), strict=True))


def stochastic(verdict: Verdict) -> dict[str, float]:
    """Points of the cases that compared something with a threshold, by question."""
    return {q.name: sum(case.points for case in q.cases if case.thresholds) for q in verdict.questions}


def assert_same_points(verdicts: Mapping[str, Verdict], by_otter: dict[str, dict[str, float]]) -> None:
    """Every deterministic case gives the same; some lose points, some don't."""
    for name, points in by_otter.items():
        allowed = stochastic(verdicts[name])
        assert set(points) == set(allowed)
        for question in verdicts[name].questions:
            difference = abs(points[question.name] - question.earned)
            assert difference in (0, allowed[question.name]), f"{name} {question.name}: otter gives {points}"
    totals = [sum(points.values()) for points in by_otter.values()]
    assert min(totals) < max(totals)


def test_mini(mini: Course, graded: Any, tmp_path: Path) -> None:
    out, verdicts = graded
    autograder = mini.graders("mini") / "autograder.zip"
    by_otter = points_by_otter(out.parent / "in", list(MINI), autograder, tmp_path, "mini")
    assert_same_points(verdicts, by_otter)
    assert by_otter["name-reused"] == {"q1": 3, "q2": 3, "q3": 2, "q4": 2}


@pytest.mark.slow
def test_demo(demo: Any, tmp_path: Path) -> None:
    out, verdicts, autograder = demo
    students = [*DEMO, next(name for name in verdicts if name.startswith("wrong-"))]
    assert_same_points(verdicts, points_by_otter(out / "submissions", students, autograder, tmp_path, TOPIC))
