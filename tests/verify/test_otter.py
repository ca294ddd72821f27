"""For every topic, three other answers and three mistakes: `otter run` gives what fairmark gives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.build.builder import build_topic
from fairmark.examine.verdict import Verdict
from fairmark.verify.specimen import Specimen, specimens
from fairmark.verify.verification import try_out
from tests.conftest import ROOT
from tests.otter_oracle import otter_points

TOPICS = [path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()]
OF_EACH = 3


def chosen(course: Any, topic: str) -> Iterator[Specimen]:
    """Yield the first alternatives, and the first misconceptions of different questions."""
    every = specimens(course, topic)
    yield from [specimen for specimen in every if specimen.kind == "alternative"][:OF_EACH]
    mistakes = [(specimen.misconception.question, specimen) for specimen in every if specimen.misconception]
    yield from list(dict(reversed(mistakes)).values())[:OF_EACH]


def stochastic(verdict: Verdict) -> dict[str, float]:
    """Return the points of the cases that compared something with a threshold, by question."""
    return {q.name: sum(case.points for case in q.cases if case.thresholds) for q in verdict.questions}


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_otter_gives_the_same_points(course: Any, topic: str, tmp_path: Path) -> None:
    autograder = tmp_path / "autograder.zip"
    autograder.write_bytes(build_topic(course, topic).autograder)
    tried = try_out(course, topic, list(chosen(course, topic)), 2, lambda *_: None)
    assert [specimen.kind for specimen, _ in tried] == ["alternative"] * OF_EACH + ["misconception"] * OF_EACH

    def run(specimen: Specimen) -> dict[str, float]:
        folder = tmp_path / specimen.name
        folder.mkdir()
        nbformat.write(specimen.notebook, folder / "notebook.ipynb")
        return otter_points(folder / "notebook.ipynb", autograder, folder, topic, course.topic(topic).data)

    with ThreadPoolExecutor(2) as pool:
        by_otter = list(pool.map(run, [specimen for specimen, _ in tried]))
    for (specimen, verdict), points in zip(tried, by_otter, strict=True):
        allowed = stochastic(verdict)
        assert set(allowed) <= set(points)
        for question in verdict.questions:
            difference = abs(points[question.name] - question.earned)
            assert difference in (0, allowed[question.name]), f"{specimen.name} {question.name}: otter gives {points}"
