"""What was decided about one submission, and why: plain data, one JSON file each."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

Outcome = Literal["passed", "failed", "not_examined"]
Direction = Literal["at_least", "at_most"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class ThresholdUse(_Record):
    """A calibrated bar that a case compared a measured value with."""

    name: str
    bar: float | None
    """None while the bar is being found."""
    measured: float
    of: int | None = None
    """The number of predictions behind a count of correct ones; None for other metrics."""
    met: bool
    direction: Direction = "at_least"
    """Is more better, or less?"""
    calibration: str
    """Id of the calibration that produced the bar."""


class CaseVerdict(_Record):
    """One test case of a question."""

    name: str
    """Otter's name of the case, such as 'q1 - 2'."""
    test: str = ""
    """Name of the test function."""
    title: str = ""
    """First line of the test's docstring: what it looks at; the student reads it where the case is public."""
    points: float
    """What the case is worth, whatever its outcome."""
    hidden: bool
    outcome: Outcome
    message: str
    """What happened, for the TA; the student reads it only where the case is public."""
    advice: str | None = None
    """The author's success or failure message, written for the student."""
    thresholds: tuple[ThresholdUse, ...] = ()
    claims: tuple[str, ...] = ()
    """What it took from the word of a model without a graph: 'predictions', 'parameters'."""
    run: int = 1
    """The run that decided: another than the first only for a case that missed a threshold there."""

    @property
    def missed_a_threshold(self) -> bool:
        """Did it fail against a calibrated bar? Only then may bad luck be to blame."""
        return self.outcome == "failed" and any(not use.met for use in self.thresholds)


class QuestionVerdict(_Record):
    """One question: otter's score over its cases."""

    name: str
    earned: float
    """Points by otter's rules; cases that were not examined add nothing (see ``decided``)."""
    possible: float
    all_or_nothing: bool = False
    checked_at: str
    """Where the evidence was captured: 'cell 12', 'end', or 'never'."""
    cases: tuple[CaseVerdict, ...]
    recognised: str | None = None
    """Name of the known mistake that failed just so. Grading adds it; no examiner knows of it."""
    recognised_advice: str | None = None
    """What helps against that mistake, written for the student."""

    @property
    def decided(self) -> bool:
        """Was every case examined? If not, ``earned`` is no mark yet."""
        return all(case.outcome != "not_examined" for case in self.cases)

    def with_cases(self, cases: tuple[CaseVerdict, ...]) -> "QuestionVerdict":
        """Return this question with other outcomes, scored by otter's rule."""
        earned = sum(case.points for case in cases if case.outcome == "passed")
        if self.all_or_nothing:
            earned = self.possible if all(case.outcome == "passed" for case in cases) else 0
        return self.model_copy(update={"cases": cases, "earned": round(float(earned), 6)})


class AnswerCell(_Record):
    """A cell of an answer that a person reads."""

    kind: Literal["markdown", "code", "raw"]
    source: str


class ManualQuestion(_Record):
    """A question that a person marks: no points here, in the total or among the possible ones."""

    name: str
    possible: float
    answer: tuple[AnswerCell, ...] | None
    """What the student wrote: nothing if empty; None if the question is no longer in the notebook."""


class Verdict(_Record):
    """The whole decision on one submission."""

    # Totals are written for readers and computed anew when read.
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="constants")

    format: Literal[1] = 1
    topic: str
    student: str
    submission: str
    status: str
    """One sentence for the gradebook: 'graded', or what went wrong and what that means."""
    note: str | None = None
    """What was odd about the hand-in, but could be put right."""
    data: str = ""
    """Fingerprint of the data set it was marked on."""
    problem: bool = False
    """Is there nothing to examine (not a notebook, refused zip, …)?"""
    evidence: tuple[str, ...] = ()
    """Keys of the evidence examined, one a run, the first run first."""
    escaping_seeds: tuple[str, ...] = ()
    """Seeds that the notebook may have chosen for luck, and where; only if a calibrated bar was used. For the TA."""
    awaits_run: bool = False
    """Is a missed threshold left open until another run, under a fresh seed, is collected?"""
    questions: tuple[QuestionVerdict, ...] = ()
    manual: tuple[ManualQuestion, ...] = ()
    """Kept here because notebooks that differ in their text alone share their evidence."""

    @property
    def decided(self) -> bool:
        """Is the automatic mark complete, with no case left to the TA?"""
        return all(question.decided for question in self.questions)

    @property
    def on_twin(self) -> bool:
        """Was it marked on the offline twin instead of the real data?"""
        return "-twin-" in self.data

    @property
    def missed_a_threshold(self) -> bool:
        """Would another run, under a fresh seed, be fair?"""
        return any(case.missed_a_threshold for question in self.questions for case in question.cases)

    @property
    def met_a_bar(self) -> bool:
        """Was any measured value compared with a calibrated bar?"""
        return any(case.thresholds for question in self.questions for case in question.cases)

    @property
    def on_claims(self) -> tuple[str, ...]:
        """Name the questions that a model without a graph passed, in part at least, by what it said of itself."""
        passed = [(question.name, case) for question in self.questions for case in question.cases if case.claims]
        return tuple(dict.fromkeys(name for name, case in passed if case.outcome == "passed"))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> float:
        """Points earned over all questions."""
        return round(sum(question.earned for question in self.questions), 6)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def possible(self) -> float:
        """Points that could be earned."""
        return round(sum(question.possible for question in self.questions), 6)


def awaiting_run(verdict: Verdict) -> Verdict:
    """Return ``verdict`` with every missed threshold left open: the submission has runs left."""

    def opened(case: CaseVerdict) -> CaseVerdict:
        if not case.missed_a_threshold:
            return case
        message = f"{case.message}; another run under a fresh seed may pass it: `fairmark regrade --collect`"
        return case.model_copy(update={"outcome": "not_examined", "message": message})

    questions = tuple(question.with_cases(tuple(map(opened, question.cases))) for question in verdict.questions)
    return verdict.model_copy(update={"questions": questions, "awaits_run": verdict.missed_a_threshold})
