"""What one entry of the corpus is: something to hand in, and the row it must get."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.classroom import Cells, after_imports, code

Change = Callable[[Cells], Cells | None]
"""Changes the reference's list of cells, or returns another."""
Writer = Callable[[Path, Any], None]
"""Writes what is handed in to a path, made from the reference notebook as it likes."""

FULL = 10
"""Points of the mini topic: 3 for q1, 3 for q2, 2 for q3, 2 for q4."""


@dataclass(frozen=True)
class HandIn:
    """One submission of the corpus.

    In the source of cells, ``@outside@``, ``@course@``, ``@out@``, ``@in@`` and ``@home@`` stand for folders of the
    grader's, and ``@port@`` for a port on which it listens.
    """

    what: Change | None
    row: str
    """A pattern that its status must match as a whole."""
    most: float
    """Points it may get."""
    why: str
    least: float = 0
    """Points it must get: what honest work is in it."""
    told: str = ""
    """What its status must say besides, to the TA alone."""
    says: str = ""
    """A pattern that must be in what its cells print: the attack did take place, and this came of it."""
    file: str = ""
    """Name of the file, where it is not that of the entry."""
    writer: Writer | None = None
    """Writes the file, where it is not the changed reference."""


def blank(*sources: str) -> Change:
    """The untouched notebook, every answer gone, with code at its end: what earns a point there was not worked for."""

    def change(cells: Cells) -> Cells:
        kept = [cell for cell in cells if "otter_assign_solution_cell" not in cell.metadata.get("tags", [])]
        return [*kept, *map(code, sources)]

    return change


def framed(source: str) -> Change:
    """The untouched notebook with code before its first question and after its last one."""

    def change(cells: Cells) -> Cells:
        cells = blank(source)(cells) or cells
        cells.insert(after_imports(cells), code(source))
        return cells

    return change


def alone(*sources: str) -> Change:
    """No question at all, only code."""

    def change(cells: Cells) -> Cells:
        return [*map(code, sources)]

    return change


def then_honest(source: str) -> Change:
    """Code, and then the whole reference: honest work counts in spite of what stands before it."""

    def change(cells: Cells) -> None:
        cells.insert(after_imports(cells), code(source))

    return change


def honest_then(*sources: str) -> Change:
    """The whole reference, and then code."""

    def change(cells: Cells) -> Cells:
        return [*cells, *map(code, sources)]

    return change
