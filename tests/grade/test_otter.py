"""`otter run` with the generated autograder.zip gives what `fairmark grade` gives."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.demo import TOPIC
from fairmark.examine.verdict import Verdict
from tests.classroom import name_reused
from tests.otter_oracle import otter_points

COMPARED = ("reference", "other-functional", "raises-half-way")


def stochastic(verdict: Verdict) -> dict[str, float]:
    """Points of the cases that compared something with a threshold, by question."""
    return {q.name: sum(case.points for case in q.cases if case.thresholds) for q in verdict.questions}


@pytest.fixture(scope="module")
def by_otter(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    out, verdicts, autograder = demo
    chosen = [*COMPARED, next(name for name in verdicts if name.startswith("wrong-q3"))]

    def run(name: str) -> dict[str, float]:
        return otter_points(out / "submissions" / f"{name}.ipynb", autograder, tmp_path_factory.mktemp(name), TOPIC)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(chosen, pool.map(run, chosen), strict=True))


def test_same_points_for_every_deterministic_case(demo: Any, by_otter: dict[str, dict[str, float]]) -> None:
    verdicts = demo[1]
    assert len(by_otter) == 4
    for name, points in by_otter.items():
        allowed = stochastic(verdicts[name])
        assert set(points) == set(allowed)
        for question in verdicts[name].questions:
            difference = abs(points[question.name] - question.earned)
            assert difference in (0, allowed[question.name]), f"{name} {question.name}: otter gives {points}"


def test_the_comparison_covers_lost_points(by_otter: dict[str, dict[str, float]]) -> None:
    totals = {name: sum(points.values()) for name, points in by_otter.items()}
    assert min(totals.values()) < max(totals.values())


def test_mini_under_otter(mini: Any, edited: Any, tmp_path: Path) -> None:
    """Otter too judges a question where it is checked: names may be used again afterwards."""
    nbformat.write(edited(name_reused), tmp_path / "reused.ipynb")
    assert otter_points(tmp_path / "reused.ipynb", mini.graders("mini") / "autograder.zip", tmp_path, "mini") == {
        "q1": 3, "q2": 3, "q3": 2, "q4": 2,
    }  # fmt: skip
