"""The page for whoever marks a question by hand: what everybody wrote, one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairmark.examine.verdict import AnswerCell, Verdict
from fairmark.report.gradebook import manual_column
from fairmark.report.markdown import html_of
from fairmark.report.marks import by_student
from fairmark.report.page import rendered_parts
from fairmark.report.text import clean, one_line, points_phrase, shortened

_LONGEST_PART = 20_000
_NO_ANSWER = "No answer."
_NOT_FOUND = "The question was not found in this notebook: look into it."


@dataclass(frozen=True)
class _Part:
    html: str
    """Rendered Markdown; empty for a cell that is shown as it is."""
    source: str


@dataclass(frozen=True)
class _Answer:
    student: str
    submission: str
    missing: str | None
    parts: tuple[_Part, ...]


def render_answers(verdicts: Sequence[Verdict], question: str, possible: float, *, title: str) -> Iterator[str]:
    """One HTML file that loads nothing, bit by bit: all answers to ``question``, by student as in the gradebook."""
    written = sum(_missing(verdict, question) is None for verdict in verdicts)
    return rendered_parts(
        "answers.html.jinja",
        title=one_line(title),
        question=one_line(question),
        possible_points=points_phrase(possible),
        summary=f"{written} of {len(verdicts)} {'student' if len(verdicts) == 1 else 'students'} wrote an answer",
        column=one_line(manual_column(question)),
        answers=(_answer(verdict, question) for verdict in by_student(verdicts)),
    )


def _answer(verdict: Verdict, question: str) -> _Answer:
    missing = _missing(verdict, question)
    return _Answer(
        student=one_line(verdict.student),
        submission=one_line(verdict.submission),
        missing=missing and one_line(missing),
        parts=tuple(map(_part, _written(verdict, question) or ())),
    )


def _written(verdict: Verdict, question: str) -> tuple[AnswerCell, ...] | None:
    return next((manual.answer for manual in verdict.manual if manual.name == question), None)


def _missing(verdict: Verdict, question: str) -> str | None:
    """Say why there is nothing to mark, if so."""
    if verdict.problem:
        return verdict.status
    written = _written(verdict, question)
    if written is None:
        return _NOT_FOUND
    return None if written else _NO_ANSWER


def _part(cell: AnswerCell) -> _Part:
    source = shortened(clean(cell.source), _LONGEST_PART)
    return _Part(html_of(source) if cell.kind == "markdown" else "", source)
