"""``grades.csv``: one row a submission, safe to open in a spreadsheet."""

import csv
import io
import math
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from fairmark.examine.verdict import Verdict
from fairmark.report.files import write_atomically
from fairmark.report.marks import Row, rows
from fairmark.report.text import one_line, percent_text, points_text

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_gradebook(path: Path, verdicts: Sequence[Verdict], questions: Mapping[str, float]) -> None:
    """Write the gradebook at once: the row ``points-possible`` first, then the submissions by student.

    ``questions`` maps each question, in the order of its column, to its possible points.
    A mark that the grader could not decide stays an empty cell, and so do that row's total and percent.
    """
    header = ["student", "submission", "status", "total", "percent", *map(_cell, questions), "evidence"]
    possible = [points_text(points) for points in questions.values()]
    total = points_text(math.fsum(questions.values()))

    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(header)
    writer.writerow(["points-possible", "", "", total, "100", *possible, ""])
    writer.writerows(_line(row) for row in rows(verdicts, questions))
    write_atomically(path, sheet.getvalue())


def _line(row: Row) -> list[str]:
    return [
        _cell(row.student),
        _cell(row.submission),
        _cell(row.status),
        "" if row.total is None else points_text(row.total),
        "" if row.percent is None else percent_text(row.percent),
        *("" if mark is None else points_text(mark) for mark in row.points.values()),
        _cell(" ".join(row.evidence)),
    ]


def _cell(text: str) -> str:
    """``text`` on one line, with an apostrophe before what a spreadsheet would take for a formula."""
    cell = one_line(text)
    return f"'{cell}" if text.startswith(("\t", "\r")) or _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    for character in unicodedata.normalize("NFKC", cell):
        if character.isspace() or unicodedata.category(character) == "Cf":
            continue  # spreadsheets may trim what can't be seen
        return character in _FORMULA_STARTS
    return False
