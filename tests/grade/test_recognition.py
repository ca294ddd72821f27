"""Known mistakes in verdicts, and a misconceptions.json that is older than the tests."""

from pathlib import Path

import pytest

from fairmark import mistakes as known
from fairmark.examine.verdict import Verdict
from fairmark.grade.recognition import Recognition, outdated
from fairmark.mistakes import Mistake, Signature, failures_of, write_mistakes
from tests.report.report_samples import case, question, verdict

DATA = "imdb-twin-1"
WRONG = question("q3", case("q3 - 1"), case("q3 - 2", "failed", hidden=True, message="no sigmoid"))


@pytest.fixture
def grader(tmp_path: Path) -> Path:
    """A grader's folder of two questions, of which verify knows one mistake each."""
    (tmp_path / "tests").mkdir()
    mistakes = []
    for name in ("q3", "q5"):
        (tmp_path / "tests" / f"{name}.py").write_text(f"# tests of {name}\n")
        signature = Signature(data=DATA, tests=known.tests_digest(tmp_path, name), failures=failures_of(WRONG))
        mistakes.append(Mistake(name="linear", question=name, advice="Squash it.", signatures=(signature,)))
    write_mistakes(tmp_path, mistakes)
    return tmp_path


def recognised(grader: Path, given: Verdict, data: str = DATA) -> list[str | None]:
    return [question.recognised for question in Recognition.read(grader, data)(given).questions]


def test_a_mistake_is_added_and_nothing_else_changed(grader: Path) -> None:
    given = verdict("ada", question("q1"), WRONG)
    after = Recognition.read(grader, DATA)(given)
    assert [(q.recognised, q.recognised_advice) for q in after.questions] == [(None, None), ("linear", "Squash it.")]
    assert (after.total, after.decided, after.status) == (given.total, given.decided, given.status)
    assert Recognition.read(grader, DATA)(after) == after
    assert Verdict.model_validate_json(after.model_dump_json()) == after


def test_what_was_recognised_before_is_forgotten(grader: Path) -> None:
    old = WRONG.model_copy(update={"recognised": "other", "recognised_advice": "Old."})
    (grader / "misconceptions.json").unlink()
    (after,) = Recognition.read(grader, DATA)(verdict("ada", old)).questions
    assert after == WRONG


def test_other_data_is_another_story(grader: Path) -> None:
    assert recognised(grader, verdict("ada", WRONG), "imdb-real-1") == [None]
    assert outdated(grader, "topic") is None


def test_changed_tests_are_not_recognised_and_said_so(grader: Path) -> None:
    assert outdated(grader, "topic") is None
    for name in ("q3", "q5"):
        (grader / "tests" / f"{name}.py").write_text("# other tests\n")
    assert recognised(grader, verdict("ada", WRONG)) == [None]
    assert outdated(grader, "topic") == (
        "misconceptions.json of topic is older than the tests of q3, q5: run `fairmark verify topic`"
    )


def test_a_question_that_is_gone_is_outdated(grader: Path) -> None:
    (grader / "tests" / "q5.py").unlink()
    assert recognised(grader, verdict("ada", WRONG)) == ["linear"]
    assert "of q5: run" in (outdated(grader, "topic") or "")


def test_a_topic_that_was_never_verified(tmp_path: Path) -> None:
    assert recognised(tmp_path, verdict("ada", WRONG)) == [None]
    assert outdated(tmp_path, "topic") is None
