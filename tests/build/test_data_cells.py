"""Cells that are there for one data set only: what a course changes when it takes another."""

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from fairmark.build.builder import build_topic
from fairmark.course import read_course
from tests.build.masters import COURSE, PASSES, question, small_course

BOSTON = "def test_boston(x):\n    assert x == 13"


def cells() -> list[Any]:
    about = [
        new_markdown_cell("About films.", metadata={"data": "imdb"}),
        new_markdown_cell("About Boston.", metadata={"data": "boston_housing"}),
        new_code_cell("load = 'films'", metadata={"data": "imdb"}),
        new_markdown_cell("About both."),
    ]
    asked = question("name: q1", PASSES, BOSTON)
    next(cell for cell in asked if cell.source == BOSTON).metadata["data"] = "boston_housing"
    return about + asked


@pytest.mark.parametrize(
    ("data", "there", "absent"),
    [
        ("imdb", ("About films.", "About both.", "load = 'films'"), ("About Boston.", "test_boston")),
        ("boston_housing", ("About Boston.", "About both.", "test_boston"), ("About films.", "load = 'films'")),
    ],
)
def test_a_topic_has_the_cells_of_its_data(
    tmp_path: Path, data: str, there: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    small_course(tmp_path, cells())
    (tmp_path / "course.toml").write_text(COURSE.replace("imdb", data))
    files = build_topic(read_course(tmp_path), "small").files
    notebook = files["assignments/small/small.ipynb"].decode()
    text = notebook + files["graders/small/tests/q1.py"].decode()
    assert all(part in text for part in there)
    assert not any(part in text for part in absent)
    assert '"data"' not in notebook
