"""Variants of the reference: other correct answers, and known-wrong ones as small named edits."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from fairmark.course import CourseError

SOLUTION_TAG = "otter_assign_solution_cell"


@dataclass(frozen=True)
class Misconception:
    """A known-wrong answer: in ``question``'s solution, ``old`` (found exactly once) becomes ``new``."""

    name: str
    question: str
    advice: str
    """One sentence that helps the student who made this mistake."""
    old: str
    new: str


def solution_cells(notebook: Any) -> dict[str, list[int]]:
    """Return the indices of each question's solution cells: those before its check, after the last one."""
    found: dict[str, list[int]] = {}
    waiting: list[int] = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if SOLUTION_TAG in cell.metadata.get("tags", []):
            waiting.append(index)
        checked = cell.metadata.get("otter", {}).get("tests", [])  # otter left the check cell out
        if cell.source.startswith("grader.check("):
            checked = [cell.source.split('"')[1]]
        for question in checked:
            found[question], waiting = waiting, []
    return found


def with_answers(reference: Any, answers: Mapping[str, str]) -> Any:
    """Return a copy of the solved notebook in which each named question has another solution."""
    notebook = nbformat.from_dict(reference)
    cells = solution_cells(notebook)
    dropped = set()
    for question, source in answers.items():
        if not cells.get(question):
            raise CourseError(f"the reference has no solution cell for question {question!r}")
        first, *others = cells[question]
        notebook.cells[first].source = source
        dropped.update(others)
    notebook.cells = [cell for index, cell in enumerate(notebook.cells) if index not in dropped]
    return notebook


def with_misconception(reference: Any, misconception: Misconception) -> Any:
    """Return a copy of the solved notebook with one known mistake in it."""
    indices = solution_cells(reference).get(misconception.question, [])
    hits = [index for index in indices for _ in range(reference.cells[index].source.count(misconception.old))]
    if len(hits) != 1:
        raise CourseError(
            f"misconception {misconception.name!r}: found {misconception.old!r} {len(hits)} times in the "
            f"solution of {misconception.question}; it must be there once"
        )
    notebook = nbformat.from_dict(reference)
    cell = notebook.cells[hits[0]]
    cell.source = cell.source.replace(misconception.old, misconception.new)
    return notebook


def read_alternatives(folder: Path) -> dict[str, dict[str, str]]:
    """Read ``alternatives/*``: by file name, the source that replaces each question's solution.

    Each code cell names its question in its metadata (``# %% question="q3"``).
    """
    alternatives = {}
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*.ipynb")):
        answers: dict[str, str] = {}
        for index, cell in enumerate(jupytext.read(path).cells, start=1):
            if cell.cell_type != "code":
                continue
            question = cell.metadata.get("question")
            if question is None:
                raise CourseError(f'{path}: cell {index} names no question; write `# %% question="q1"`')
            answers[question] = "\n\n".join(filter(None, [answers.get(question), cell.source]))
        alternatives[path.stem] = answers
    return alternatives


def read_misconceptions(path: Path) -> tuple[Misconception, ...]:
    """Read ``misconceptions.py``: its ``MISCONCEPTIONS``."""
    try:
        found = runpy.run_path(str(path)).get("MISCONCEPTIONS")
    except Exception as error:  # the instructor's own code
        raise CourseError(f"{path}: can't be run: {type(error).__name__}: {error}") from error
    if not isinstance(found, tuple | list) or not found or not all(isinstance(item, Misconception) for item in found):
        raise CourseError(f"{path}: it must define MISCONCEPTIONS, a tuple of Misconception")
    return tuple(found)
