"""Small courses for tests of build: a master notebook put together from its parts."""

from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from fairmark.course import Course, read_course

CONFIG = "# ASSIGNMENT CONFIG\nname: small\nexport_cell:\n  pdf: false\ngenerate:\n  pdf: false\n"
COURSE = 'title = "A small course"\n\n[topics.small]\ntitle = "A small topic"\ndata = "imdb"\n'
PASSES = "def test_passes(x):\n    assert x == 1"

Cells = list[Any]


def question(config: str, *tests: str, solution: str = "x = 1  # SOLUTION") -> Cells:
    """One question; ``config`` is the text below BEGIN QUESTION, each test the source of a cell."""
    cells = [
        new_raw_cell(f"# BEGIN QUESTION\n{config}"),
        new_markdown_cell("Do something."),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(solution),
        new_raw_cell("# END SOLUTION"),
    ]
    if tests:
        cells += [new_raw_cell("# BEGIN TESTS"), *map(new_code_cell, tests), new_raw_cell("# END TESTS")]
    return [*cells, new_raw_cell("# END QUESTION")]


def configured(function: str, **config: Any) -> str:
    """A test cell with a config block."""
    return f'""" # BEGIN TEST CONFIG\n{yaml.safe_dump(config)}""" # END TEST CONFIG\n{function}'


def small_course(folder: Path, cells: Cells, config: str = CONFIG, probes: str = "") -> Course:
    """Write a course of one topic, ``small``, with this master, and read it."""
    solutions = folder / "solutions" / "small"
    solutions.mkdir(parents=True)
    (folder / "course.toml").write_text(COURSE, encoding="utf8")
    notebook = new_notebook(cells=[new_raw_cell(config), *cells] if config else cells)
    nbformat.write(notebook, solutions / "small.ipynb")
    if probes:
        (solutions / "probes.py").write_text(probes, encoding="utf8")
    return read_course(folder)


def master_path(course: Course) -> Path:
    return course.solutions("small") / "small.ipynb"
