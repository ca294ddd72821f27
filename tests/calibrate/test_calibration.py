"""Calibrating a whole topic: what is trained, what is written, and when nothing is."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fairmark import data
from fairmark.calibrate.calibration import calibrate, single_alpha_of
from fairmark.calibrate.judgement import Refused
from fairmark.calibrate.names import threshold_names
from fairmark.calibrate.upkeep import drift, outdated
from fairmark.course import Course, CourseError
from fairmark.thresholds import Bar, read_thresholds


def nothing(*_: object) -> None:
    pass


def bar_of(course: Course) -> Bar:
    return read_thresholds(course.graders("mini"))["accuracy"][data.fingerprint("imdb")]


@pytest.fixture
def copied(mini: Course, tmp_path: Path) -> Course:
    """A copy of the calibrated course, with all that was trained."""
    shutil.copytree(mini.root, tmp_path / "course")
    return mini.model_copy(update={"root": tmp_path / "course"})


def files(grader: Path) -> dict[str, bytes]:
    """The record."""
    paths = [grader / "thresholds.toml", *(grader / "calibration").iterdir()]
    return {path.name: path.read_bytes() for path in paths}


def test_the_record_says_what_the_bar_is_and_promises(mini: Course) -> None:
    bar = bar_of(mini)
    assert (bar.direction, bar.of, bar.seeds, bar.engine, bar.device) == ("at_least", 500, 3, "rerun", "cpu")
    assert (bar.alpha, bar.confidence, bar.runs, bar.single_alpha) == (0.1, 0.5, 3, 0.5)
    assert bar.samples["reference"].bound is not None
    assert bar.any_of_m == min(one.bound for one in bar.samples.values() if one.bound is not None)


def test_every_value_is_kept_as_a_count(mini: Course) -> None:
    path = mini.graders("mini") / "calibration" / f"{data.fingerprint('imdb')}.csv"
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "reference"]
    assert [row["seed"] for row in rows] == ["1", "2", "3"]
    assert all(row["value"] == str(int(row["value"])) for row in rows)
    assert min(int(row["value"]) for row in rows) == bar_of(mini).samples["reference"].bound


def test_a_page_shows_it(mini: Course) -> None:
    page = (mini.graders("mini") / "calibration" / f"{data.fingerprint('imdb')}.html").read_text()
    assert "accuracy" in page
    assert "Learning curves of the reference" in page


def test_the_same_calibration_again_trains_nothing(copied: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(copied.graders("mini"))
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    calls: list[tuple[int, int]] = []
    calibrate(copied, "mini", 1, lambda done, total, _: calls.append((done, total)))
    assert calls[-1][0] == calls[-1][1] >= 3
    assert files(copied.graders("mini")) == before


def test_a_reference_that_fails_is_not_calibrated(copied: Course) -> None:
    test = copied.graders("mini") / "tests" / "q2.py"
    test.write_text(test.read_text().replace("== 17", "== 18"))
    before = files(copied.graders("mini"))
    with pytest.raises(Refused, match=r"the reference fails q2 - 2 .*found 17 parameters"):
        calibrate(copied, "mini", 1, nothing)
    assert files(copied.graders("mini")) == before


def with_alpha(course: Course, alpha: float) -> Course:
    return course.model_copy(update={"calibration": course.calibration.model_copy(update={"alpha": alpha})})


def test_a_promise_that_needs_more_seeds_trains_them_or_says_how_many(copied: Course) -> None:
    asked: list[int] = []

    def stop(done: int, total: int, _: str) -> None:
        asked.append(total)
        if total > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(with_alpha(copied, 1e-4), "mini", 2, stop)
    assert asked[-1] > 10


NEARLY = """

