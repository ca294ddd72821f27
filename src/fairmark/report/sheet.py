"""CSV files that are safe to open in a spreadsheet."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from fairmark.report.files import write_atomically
from fairmark.report.text import one_line

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(path: Path, lines: Iterable[Sequence[object]]) -> None:
    """Write ``lines``, the header first, at once; they are taken one by one."""
    write_atomically(path, map(_written, lines))


def _written(line: Sequence[object]) -> str:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\n").writerow(line)
    return sheet.getvalue()


def cell_text(text: str) -> str:
    """``text`` on one line, with an apostrophe before what a spreadsheet would take for a formula."""
    cell = one_line(text)
    return f"'{cell}" if text.startswith(("\t", "\r")) or _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    for character in unicodedata.normalize("NFKC", cell):
        if character.isspace() or unicodedata.category(character) == "Cf":
            continue  # spreadsheets may trim what can't be seen
        return character in _FORMULA_STARTS
    return False
