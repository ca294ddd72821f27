"""How many students made which known mistake."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fairmark.examine.verdict import QuestionVerdict, Verdict
from fairmark.report.sheet import cell_text, write_sheet

Slip = tuple[str, str, str]
"""Question, name and advice of a known mistake."""


def counted(verdicts: Iterable[Verdict]) -> list[tuple[Slip, int]]:
    """Return the known mistakes that were recognised, each with its number of students, most frequent first."""
    found = Counter(
        (question.name, question.recognised, question.recognised_advice or "")
        for verdict in verdicts for question in verdict.questions if question.recognised
    )  # fmt: skip
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def slips_text(questions: Iterable[QuestionVerdict]) -> str:
    """A student's recognised mistakes in one cell, separated by blanks: 'q3:linear_output q6:one_epoch'."""
    return " ".join(
        f"{question.name}:{'_'.join(question.recognised.split())}" for question in questions if question.recognised
    )


def write_misconceptions(path: Path, verdicts: Iterable[Verdict]) -> None:
    """Write ``misconceptions.csv`` at once."""
    lines = [[*map(cell_text, slip), students] for slip, students in counted(verdicts)]
    write_sheet(path, [["question", "name", "advice", "students"], *lines])
