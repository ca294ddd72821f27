"""``grades.csv``: one row a submission, safe to open in a spreadsheet."""

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from fairmark.examine.verdict import Verdict
from fairmark.report.marks import Row, rows
from fairmark.report.sheet import cell_text, write_sheet
from fairmark.report.text import percent_text, points_text


def write_gradebook(
    path: Path, verdicts: Sequence[Verdict], questions: Mapping[str, float], manual: Mapping[str, float]
) -> None:
    """Write the gradebook at once: the row ``points-possible`` first, then the submissions by student.

    ``questions`` maps each question, in the order of its column, to its possible points; ``manual`` does so
    for those that a person marks: their cells are empty, and total and percent leave them out.
    A mark that the grader could not decide stays an empty cell, and so do that row's total and percent.
    """
    automatic = " (automatic)" if manual else ""
    header = [
        *("student", "submission", "status", f"total{automatic}", f"percent{automatic}"),
        *map(cell_text, questions), *map(manual_column, manual), "recognised", "evidence",
    ]  # fmt: skip
    total = points_text(math.fsum(questions.values()))
    possible = [points_text(points) for points in (*questions.values(), *manual.values())]
    lines = (_line(row, len(manual)) for row in rows(verdicts, questions))
    write_sheet(path, chain([header, ["points-possible", "", "", total, "100", *possible, "", ""]], lines))


def manual_column(question: str) -> str:
    """Return the title of a column that a person fills in."""
    return cell_text(f"{question} (by hand)")


def _line(row: Row, manual: int) -> list[str]:
    return [
        cell_text(row.student),
        cell_text(row.submission),
        cell_text(row.status),
        "" if row.total is None else points_text(row.total),
        "" if row.percent is None else percent_text(row.percent),
        *("" if mark is None else points_text(mark) for mark in row.points.values()),
        *[""] * manual,
        cell_text(row.recognised),
        cell_text(" ".join(row.evidence)),
    ]
