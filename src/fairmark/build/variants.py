"""Variants of the reference: other correct answers, and known-wrong ones as small named edits."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from fairmark.build.edit import BadSnippet, edited
from fairmark.course import CourseError

SOLUTION_TAG = "otter_assign_solution_cell"
END_OF_MANUAL = "<!-- END QUESTION -->"
"""Otter's, after a question that a person marks (or one that is exported, whose check comes before it)."""


@dataclass(frozen=True)
class Misconception:
    """A known-wrong answer to ``question``: a small edit of the reference's solution, or another solution.

    As an edit, ``old`` (an expression, a keyword argument or whole statements; found exactly once, by its
    syntax) becomes ``new``. As another solution, ``new`` is all of it and ``old`` is None.
    """

    name: str
    question: str
    advice: str
    """One sentence that helps the student who made this mistake."""
    old: str | None
    new: str
    survives: str | None = None
    """Why no check can catch it ("because …"), if none can."""
    threshold: str | None = None
    """Name of the threshold that must catch it: `calibrate` refuses a bar that does not."""


def solution_cells(notebook: Any) -> dict[str, list[int]]:
    """Return the indices of each question's solution cells: those before its check, after the last one.

    Solutions of a question that a person marks are nobody's: no check follows them.
    """
    found: dict[str, list[int]] = {}
    waiting: list[int] = []
    for index, cell in enumerate(notebook.cells):
        if END_OF_MANUAL in cell.source.splitlines():
            waiting = []
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
    """Return a copy of the solved notebook with one known mistake in it.

    Raises CourseError if the edit no longer applies: what it looks for is not there, or there more than once.
    """
    if misconception.old is None:
        return with_answers(reference, {misconception.question: misconception.new})
    notebook = nbformat.from_dict(reference)
    where = f"misconception {misconception.name!r}"
    places = 0
    for index in solution_cells(reference).get(misconception.question, []):
        cell = notebook.cells[index]
        try:
            edit = edited(cell.source, misconception.old, misconception.new)
        except BadSnippet as error:
            raise CourseError(f"{where}: {error}") from error
        cell.source, places = edit.source, places + edit.places
    if places != 1:
        raise CourseError(
            f"{where}: found {misconception.old!r} {places} times in the solution of "
            f"{misconception.question}; it must be there once: mend the edit"
        )
    return notebook


def read_alternatives(folder: Path) -> dict[str, dict[str, str]]:
    """Read ``alternatives/*``: by file name, the source that replaces each question's solution.

    Each code cell names its question: in a text file ``# %% question="q3"``, in Jupyter a cell tag ``q3``.
    """
    return {path.stem: _answers(path) for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*.ipynb"))}


def read_misconceptions(folder: Path) -> tuple[Misconception, ...]:
    """Read the known-wrong answers in a topic's ``folder``: ``misconceptions.py`` and ``misconceptions/*.ipynb``.

    The module defines MISCONCEPTIONS. A notebook holds the replaced solution of one question, tagged with its
    name, and the advice as a text cell; a further text cell that begins with "because" says why it survives.
    Raises CourseError for what is neither, and for two of one name.
    """
    path = folder / "misconceptions.py"
    found = _from_module(path) if path.is_file() else ()
    found += tuple(_from_notebook(path) for path in sorted((folder / "misconceptions").glob("*.ipynb")))
    names = [misconception.name for misconception in found]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f"{folder}: two misconceptions are called {name!r}; give each its own name")
    return found


def _answers(path: Path) -> dict[str, str]:
    answers: dict[str, str] = {}
    for index, cell in enumerate(_cells(path), start=1):
        if cell.cell_type != "code":
            continue
        question = _question(cell)
        if question is None:
            raise CourseError(
                f'{path}: cell {index} names no question; write `# %% question="q1"`, or in Jupyter tag the cell q1'
            )
        answers[question] = "\n\n".join(filter(None, [answers.get(question), cell.source]))
    return answers


def _question(cell: Any) -> str | None:
    tags = cell.metadata.get("tags") or [None]
    return cell.metadata.get("question") or (tags[0] if len(tags) == 1 else None)


def _cells(path: Path) -> list[Any]:
    try:
        return list(jupytext.read(path).cells)
    except Exception as error:  # the readers of the many formats raise whatever they stumble over
        raise CourseError(f"{path}: can't be read as a notebook: {error}") from error


def _from_module(path: Path) -> tuple[Misconception, ...]:
    try:
        found = runpy.run_path(str(path)).get("MISCONCEPTIONS")
    except Exception as error:  # the instructor's own code
        raise CourseError(f"{path}: can't be run: {type(error).__name__}: {error}") from error
    if not isinstance(found, tuple | list) or not found or not all(isinstance(item, Misconception) for item in found):
        raise CourseError(f"{path}: it must define MISCONCEPTIONS, a tuple of Misconception")
    return tuple(found)


def _from_notebook(path: Path) -> Misconception:
    answers = _answers(path)
    texts = [" ".join(cell.source.split()) for cell in _cells(path) if cell.cell_type == "markdown"]
    reasons = [text for text in texts if text.lower().startswith("because")]
    advice = [text for text in texts if text not in reasons]
    if len(answers) != 1 or len(advice) != 1 or len(reasons) > 1:
        raise CourseError(
            f"{path}: found solutions of {len(answers)} questions and {len(advice)} texts of advice; a misconception "
            "is one question's replaced cell, tagged with its name, and one text cell"
        )
    ((question, source),) = answers.items()
    return Misconception(path.stem, question, advice[0], None, source, reasons[0] if reasons else None)
