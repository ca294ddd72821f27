"""Verdicts to render."""

from fairmark.examine.verdict import (
    AnswerCell,
    CaseVerdict,
    ManualQuestion,
    Outcome,
    QuestionVerdict,
    ThresholdUse,
    Verdict,
)

CANARY = "canary-5d1f"


def case(
    name: str = "q1 - 1",
    outcome: Outcome = "passed",
    *,
    points: float = 1,
    hidden: bool = False,
    message: str = "",
    advice: str | None = None,
    thresholds: tuple[ThresholdUse, ...] = (),
) -> CaseVerdict:
    return CaseVerdict(
        name=name,
        points=points,
        hidden=hidden,
        outcome=outcome,
        message=message,
        advice=advice,
        thresholds=thresholds,
    )


def question(
    name: str = "q1", *cases: CaseVerdict, earned: float | None = None, checked_at: str = "cell 12"
) -> QuestionVerdict:
    cases = cases or (case(f"{name} - 1"),)
    gained = sum(each.points for each in cases if each.outcome == "passed")
    return QuestionVerdict(
        name=name,
        earned=gained if earned is None else earned,
        possible=sum(each.points for each in cases),
        checked_at=checked_at,
        cases=cases,
    )


def verdict(
    student: str = "ada",
    *questions: QuestionVerdict,
    status: str = "graded",
    submission: str = "ada.ipynb",
    evidence: tuple[str, ...] = ("0123abcd",),
    problem: bool = False,
    manual: tuple[ManualQuestion, ...] = (),
) -> Verdict:
    return Verdict(
        topic="binary_classification",
        student=student,
        submission=submission,
        status=status,
        problem=problem,
        evidence=evidence,
        questions=questions,
        manual=manual,
    )


def manual(name: str, possible: float, *answer: str | None) -> ManualQuestion:
    """A question marked by hand; its answer's cells of text, None if it is no longer in the notebook."""
    cells = tuple(AnswerCell(kind="markdown", source=text) for text in answer if text is not None)
    return ManualQuestion(name=name, possible=possible, answer=None if None in answer else cells)


def recognised(name: str, slip: str, advice: str = "Look again.") -> QuestionVerdict:
    failed = question(name, case(f"{name} - 1", "failed"))
    return failed.model_copy(update={"recognised": slip, "recognised_advice": advice})


def failed_hidden(name: str, *, advice: str | None = None) -> CaseVerdict:
    """A hidden case whose every private field holds the canary, or a number that would tell the bar."""
    use = ThresholdUse(
        name=f"{CANARY}_accuracy", bar=0.86125, measured=0.79375, of=25000, met=False, calibration=CANARY
    )
    return case(
        f"{CANARY} {name}",
        "failed",
        hidden=True,
        message=f"{CANARY}: measured 0.79375 but the bar is 0.86125",
        advice=advice,
        thresholds=(use,),
    )
