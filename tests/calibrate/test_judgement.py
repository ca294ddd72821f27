"""A bar that can't do its job is refused, with what to do about it."""

import math

import numpy as np
import pytest

from fairmark.calibrate.bound import Promise
from fairmark.calibrate.drawing import draw
from fairmark.calibrate.found import BarFound, Sample
from fairmark.calibrate.judgement import ADVICE, Refused, judge, refuse_divergence, seeds_to_guarantee

PROMISE = Promise(0.001, 0.95, 3)
NORMAL = np.random.default_rng(11).normal


def drawn(*samples: Sample) -> BarFound:
    bar = draw("accuracy", "at_least", None, samples, PROMISE, single_alpha=0.01)
    assert bar is not None
    return bar


def sample(kind: str, shift: float, seeds: int = 300, must_fail: bool = False) -> Sample:
    values = tuple(NORMAL(100 - shift, 1, size=seeds))
    return Sample(f"{kind}_{shift:g}", kind, "replay", values, must_fail=must_fail)  # type: ignore[arg-type]


def test_a_bar_for_a_single_run_rests_on_every_right_answer_or_is_none() -> None:
    few = sample("alternative", 0, seeds=40)
    assert drawn(sample("reference", 0)).single is not None
    assert drawn(sample("reference", 0), few).single is None


def test_a_right_answer_that_diverges_is_refused() -> None:
    with pytest.raises(Refused, match=r"the alternative 'mine' gives no bar: 1 of 3 seeds end in NaN or infinity"):
        refuse_divergence("accuracy", "alternative", "mine", (0.9, math.nan, 0.8))
    refuse_divergence("accuracy", "alternative", "mine", (0.9, 0.8))


def test_a_mistake_may_diverge_but_not_always() -> None:
    with pytest.raises(Refused, match=r"the misconception 'wild' never gives a number"):
        refuse_divergence("accuracy", "misconception", "wild", (math.nan, math.inf))
    refuse_divergence("accuracy", "misconception", "wild", (math.nan, 0.8))


def test_a_bar_that_separates_is_written() -> None:
    judge([drawn(sample("reference", 0), sample("alternative", 0.4), sample("misconception", 12, must_fail=True))])


def test_half_a_standard_deviation_can_t_be_told_apart() -> None:
    bar = drawn(sample("reference", 0), sample("misconception", 0.5, must_fail=True))
    with pytest.raises(Refused) as refusal:
        judge([bar])
    message = str(refusal.value)
    assert "threshold 'accuracy': the misconception 'misconception_0.5' is to be failed by it" in message
    assert "it would pass in one of 3 runs with a chance of up to 100%" in message
    assert ADVICE in message
    steps = ["structural check", "more epochs", "larger test set", "mean over the folds", "mean of several"]
    assert sorted(steps, key=message.index) == steps
    assert message.endswith("nothing was written")


def test_a_mistake_that_need_not_fail_is_only_shown() -> None:
    judge([drawn(sample("reference", 0), sample("misconception", 0.5))])


def test_too_few_seeds_to_guarantee_a_kill() -> None:
    least = seeds_to_guarantee(3, 0.95)
    assert least == 176
    with pytest.raises(Refused, match="fails under all 175 seeds, and it takes 176 of them to guarantee"):
        judge([drawn(sample("reference", 0), sample("misconception", 50, least - 1, must_fail=True))])
    judge([drawn(sample("reference", 0), sample("misconception", 50, least, must_fail=True))])


@pytest.mark.parametrize("kind", ["reference", "alternative"])
def test_a_correct_solution_with_two_humps_gives_no_bar(kind: str) -> None:
    values = (*NORMAL(80, 1, size=100), *NORMAL(100, 1, size=200))
    odd = Sample("odd", kind, "rerun", tuple(map(float, values)))  # type: ignore[arg-type]
    bar = drawn(odd) if kind == "reference" else drawn(sample("reference", 0), odd)
    with pytest.raises(Refused, match=f"the {kind} 'odd' gives no bar: its seeds fall into two groups"):
        judge([bar])


def test_one_training_that_ends_in_nan_is_refused() -> None:
    values = (*NORMAL(100, 1, size=299), float("nan"))
    with pytest.raises(Refused, match="1 of 300 seeds end in NaN or infinity"):
        judge([drawn(Sample("reference", "reference", "replay", values))])


def test_the_bar_is_the_worst_of_all_correct_samples() -> None:
    better, worse = sample("reference", 0), sample("alternative", 1)
    bar = drawn(better, worse)
    placed = {one.name: one for one in bar.samples}
    assert bar.any_of_m == placed[worse.name].bound < placed[better.name].bound  # type: ignore[operator]
    assert bar.single is None  # 300 seeds of a variant are too few for one run
