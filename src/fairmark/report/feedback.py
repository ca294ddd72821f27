"""The page a student gets: their marks, and of a hidden check only what its author wrote for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairmark.examine.verdict import CaseVerdict, ManualQuestion, Outcome, QuestionVerdict, Verdict
from fairmark.report.learning_curve import LearningCurve, ShownCurve, shown_curve
from fairmark.report.marks import status_text
from fairmark.report.page import rendered
from fairmark.report.text import clean, one_line, percent_text, points_phrase, points_text, shortened

_LONGEST_MESSAGE = 4000
_BAR_WIDTH = 1000


@dataclass(frozen=True)
class _Check:
    """One case as the student may see it. The template is given this and never the case itself."""

    label: str
    name: str | None
    outcome: Outcome
    worth: str
    advice: str | None
    message: str | None


@dataclass(frozen=True)
class _Question:
    name: str
    earned: str
    possible: str
    possible_points: str
    decided: bool
    mark: str
    checked_at: str
    all_or_nothing: bool
    slip: str | None
    """What helps against the known mistake that this looks like."""
    checks: tuple[_Check, ...]
    curves: tuple[ShownCurve, ...]


@dataclass(frozen=True)
class _Manual:
    """A question that a person marks."""

    name: str
    possible_points: str
    answer: str
    """Whether there is something to mark."""


@dataclass(frozen=True)
class _Score:
    earned: str
    possible_points: str
    percent: str
    earned_width: float
    open_width: float
    open_points: str
    open_questions: str
    manual_points: str


def render_feedback(verdict: Verdict, *, title: str, curves: Mapping[str, Sequence[LearningCurve]] = {}) -> str:
    """The feedback page: one HTML file that loads nothing; ``title`` is the topic's, ``curves`` are by question."""
    return rendered(
        "feedback.html.jinja",
        title=one_line(title),
        student=one_line(verdict.student),
        submission=one_line(verdict.submission),
        status=_sentence(one_line(status_text(verdict))),
        problem=verdict.problem,
        decided=verdict.decided,
        score=_score(verdict),
        questions=[_question(question, curves.get(question.name, ())) for question in verdict.questions],
        any_hidden=any(case.hidden for question in verdict.questions for case in question.cases),
        manual=[_manual(question) for question in verdict.manual],
        bar_width=_BAR_WIDTH,
    )


def _score(verdict: Verdict) -> _Score:
    """The marks so far; what the TA has still to decide counts as open, never as lost."""
    open_questions = [question for question in verdict.questions if not question.decided]
    open_points = sum(max(question.possible - question.earned, 0) for question in open_questions)
    whole = verdict.possible or 1
    earned = min(max(verdict.total / whole, 0), 1)
    return _Score(
        earned=points_text(verdict.total),
        possible_points=points_phrase(verdict.possible),
        percent=percent_text(100 * verdict.total / whole),
        earned_width=round(_BAR_WIDTH * earned, 1),
        open_width=round(_BAR_WIDTH * min(open_points / whole, 1 - earned), 1),
        open_points=points_phrase(open_points),
        open_questions=one_line(", ".join(question.name for question in open_questions)),
        manual_points=points_phrase(sum(question.possible for question in verdict.manual)),
    )


def _question(question: QuestionVerdict, curves: Sequence[LearningCurve]) -> _Question:
    public = [case for case in question.cases if not case.hidden]
    hidden = [case for case in question.cases if case.hidden]
    numbers = _numbers(question.name, public)
    return _Question(
        name=one_line(question.name),
        earned=points_text(question.earned),
        possible=points_text(question.possible),
        possible_points=points_phrase(question.possible),
        decided=question.decided,
        mark=_mark(question),
        checked_at=one_line(question.checked_at),
        all_or_nothing=question.all_or_nothing and question.decided and question.earned < question.possible,
        slip=clean(question.recognised_advice).strip() if question.recognised_advice else None,
        checks=(
            *(_public_check(case, number) for case, number in zip(public, numbers, strict=True)),
            *(_hidden_check(case, number) for number, case in enumerate(hidden, start=1)),
        ),
        curves=tuple(map(shown_curve, curves)),
    )


def _manual(question: ManualQuestion) -> _Manual:
    if question.answer is None:
        answer = "The question was not found in your notebook: ask your TA."
    else:
        answer = "Your answer was found." if question.answer else "No answer was found in your notebook."
    return _Manual(
        name=one_line(question.name),
        possible_points=points_phrase(question.possible),
        answer=answer,
    )


def _public_check(case: CaseVerdict, number: int) -> _Check:
    advice = _advice(case)
    message = None if case.outcome == "not_examined" else shortened(clean(case.message).strip("\n"), _LONGEST_MESSAGE)
    return _Check(
        label=f"Check {number}",
        name=one_line(case.title or case.name),
        outcome=case.outcome,
        worth=points_phrase(case.points),
        advice=advice,
        message=message if message and message.strip() != advice else None,
    )


def _hidden_check(case: CaseVerdict, number: int) -> _Check:
    """Only the author's advice: the message, the name and the measured values would give the test away."""
    return _Check(
        label=f"Hidden check {number}",
        name=None,
        outcome=case.outcome,
        worth=points_phrase(case.points),
        advice=_advice(case),
        message=None,
    )


def _advice(case: CaseVerdict) -> str | None:
    if case.advice is None or case.outcome == "not_examined":
        return None  # advice speaks of success or failure, and neither has been found
    return clean(case.advice).strip() or None


def _numbers(question: str, cases: Sequence[CaseVerdict]) -> list[int]:
    """The numbers that otter shows the student ('q1 - 2'), or else the cases counted."""
    as_otter_counts = re.compile(rf"{re.escape(question)} *- *([0-9]{{1,4}})")
    found = [as_otter_counts.fullmatch(case.name) for case in cases]
    numbers = [int(match[1]) for match in found if match]
    return numbers if len(set(numbers)) == len(cases) else list(range(1, len(cases) + 1))


def _mark(question: QuestionVerdict) -> str:
    if not question.decided:
        return "open"
    earned = points_text(question.earned)
    if earned == points_text(question.possible):
        return "full"
    return "none" if earned == "0" else "part"


def _sentence(status: str) -> str:
    """``status`` with a capital letter and a full stop."""
    status = status.strip()
    return status if not status else status[0].upper() + status[1:] + ("" if status[-1] in ".!?…" else ".")
