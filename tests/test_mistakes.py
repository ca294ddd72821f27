"""Known mistakes: written, read, and found again in what fails."""

import time
from pathlib import Path

import pytest

from fairmark.course import CourseError
from fairmark.examine.verdict import CaseVerdict, QuestionVerdict, ThresholdUse
from fairmark.mistakes import Mistake, Signature, failures_of, read_mistakes, recognised, write_mistakes
from tests.report.report_samples import case, question

DATA, TESTS = "imdb-twin-1", "5d1f"
USE = ThresholdUse(name="accuracy", bar=450, measured=440, of=500, met=False, calibration="c")


def failing(*messages: str, measured: bool = False) -> QuestionVerdict:
    """A question whose first case passes and whose others fail with these messages."""
    uses = (USE,) if measured else ()
    cases: list[CaseVerdict] = [
        case(f"q1 - {number}", "failed", message=message, thresholds=uses)
        for number, message in enumerate(messages, start=2)
    ]
    return question("q1", case("q1 - 1"), *cases)


def known(name: str, *messages: str, data: str = DATA, tests: str = TESTS, of: str = "q1") -> Mistake:
    signature = Signature(data=data, tests=tests, failures=failures_of(failing(*messages)))
    return Mistake(name=name, question=of, advice=f"Not {name}.", signatures=(signature,))


def found(given: QuestionVerdict, *mistakes: Mistake) -> str | None:
    mistake = recognised(given, mistakes, DATA, TESTS)
    return mistake.name if mistake else None


def test_the_same_failures_are_recognised() -> None:
    assert found(failing("no sigmoid", "too few"), known("a", "no sigmoid", "too few"), known("b", "other")) == "a"


def test_places_of_files_are_neither_kept_nor_compared() -> None:
    here, there = (f'raised ValueError: in user code:\n  File "/{place}/cell.py", line 3, in step' for place in "ab")
    mistake = known("a", here)
    assert "/a/" not in str(mistake.signatures)
    assert found(failing(there), mistake) == "a"


@pytest.mark.parametrize(
    "given",
    [failing("no sigmoid"), failing("no sigmoid", "too few", "more"), failing("no sigmoid", "too many"), question("q1"),
     failing("no sigmoid", "too few").model_copy(update={"name": "q2"})],
    ids=["fewer cases", "more cases", "another message", "nothing failed", "another question"],
)  # fmt: skip
def test_other_failures_are_not(given: QuestionVerdict) -> None:
    assert found(given, known("a", "no sigmoid", "too few")) is None


def test_what_was_not_examined_is_no_mistake() -> None:
    undecided = question("q1", case("q1 - 1", "not_examined"), case("q1 - 2", "failed", message="no sigmoid"))
    assert found(undecided, known("a", "no sigmoid")) is None


@pytest.mark.parametrize("changed", [{"data": "imdb-real-1"}, {"tests": "0000"}])
def test_other_data_or_tests_fail_otherwise(changed: dict[str, str]) -> None:
    assert found(failing("no sigmoid"), known("a", "no sigmoid", **changed)) is None


@pytest.mark.parametrize(
    ("here", "there"),
    [("loss 0.512, not 0.6", "loss 0.48, not 0.61"), ("lr 1e-3", "lr 2.5e-04"), ("[ 0.5 -0.25]", "[-0.125  0.375]"),
     ("a mean of 12.5", "a mean of -1,234.75")],
)  # fmt: skip
def test_a_number_with_decimals_may_be_another(here: str, there: str) -> None:
    assert found(failing(here), known("a", there)) == "a"


def test_a_whole_number_tells_mistakes_apart() -> None:
    sixteen = known("sixteen", "16 units are there; 4 are asked")
    assert found(failing("16 units are there; 4 are asked"), sixteen) == "sixteen"
    assert found(failing("64 units are there; 4 are asked"), sixteen) is None


@pytest.mark.parametrize("part", [" ", "1", "1,", "-", "1e", "1.", " 1", "\t+"])
@pytest.mark.parametrize("measured", [False, True])
def test_a_message_of_any_kind_is_read_once(part: str, measured: bool) -> None:
    """Some patterns begin anew at each character: minutes for what takes milliseconds."""
    long = part * 50_000
    started = time.process_time()
    assert found(failing(f"{long}x0.5", measured=measured), known("a", f"{long}x0.25")) == "a"
    assert time.process_time() - started < 5


def test_a_count_against_a_bar_may_be_another() -> None:
    few = known("few", "440 of 500 are right; 470 is asked")
    assert found(failing("431 of 500 are right; 470 is asked", measured=True), few) == "few"
    assert found(failing("431 of 500 are right; 470 is asked"), few) is None


def test_of_several_that_fit_the_one_to_the_letter() -> None:
    mistakes = known("low", "loss 0.1"), known("high", "loss 0.9")
    assert found(failing("loss 0.9"), *mistakes) == "high"
    assert found(failing("loss 0.5"), *mistakes) is None


def test_two_that_fail_alike_are_not_told_apart() -> None:
    assert found(failing("no sigmoid"), known("a", "no sigmoid"), known("b", "no sigmoid")) is None


def test_a_mistake_may_fail_otherwise_on_other_data() -> None:
    here, there = known("a", "no sigmoid"), known("a", "no softmax", data="imdb-real-1")
    both = here.model_copy(update={"signatures": (*there.signatures, *here.signatures)})
    assert found(failing("no sigmoid"), both) == "a"
    assert found(failing("no softmax"), both) is None


def test_written_and_read(tmp_path: Path) -> None:
    mistakes = (known("a", "no sigmoid – 深度", "two\nlines"), known("b", "", of="q2"))
    assert read_mistakes(tmp_path) == ()
    write_mistakes(tmp_path, mistakes)
    assert read_mistakes(tmp_path) == mistakes
    assert [path.name for path in tmp_path.iterdir()] == ["misconceptions.json"]


def test_a_file_that_verify_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "misconceptions.json").write_text('{"mistakes": 1}')
    with pytest.raises(CourseError, match=r"misconceptions.json: not written by verify"):
        read_mistakes(tmp_path)
