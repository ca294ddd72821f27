"""One line of course.toml puts another data set under a topic: Boston's houses become California's."""

import shutil
from pathlib import Path

import nbformat
import pytest

from fairmark.build.builder import build_topic, write_built
from fairmark.course import read_course
from fairmark.grade.batch import Grader
from tests.conftest import ROOT
from tests.machine import has_sandbox

TOPIC = "regression_kfold"


@pytest.mark.slow
def test_california_stands_in_for_boston(tmp_path: Path) -> None:
    course_file = tmp_path / "course.toml"
    text = (ROOT / "course.toml").read_text()
    section = text[text.index(f"[topics.{TOPIC}]") :]
    assert 'data = "boston_housing"' in section.split("\n\n")[0]
    course_file.write_text(text.replace(section, section.replace("boston_housing", "california_housing", 1)))
    for part in ("solutions", "graders"):
        shutil.copytree(ROOT / part / TOPIC, tmp_path / part / TOPIC)
    course = read_course(tmp_path)
    write_built(course, TOPIC, build_topic(course, TOPIC))
    reference = nbformat.read(course.graders(TOPIC) / "reference.ipynb", as_version=4)
    assert "california_housing.load_data" in "".join(cell.source for cell in reference.cells)
    grader = Grader(course, TOPIC, tmp_path / "out", course.limits, 0, has_sandbox())
    (verdict,) = grader.grade([course.graders(TOPIC) / "reference.ipynb"], 1, lambda *_: None)
    missed = [case for question in verdict.questions for case in question.cases if case.outcome != "passed"]
    # The other data set's bar is found by the instructor who chooses it.
    assert [case.test for case in missed] == ["test_error_on_the_test_set"]
    assert missed[0].outcome == "not_examined"
    assert "run `fairmark calibrate`" in missed[0].message
