"""Histories: how long, under which names, and where a curve turns."""

from typing import Any

import numpy as np
import pytest

from fairmark.checks import best_epoch, curve, epochs_run, turns_at
from fairmark.evidence.records import History


def history(**curves: Any) -> History:
    return History(curves, {}, [])


def test_epochs_are_counted() -> None:
    assert epochs_run(history(loss=[3, 2, 1], val_loss=[3.0, 2.0, 1.0])) == 3
    assert epochs_run({"loss": [1.0]}) == 1
    assert epochs_run(history()) == 0


@pytest.mark.parametrize("key", ["val_mae", "val_mean_absolute_error", "val_mean_absolute_error_3"])
@pytest.mark.parametrize("name", ["val_mae", "val_mean_absolute_error"])
def test_a_curve_is_found_under_any_of_its_names(key: str, name: str) -> None:
    found = curve(history(loss=[9, 9], mae=[7, 7], **{key: [2, 1]}), name)
    assert found.tolist() == [2, 1]


@pytest.mark.parametrize("key", ["acc", "accuracy", "binary_accuracy"])
def test_accuracy_has_three_names(key: str) -> None:
    assert curve(history(**{key: [0.5], f"val_{key}": [0.25]}), "val_acc").tolist() == [0.25]


def test_the_very_name_comes_first() -> None:
    assert curve(history(acc=[1], accuracy=[2]), "accuracy").tolist() == [2]


@pytest.mark.parametrize(
    ("thing", "words"),
    [(history(loss=[1.0], val_loss=[1.0]), "the history has no 'val_mae'; it has 'loss', 'val_loss'"),
     (history(), "it has nothing"), (history(val_mae=["a"]), "should be numbers, one an epoch"),
     (history(val_mae=[[1, 2]]), r"found the shape \(1, 2\)"), (history(val_mae=[]), "found the shape"),
     (..., "what `fit` returns is asked, found the placeholder"), (None, "found None"), ([1, 2], "found a list")],
)  # fmt: skip
def test_what_has_no_such_curve_says_so(thing: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        curve(thing, "val_mae")


def test_the_best_epoch_counts_from_1() -> None:
    assert best_epoch(history(val_loss=[3, 1, 2, 1]), "val_loss") == 2
    assert best_epoch(history(val_loss=[float("nan"), 2, float("-inf"), 1]), "val_loss") == 4
    with pytest.raises(AssertionError, match="no finite value"):
        best_epoch(history(val_loss=[float("nan")]), "val_loss")


def test_a_curve_turns_where_it_begins_to_rise_for_good() -> None:
    epochs = np.arange(1, 21)
    assert turns_at(0.3 + 0.01 * (epochs - 5.0) ** 2) == 5
    assert turns_at([5, 4, 3, 2, 1, 2, 3, 4]) == 5


@pytest.mark.parametrize(
    "values", [np.linspace(1, 0, 20), [1.0] * 10, [1.0, 2.0], [2, 1, 2, 1, 2, 1, 2, 1], 1 / np.arange(1, 30)]
)
def test_a_curve_that_never_rises_does_not_turn(values: Any) -> None:
    assert turns_at(values) is None


def test_noise_is_no_turn() -> None:
    random = np.random.default_rng(0)
    values = 1 / np.arange(1, 40) + 0.01 * random.standard_normal(39)
    assert turns_at(values) is None
    rising = values + 0.02 * np.maximum(0, np.arange(39) - 10)
    assert abs(turns_at(rising) - 11) <= 3  # type: ignore[operator]


@pytest.mark.parametrize("values", [..., None, "abc", [[1]], []])
def test_what_is_no_curve_is_named(values: Any) -> None:
    with pytest.raises(AssertionError, match="the curve should be numbers"):
        turns_at(values)
