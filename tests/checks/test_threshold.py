"""``threshold()`` gives the bar for the data at hand, and notes what was compared with it."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark import data
from fairmark.checks import threshold
from fairmark.checks.examination import Examination, examination
from fairmark.evidence.records import NotExamined
from fairmark.examine.verdict import ThresholdUse
from tests.bars import invented_bar

HERE = "imdb-twin-0123456789ab"


def examined(direction: str = "at_least", calibrating: bool = False) -> AbstractContextManager[Examination]:
    return examination(
        Examination({"t": {HERE: invented_bar(80, 75, direction)}}, HERE, Path("/none"), {}, calibrating)
    )


@pytest.mark.parametrize(
    ("direction", "measured", "met"),
    [("at_least", 80, True), ("at_least", 79, False), ("at_most", 80, True), ("at_most", 81, False),
     ("at_least", float("nan"), False), ("at_most", float("nan"), False)],
)  # fmt: skip
def test_an_examination_uses_the_bar_for_any_of_its_runs(direction: str, measured: float, met: bool) -> None:
    with examined(direction) as context:
        bar = threshold("t", single={HERE: {"bar": 0}})
        found = bar.met_by(measured, of=100) if direction == "at_least" else bar.not_exceeded_by(measured)
    assert found is met
    (use,) = context.uses
    assert (use.name, use.bar, use.direction, use.met, use.calibration) == ("t", 80.0, direction, met, "c1")
    assert use.of == (100 if direction == "at_least" else None)
    assert repr(use.measured) == repr(float(measured))


def test_a_bar_calibrated_the_other_way_round_decides_nothing() -> None:
    with examined("at_most") as context, pytest.raises(NotExamined, match="'t' was calibrated the other way round"):
        threshold("t").met_by(100)
    assert context.uses == []
    with examined("at_least"), pytest.raises(NotExamined, match="calibrate again"):
        threshold("t").not_exceeded_by(1)


def test_counts_of_another_number_of_predictions_decide_nothing() -> None:
    bar = invented_bar(80, 75).model_copy(update={"of": 100})
    with examination(Examination({"t": {HERE: bar}}, HERE, Path("/none"), {})) as context:
        assert threshold("t").met_by(90, of=100)
        with pytest.raises(NotExamined, match="'t' was calibrated on 100 predictions"):
            threshold("t").met_by(70, of=75)
    assert len(context.uses) == 1


@pytest.mark.parametrize(("direction", "text"), [("at_least", "at least 80"), ("at_most", "at most 80")])
def test_a_bar_reads_as_words(direction: str, text: str) -> None:
    with examined(direction):
        assert str(threshold("t")) == text


def test_numbers_of_numpy_are_compared_like_any(monkeypatch: pytest.MonkeyPatch) -> None:
    with examined() as context:
        assert threshold("t").met_by(np.float64(90)) is True
    assert context.uses[0].met is True


@pytest.mark.parametrize("name", ["other", "T"])
def test_a_bar_that_was_not_calibrated_leaves_the_case_open(name: str) -> None:
    with examined(), pytest.raises(NotExamined, match=f"no threshold '{name}' for the data {HERE}"):
        threshold(name, single={HERE: {"bar": 0, "direction": "at_least", "calibration": "c"}})


def test_a_bar_of_other_data_is_not_used() -> None:
    context = Examination({"t": {HERE: invented_bar(80, 75)}}, "imdb-real-0123456789ab", Path("/none"), {})
    with examination(context), pytest.raises(NotExamined, match="imdb-real"):
        threshold("t")


def test_while_calibrating_every_bar_is_met_and_every_value_kept() -> None:
    with examined(calibrating=True) as context:
        assert threshold("t").met_by(3)
        assert threshold("new").not_exceeded_by(-1.5)
        assert str(threshold("new")) == "as good as the reference"
    assert [(use.name, use.measured, use.met, use.direction) for use in context.uses] == [
        ("t", 3.0, True, "at_least"),
        ("new", -1.5, True, "at_most"),
    ]


@pytest.mark.parametrize(
    "use",
    [
        {"bar": None, "measured": 1.0, "met": True},
        {"bar": 1.0, "measured": float("nan"), "met": False},
        {"bar": 1.0, "measured": float("inf"), "met": True},
    ],
    ids=["calibrating", "not a number", "infinite"],
)
def test_what_was_compared_can_be_written_and_read(use: Any) -> None:
    written = ThresholdUse(name="t", calibration="c", **use)
    assert repr(ThresholdUse.model_validate_json(written.model_dump_json())) == repr(written)


def test_an_examination_ends() -> None:
    with examined():
        pass
    with pytest.raises(NotExamined, match="run `fairmark calibrate`, then `fairmark build`"):
        threshold("t")


def test_plain_otter_uses_the_bar_for_a_single_run() -> None:
    here = data.fingerprint("imdb")
    single: Any = {
        "imdb-real-000000000000": {"bar": 99, "direction": "at_least", "calibration": "x"},
        here: {"bar": 0.5, "direction": "at_most", "calibration": "c"},
    }
    found = threshold("t", single=single)
    assert (found.value, found.direction, found.calibration) == (0.5, "at_most", "c")
    assert str(found) == "at most 0.5 (the bar for a single run)"
    assert found.not_exceeded_by(0.5)
    assert not found.not_exceeded_by(0.6)


def test_where_one_run_can_t_be_judged_fairly_it_is_not_held_against_anyone() -> None:
    single: Any = {data.fingerprint("imdb"): {"bar": None, "direction": "at_least", "calibration": "c"}}
    assert threshold("t", single=single).met_by(0)


@pytest.mark.parametrize("single", [None, {}, {"imdb-real-000000000000": {"bar": 1}}])
def test_plain_otter_without_a_bar_for_its_data_decides_nothing(single: Any) -> None:
    with pytest.raises(NotExamined, match="no threshold 't' for this data"):
        threshold("t", single=single)
