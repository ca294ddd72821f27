"""What is said of a topic's checks, from verdicts alone."""

from typing import Any

import pytest

from fairmark.build.variants import Misconception
from fairmark.examine.verdict import CaseVerdict, Outcome, QuestionVerdict, Verdict
from fairmark.verify.findings import Findings, findings
from fairmark.verify.page import kill_matrix_page
from fairmark.verify.specimen import Specimen

CASES = {"q1": ("q1 - 1", "q1 - 2"), "q2": ("q2 - 1",)}


def verdict(failed: str = "", undecided: str = "") -> Verdict:
    def outcome(case: str) -> Outcome:
        return "not_examined" if case in undecided.split(", ") else "failed" if case in failed.split(", ") else "passed"

    def case(name: str) -> CaseVerdict:
        return CaseVerdict(
            name=name, test=f"test_{name[-1]}", points=10, hidden=True, outcome=outcome(name), message="no"
        )

    def question(name: str) -> QuestionVerdict:
        blank = QuestionVerdict(name=name, earned=0, possible=10 * len(CASES[name]), checked_at="end", cases=())
        return blank.with_cases(tuple(map(case, CASES[name])))

    return Verdict(
        topic="t", student="s", submission="s", status="graded", questions=tuple(question(name) for name in CASES)
    )


def mistake(name: str, question: str = "q1", survives: str | None = None) -> Specimen:
    return Specimen("misconception", name, None, Misconception(name, question, "advice", "a", "b", survives))


def found(*tried: tuple[Specimen, Verdict], **special: Verdict) -> Findings:
    usual = {"reference": verdict(), "blank": verdict("q1 - 1, q1 - 2, q2 - 1"), **special}
    kinds: list[Any] = ["reference", "blank"]
    return findings("t", "data", [*((Specimen(kind, kind, None), usual[kind]) for kind in kinds), *tried])


def test_good_checks_have_no_problem() -> None:
    good = found(
        (Specimen("alternative", "other", None), verdict()),
        (mistake("squared"), verdict("q1 - 2, q2 - 1")),
        (mistake("unseen", survives="because"), verdict()),
    )
    assert good.problems == ()
    assert (good.reference, good.alternatives, good.blank) == (100, {"other": 100}, 0)
    squared, unseen = good.misconceptions
    assert (squared.killed, squared.lost, squared.elsewhere, squared.failed) == (True, 10, 10, ("q1 - 2", "q2 - 1"))
    assert (unseen.killed, unseen.survives, unseen.failed) == (False, "because", ())
    assert [check.name for check in good.dead_checks] == ["q1 - 1"]
    assert good.killed == 1


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (found(reference=verdict("q1 - 1")), "the reference fails q1 - 1 (test_1): no"),
        (found(blank=verdict("q1 - 1")), "the untouched notebook has 66.67 %, for it passes q1 - 2, q2 - 1"),
        (
            found((Specimen("alternative", "other", None), verdict("q2 - 1"))),
            "alternative other fails q2 - 1 (test_1): no",
        ),
        (
            found((Specimen("alternative", "other", None), verdict(undecided="q2 - 1"))),
            "alternative other fails q2 - 1 (test_1): no",
        ),
        (found((mistake("squared"), verdict())), "misconception squared survives: it loses no point in q1"),
        (
            found((mistake("squared"), verdict("q2 - 1"))),
            "misconception squared survives: it loses no point in q1",
        ),
        (
            found((mistake("squared", survives="because"), verdict("q1 - 1"))),
            "misconception squared is said to survive, but loses 10 in q1",
        ),
        (
            found((mistake("squared"), verdict("q1 - 1", undecided="q2 - 1"))),
            "misconception squared: q2 - 1 could not be examined: no",
        ),
    ],
)
def test_problems(bad: Findings, problem: str) -> None:
    assert bad.problems == (problem,)


def test_what_was_not_examined_kills_nothing() -> None:
    (column,) = found((mistake("squared"), verdict(undecided="q1 - 1"))).misconceptions
    assert not column.killed


def test_the_page_escapes_and_shows_every_cell() -> None:
    page = kill_matrix_page(found((mistake("<b>"), verdict("q1 - 2, q2 - 1"))), "a < b")
    assert "<b>&lt;" not in page.replace("<b>0 /", "")
    assert "a &lt; b" in page
    assert page.count('class="kill"') == 1
    assert page.count('class="meant"') == 1
    assert page.count('class="elsewhere"') == 1
    assert 'class="dead' in page
