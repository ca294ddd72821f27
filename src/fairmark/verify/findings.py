"""What trying the checks showed: the kill matrix (check by misconception) and what is wrong with it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from fairmark.build.variants import Misconception
from fairmark.examine.verdict import CaseVerdict, QuestionVerdict, Verdict
from fairmark.verify.specimen import Specimen

BLANK_PERCENT = 5.0
"""What the untouched notebook may score at most."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(_Record):
    """One case of one question: a row of the kill matrix."""

    name: str
    question: str
    test: str
    title: str
    points: float
    hidden: bool


class Column(_Record):
    """One misconception: a column of the kill matrix."""

    name: str
    question: str
    killed: bool
    """Did it lose points in its question?"""
    survives: str | None
    """Why it may survive, if its author says so."""
    lost: float
    """Points lost in its question."""
    elsewhere: float
    """Points lost in other questions: damage that was not meant."""
    failed: tuple[str, ...]
    """Names of the checks that failed, of any question."""


class Findings(_Record):
    """What ``verify`` found out about one topic."""

    topic: str
    data: str
    """Fingerprint of the data everything ran on."""
    reference: float
    """Percent of the automatically marked points, as for all that follow."""
    alternatives: Mapping[str, float]
    blank: float
    checks: tuple[Check, ...]
    misconceptions: tuple[Column, ...]
    problems: tuple[str, ...]
    """Sentences; none if the topic's checks are good."""

    @property
    def dead_checks(self) -> tuple[Check, ...]:
        """Checks that no misconception fails."""
        failed = {name for column in self.misconceptions for name in column.failed}
        return tuple(check for check in self.checks if check.name not in failed)

    @property
    def killed(self) -> int:
        """How many misconceptions lose points in their question."""
        return sum(column.killed for column in self.misconceptions)


def findings(topic: str, data: str, tried: Sequence[tuple[Specimen, Verdict]]) -> Findings:
    """Judge a topic's checks by the verdicts on notebooks of which is known what they deserve."""
    by_kind = {kind: [(s, v) for s, v in tried if s.kind == kind] for kind in {s.kind for s, _ in tried}}
    (_, reference), (_, blank) = by_kind["reference"][0], by_kind["blank"][0]
    alternatives = {specimen.name: verdict for specimen, verdict in by_kind.get("alternative", [])}
    columns = tuple(
        _column(specimen.misconception, verdict)
        for specimen, verdict in by_kind.get("misconception", []) if specimen.misconception
    )  # fmt: skip
    problems = [
        *_losses("the reference", reference),
        *(sentence for name, verdict in alternatives.items() for sentence in _losses(f"alternative {name}", verdict)),
        *(_blank_problem(blank) if percent(blank) > BLANK_PERCENT else ()),
        *(sentence for column in columns for sentence in _survival(column)),
        *_undecided([(s, v) for s, v in tried if s.kind in ("blank", "misconception")]),
    ]
    return Findings(
        topic=topic,
        data=data,
        reference=percent(reference),
        alternatives={name: percent(verdict) for name, verdict in alternatives.items()},
        blank=percent(blank),
        checks=tuple(_check(question, case) for question in reference.questions for case in question.cases),
        misconceptions=columns,
        problems=tuple(problems),
    )


def percent(verdict: Verdict) -> float:
    """Return the share of the possible points, in percent."""
    return round(100 * verdict.total / verdict.possible, 2) if verdict.possible else 0.0


def _check(question: QuestionVerdict, case: CaseVerdict) -> Check:
    return Check(
        name=case.name,
        question=question.name,
        test=case.test,
        title=case.title or case.test,
        points=case.points,
        hidden=case.hidden,
    )


def _column(mistake: Misconception, verdict: Verdict) -> Column:
    lost = {question.name: question.possible - question.earned for question in verdict.questions if question.decided}
    own = lost.pop(mistake.question, 0.0)
    return Column(
        name=mistake.name,
        question=mistake.question,
        killed=own > 0,
        survives=mistake.survives,
        lost=round(own, 6),
        elsewhere=round(sum(lost.values()), 6),
        failed=tuple(case.name for case in _cases(verdict) if case.outcome == "failed"),
    )


def _losses(who: str, verdict: Verdict) -> list[str]:
    said = [
        f"{who} fails {case.name} ({case.test}): {case.message}"
        for case in _cases(verdict) if case.outcome != "passed"
    ]  # fmt: skip
    if not said and verdict.total < verdict.possible:
        said = [f"{who} has {percent(verdict):g} %: {verdict.status}"]
    return said


def _survival(column: Column) -> list[str]:
    if not column.killed and column.survives is None:
        return [f"misconception {column.name} survives: it loses no point in {column.question}"]
    if column.killed and column.survives is not None:
        return [f"misconception {column.name} is said to survive, but loses {column.lost:g} in {column.question}"]
    return []


def _blank_problem(verdict: Verdict) -> list[str]:
    earning = [case.name for case in _cases(verdict) if case.outcome == "passed" and case.points]
    return [f"the untouched notebook has {percent(verdict):g} %, for it passes {', '.join(earning)}"]


def _undecided(tried: Sequence[tuple[Specimen, Verdict]]) -> list[str]:
    return [
        f"{specimen.kind} {specimen.name}: {case.name} could not be examined: {case.message}"
        for specimen, verdict in tried for case in _cases(verdict) if case.outcome == "not_examined"
    ]  # fmt: skip


def _cases(verdict: Verdict) -> list[CaseVerdict]:
    return [case for question in verdict.questions for case in question.cases]
