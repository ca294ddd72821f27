"""A verdict as one row of marks: the same in the gradebook and on the terminal."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fairmark.examine.verdict import Verdict
from fairmark.report.misconceptions import slips_text

_SEEDS_SHOWN = 3

ON_TWIN = "[on the offline twin]"
"""Ends the status of a submission that was marked on other data than the real one."""


@dataclass(frozen=True)
class Row:
    """What one submission gets; None where the grader could not decide, which is never a zero."""

    student: str
    submission: str
    status: str
    points: dict[str, float | None]
    possible: float
    problem: bool
    recognised: str
    """The known mistakes in it, as ``slips_text`` writes them."""
    evidence: tuple[str, ...]

    @property
    def total(self) -> float | None:
        """The points over all questions, once each of them is decided."""
        marks = list(self.points.values())
        return None if None in marks else math.fsum(mark for mark in marks if mark is not None)

    @property
    def percent(self) -> float | None:
        """The total in per cent of what could be earned."""
        if self.total is None:
            return None
        return 100 * self.total / self.possible if self.possible else 0.0


def rows(verdicts: Sequence[Verdict], questions: Mapping[str, float]) -> Iterator[Row]:
    """One row a verdict, by student; the order of ``verdicts`` does not matter.

    ``questions`` maps each question of the topic to its possible points. A verdict that disagrees with it
    is refused with a ValueError: it was reached by other rules than those of the gradebook.
    """
    return (_row(verdict, questions) for verdict in by_student(verdicts))


def by_student(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """Yield the verdicts in the gradebook's order, one at a time: they may be read from files."""
    keys = [(verdict.student.casefold(), verdict.student, verdict.submission) for verdict in verdicts]
    return (verdicts[index] for index in sorted(range(len(keys)), key=keys.__getitem__))


def status_text(verdict: Verdict, undecided: Iterable[str] | None = None) -> str:
    """The verdict's status; it names the questions left to the TA, and says if the data was not the real one."""
    if undecided is None:
        undecided = [question.name for question in verdict.questions if not question.decided]
    status, names = verdict.status, ", ".join(undecided)
    failed = not verdict.questions and status.endswith("needs the TA")  # the grader, over all of it
    if names and not failed:
        status = f"{status}; needs the TA: {names}" if status else f"needs the TA: {names}"
    return f"{status} {ON_TWIN}" if verdict.on_twin else status


def claims_text(verdict: Verdict) -> str:
    """Which questions the TA should look at because nobody could check what a model said; the student is not told."""
    names = ", ".join(verdict.on_claims)
    rest, them = ("rests", "it") if len(verdict.on_claims) == 1 else ("rest", "them")
    return f"{names} {rest} on what a model without a graph said of itself: look at {them}" if names else ""


def seeds_text(verdict: Verdict) -> str:
    """What the TA should look at because the grader does not own it; the student is not told."""
    first, more = verdict.escaping_seeds[:_SEEDS_SHOWN], len(verdict.escaping_seeds) - _SEEDS_SHOWN
    rest = f" (and {more} more in its verdict)" if more > 0 else ""
    return f"look whether a seed was chosen for luck: {', '.join(first)}{rest}" if first else ""


def _row(verdict: Verdict, questions: Mapping[str, float]) -> Row:
    _refuse_other_rules(verdict, questions)
    points: dict[str, float | None] = dict.fromkeys(questions, 0.0 if verdict.problem else None)
    for question in verdict.questions:
        if not question.decided:
            points[question.name] = None
        elif not verdict.problem:
            points[question.name] = question.earned
    undecided = [name for name, mark in points.items() if mark is None]
    return Row(
        student=verdict.student,
        submission=verdict.submission,
        status="; ".join(filter(None, [status_text(verdict, undecided), claims_text(verdict), seeds_text(verdict)])),
        points=points,
        possible=math.fsum(questions.values()),
        problem=verdict.problem,
        recognised=slips_text(verdict.questions),
        evidence=verdict.evidence,
    )


def _refuse_other_rules(verdict: Verdict, questions: Mapping[str, float]) -> None:
    for question in verdict.questions:
        expected = questions.get(question.name)
        if expected is None or not math.isclose(question.possible, expected, abs_tol=1e-4):
            found = f"{question.name} with {question.possible:g} possible points"
            raise ValueError(
                f"The verdict on {verdict.student} ({verdict.submission}) has {found}; the topic has "
                f"{'no such question' if expected is None else f'{expected:g}'}. Examine it again."
            )
