"""The demo class: twelve submissions, each of which ends where it should; and its regrading."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from fairmark.course import Course
from fairmark.demo import grade_demo, misplaced
from fairmark.grade.batch import regrade
from tests.conftest import OF_DEMO
from tests.machine import has_sandbox


def test_some_end_where_they_should(demo: Any) -> None:
    verdicts = demo[1]
    assert len(verdicts) == len(OF_DEMO)
    assert misplaced(list(verdicts.values())) == []


@pytest.mark.slow
def test_twelve_end_where_they_should(course: Course, tmp_path: Path) -> None:
    verdicts = grade_demo(course, tmp_path, 2, lambda *_: None, sandboxed=has_sandbox())
    assert len(verdicts) == 12
    assert misplaced(verdicts) == []


def test_misplaced_notices(demo: Any) -> None:
    swapped = demo[1]["untouched"].model_copy(update={"student": "reference"})
    assert misplaced([swapped]) == ["reference"]


def test_regrade_gives_the_same_gradebook_and_starts_no_kernel(
    demo: Any, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "demo"
    shutil.copytree(demo[0], out)
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    monkeypatch.setattr("jupyter_client.manager.AsyncKernelManager.start_kernel", None)
    before = (out / "grades.csv").read_bytes()
    (out / "grades.csv").unlink()
    verdicts = regrade(course, out, lambda *_: None, sandboxed=has_sandbox())
    assert (out / "grades.csv").read_bytes() == before
    assert list(verdicts) == sorted(demo[1].values(), key=lambda verdict: verdict.student)


def test_regrade_without_kept_examinations_gives_the_same_gradebook(demo: Any, course: Course, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    shutil.copytree(demo[0], out)
    shutil.rmtree(out / "examined")
    shutil.rmtree(out / "predictions")
    before = (out / "grades.csv").read_bytes()
    regrade(course, out, lambda *_: None, jobs=2, sandboxed=has_sandbox())
    assert (out / "grades.csv").read_bytes() == before
    assert list((out / "examined").glob("*.json"))
