"""A first calibration: the worst of n values, kept with all of them."""

import shutil
from typing import Any

import pytest

from fairmark import data
from fairmark.calibrate.calibration import _bar, calibrate
from fairmark.course import Course, CourseError
from fairmark.examine.verdict import ThresholdUse
from fairmark.thresholds import read_thresholds


def test_the_bar_is_the_smallest_value(mini: Course) -> None:
    bar = read_thresholds(mini.graders("mini"))["accuracy"][data.fingerprint("imdb")]
    assert bar.seeds == len(bar.values) == 3
    assert bar.any_of_m == bar.single == min(bar.values)
    assert bar.of == 500
    assert all(value == int(value) for value in bar.values)


def use(measured: float, direction: str, of: int | None = None) -> ThresholdUse:
    return ThresholdUse.model_validate(
        {
            "name": "t",
            "bar": None,
            "measured": measured,
            "of": of,
            "met": True,
            "direction": direction,
            "calibration": "c",
        }
    )


@pytest.mark.parametrize(("direction", "worst"), [("at_least", 2.25), ("at_most", 2.75)])
def test_the_bar_is_the_worst_value(direction: str, worst: float) -> None:
    found = _bar([use(value, direction) for value in (2.5, 2.75, 2.25)], "reference", {})
    assert (found.direction, found.any_of_m, found.single) == (direction, worst, worst)
    assert found.values == (2.5, 2.75, 2.25)


def test_a_threshold_has_one_direction() -> None:
    with pytest.raises(CourseError, match="'t' is used both as one to reach and as one not to exceed"):
        _bar([use(1, "at_least"), use(1, "at_most")], "reference", {})


def test_the_same_calibration_again_trains_nothing(mini: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (mini.graders("mini") / "thresholds.toml").read_bytes()
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    calls: list[tuple[int, int]] = []
    calibrate(mini, "mini", 3, 1, lambda done, total: calls.append((done, total)))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert (mini.graders("mini") / "thresholds.toml").read_bytes() == before


def test_a_reference_that_fails_is_not_calibrated(mini: Course, tmp_path: Any) -> None:
    shutil.copytree(mini.root, tmp_path / "course")
    course = mini.model_copy(update={"root": tmp_path / "course"})
    test = course.graders("mini") / "tests" / "q2.py"
    test.write_text(test.read_text().replace("== 17", "== 18"))
    before = (course.graders("mini") / "thresholds.toml").read_bytes()
    with pytest.raises(CourseError, match=r"the reference fails q2 - 2 .*found 17 parameters"):
        calibrate(course, "mini", 3, 1, lambda *_: None)
    assert (course.graders("mini") / "thresholds.toml").read_bytes() == before


def test_every_committed_topic_is_calibrated_for_real_and_twin(course: Course) -> None:
    for topic in course.topics:
        for bars in read_thresholds(course.graders(topic)).values():
            assert {name.split("-")[1] for name in bars} == {"real", "twin"}
            assert all(bar.seeds >= 30 for bar in bars.values())