MISCONCEPTIONS += (
    Misconception(
        name="nine_epochs_of_ten",
        question="q4",
        advice="Train for all ten epochs.",
        old="epochs=10",
        new="epochs=9",
        threshold="accuracy",
    ),
)
"""


def test_a_mistake_that_the_bar_can_t_see_is_refused_and_nothing_written(copied: Course) -> None:
    path = copied.solutions("mini") / "misconceptions.py"
    path.write_text(path.read_text() + NEARLY)
    calibration = copied.calibration.model_copy(update={"confidence": 0.05})  # three seeds will do
    before = files(copied.graders("mini"))
    with pytest.raises(Refused, match="'nine_epochs_of_ten' is to be failed by it, and 0 of its 3 runs do"):
        calibrate(copied.model_copy(update={"calibration": calibration}), "mini", 2, nothing)
    assert files(copied.graders("mini")) == before


def test_a_mistake_for_a_threshold_that_no_test_asks_for_is_refused(copied: Course) -> None:
    path = copied.solutions("mini") / "misconceptions.py"
    path.write_text(path.read_text() + NEARLY.replace('"accuracy"', '"acuracy"'))
    with pytest.raises(CourseError, match="'acuracy', for which no test asks: name one of accuracy"):
        calibrate(copied, "mini", 2, nothing)


def test_a_topic_without_a_threshold_has_nothing_to_calibrate(copied: Course) -> None:
    for path in (copied.graders("mini") / "tests").glob("*.py"):
        path.write_text(path.read_text().replace("threshold(", "other("))
    assert outdated(copied, "mini") != []
    assert calibrate(copied, "mini", 1, nothing).bars == ()
    assert outdated(copied, "mini") == []
    assert drift(copied, "mini", 1, nothing) == []


def test_an_alternative_that_trains_alike_in_every_rerun_has_no_sample_and_a_note(mini: Course) -> None:
    page = (mini.graders("mini") / "calibration" / f"{data.fingerprint('imdb')}.html").read_text()
    assert "trains as the reference does: the very same in 3 reruns" in page


def test_one_threshold_is_of_one_question(copied: Course) -> None:
    tests = copied.graders("mini") / "tests"
    (tests / "q1.py").write_text((tests / "q1.py").read_text() + "\n\ndef more():\n    threshold('accuracy')\n")
    with pytest.raises(CourseError, match="more of q1 and test_accuracy of q4 both ask for the threshold 'accuracy'"):
        threshold_names(copied.graders("mini"))


def test_one_threshold_is_of_one_test(copied: Course) -> None:
    test = copied.graders("mini") / "tests" / "q4.py"
    test.write_text(test.read_text() + "\n\ndef more():\n    threshold('accuracy')\n")
    with pytest.raises(CourseError, match="test_accuracy of q4 and more of q4 both ask for the threshold 'accuracy'"):
        threshold_names(copied.graders("mini"))


def test_points_and_messages_of_a_test_change_no_calibration(copied: Course) -> None:
    test = copied.graders("mini") / "tests" / "q4.py"
    text = test.read_text()
    assert "points=1" in text
    test.write_text(text.replace("points=1", "points=3"))
    assert outdated(copied, "mini") == []


def test_thresholds_are_found_in_the_tests(course: Course) -> None:
    assert threshold_names(course.graders("binary_classification")) == ("test_accuracy",)
    assert threshold_names(course.graders("regression_kfold")) == ("test_mae",)


def test_a_record_that_holds(mini: Course) -> None:
    assert outdated(mini, "mini") == []


def _other_code(course: Course) -> None:
    path = course.graders("mini") / "reference.ipynb"
    path.write_text(path.read_text().replace("epochs=", "epochs=1 + "))


def _other_measure(course: Course) -> None:
    path = course.graders("mini") / "tests" / "q4.py"
    text = path.read_text()
    assert "of=500" in text
    path.write_text(text.replace("of=500", "of=400"))


def _in_the_record(old: str, new: str) -> Callable[[Course], None]:
    def change(course: Course) -> None:
        path = course.graders("mini") / "thresholds.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def _other_data(course: Course) -> None:
    _in_the_record(data.fingerprint("imdb"), "imdb-twin-000000000000")(course)


def _another_mistake_to_catch(course: Course) -> None:
    path = course.solutions("mini") / "misconceptions.py"
    path.write_text(path.read_text() + NEARLY)


def _replayed_otherwise(course: Course) -> None:
    _in_the_record('engine = "rerun"', 'engine = "replay"')(course)
    _in_the_record("threads = 1", "threads = 1\nreplay = 0")(course)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_other_code, "the reference, its probes or the collector changed since"),
        (_other_measure, "the test that asks for it measures something else today"),
        (_in_the_record('keras = "3.', 'keras = "2.'), "it was found with keras 2."),
        (_other_data, "the data is imdb-twin-"),
        (
            _in_the_record("alpha = 0.1", "alpha = 0.2"),
            "it promises 0.2 at a confidence of 0.5, and course.toml asks for 0.1 at 0.5",
        ),
        (_in_the_record("single_alpha = 0.5", "single_alpha = 0.6"), "for one run it promises 0.6, and course.toml"),
        (_replayed_otherwise, "seeds are replayed in another way today"),
        (_another_mistake_to_catch, "'nine_epochs_of_ten', which it must catch, was never tried on it"),
        (_in_the_record("[accuracy.", "[precision."), "the threshold 'accuracy' was never calibrated"),
    ],
)
def test_a_record_that_no_longer_holds(copied: Course, change: Callable[[Course], None], sentence: str) -> None:
    change(copied)
    problems = outdated(copied, "mini")
    assert any(sentence in problem for problem in problems)
    assert all(problem.endswith("run `fairmark calibrate mini`") for problem in problems)


def test_fresh_seeds_of_a_threshold_of_another_name_are_not_compared(copied: Course) -> None:
    test = copied.graders("mini") / "tests" / "q4.py"
    test.write_text(test.read_text().replace('threshold("accuracy")', 'threshold("share_right")'))
    with pytest.raises(CourseError, match="with the thresholds share_right, was not calibrated on imdb-twin"):
        drift(copied, "mini", 1, nothing)


def test_what_a_topic_promises_for_one_run_is_shared_too(course: Course) -> None:
    assert single_alpha_of(course, 1) == 0.01
    assert single_alpha_of(course, 4) == 0.0025


def test_every_committed_record_holds(course: Course) -> None:
    for topic in course.topics:
        assert outdated(course, topic) == []
        for bars in read_thresholds(course.graders(topic)).values():
            assert {name.split("-")[1] for name in bars} == {"real", "twin"}
            assert all(bar.alpha <= 0.001 and bar.confidence == 0.95 for bar in bars.values())
            assert all(bar.single is not None for bar in bars.values())
