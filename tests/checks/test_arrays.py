"""Arrays and figures fail with a sentence for each way to differ."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fairmark.checks import assert_array, assert_labelled

TABLE = np.arange(6, dtype="float32").reshape(2, 3)


def test_an_array_as_asked() -> None:
    assert_array(TABLE, shape=(2, 3), dtype="float32", values=TABLE.tolist())
    assert_array(TABLE.tolist(), values=TABLE)
    assert_array(TABLE, dtype="floating")
    assert_array(TABLE, dtype=("float64", "float32"))
    assert_array([1, 2], dtype="integer")
    assert_array([True, False], dtype="bool", values=[1, 0])
    assert_array([np.nan, 1 + 1e-7], values=[np.nan, 1])
    assert_array(3.0, shape=(), values=3)


@pytest.mark.parametrize(
    ("found", "options", "words"),
    [
        (TABLE, {"shape": (3, 2)}, r"t should have the shape \(3, 2\); it has \(2, 3\)"),
        (TABLE, {"dtype": "float64"}, "t should be of type float64; it is float32"),
        (TABLE, {"dtype": "integer"}, "t should be of type integer; it is float32"),
        (
            TABLE,
            {"values": TABLE + np.array([0, 0, 1])},
            r"t: 2 of 6 values are wrong; the first at \[0, 2\] is 2 instead of 3",
        ),
        (TABLE, {"values": TABLE[0]}, r"t should have the shape \(3,\); it has \(2, 3\)"),
        (1.0, {"values": 2.0}, "t: 1 of 1 values are wrong; the first is 1 instead of 2"),
        (..., {}, "t should be an array of numbers, found the placeholder `...`"),
        (None, {}, "t should be an array of numbers, found None"),
        ("abc", {}, "t should be an array of numbers, found 'abc'"),
        ([[1], [1, 2]], {}, "t should be an array of numbers, found a list"),
        (np.array(["a"]), {}, "t should be an array of numbers, found an array of shape"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_another_array_is_named(found: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_array(found, name="t", **options)


def drawn(curves: int = 2, xlabel: str = "epoch", ylabel: str = "loss", legend: bool = True, dots: bool = False) -> Any:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    for number in range(curves):
        (axes.scatter if dots else axes.plot)([1, 2], [number, 1], label=str(number))
    axes.set(xlabel=xlabel, ylabel=ylabel)
    if legend:
        axes.legend()
    return figure


@pytest.fixture(params=["live", "restored"])
def carried(request: pytest.FixtureRequest, restored: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return restored if request.param == "restored" else lambda figure: figure


def test_a_labelled_figure(carried: Callable[[Any], Any]) -> None:
    assert_labelled(carried(drawn()), curves=2)
    assert_labelled(carried(drawn(dots=True)), curves=2)
    assert_labelled(carried(drawn(1, legend=False)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"curves": 1}, "the figure should show 2 curves; it shows 1"),
        ({"xlabel": " "}, "the horizontal axis has no label"),
        ({"ylabel": ""}, "the vertical axis has no label"),
        ({"legend": False}, "2 curves need a legend; it has 0 entries"),
    ],
)
def test_what_is_missing_is_named(carried: Callable[[Any], Any], options: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_labelled(carried(drawn(**options)), curves=2)


def test_axes_stand_for_their_figure() -> None:
    assert_labelled(drawn().axes[0], curves=2)


@pytest.mark.parametrize("thing", [..., None, 3, np.zeros(2)], ids=str)
def test_what_is_no_figure_is_named(thing: Any) -> None:
    with pytest.raises(AssertionError, match="a matplotlib figure is asked, found"):
        assert_labelled(thing)
