"""What was worked out of an array is kept only while it can't change."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fairmark.constants import constant, remembered


@pytest.fixture
def doubled() -> Any:
    """Doubles an array; ``calls`` are those that were worked out."""
    calls: list[int] = []

    @remembered(2)
    def double(array: NDArray[Any], by: int = 2) -> NDArray[Any]:
        calls.append(len(array))
        return by * array

    double.calls = calls  # type: ignore[attr-defined]
    return double


def test_a_constant_is_worked_out_once_and_so_is_constant(doubled: Any) -> None:
    array = constant(np.arange(3))
    assert doubled(array) is doubled(array)
    with pytest.raises(ValueError, match="read-only"):
        doubled(array)[0] = 1


def test_constants_are_told_apart_by_what_they_are_not_by_what_they_hold(doubled: Any) -> None:
    doubled(constant(np.arange(3)))
    doubled(constant(np.arange(3)))
    assert doubled.calls == [3, 3]


def test_other_arguments_are_worked_out_anew(doubled: Any) -> None:
    array = constant(np.arange(3))
    assert (doubled(array, 3).tolist(), doubled(array, by=4).tolist()) == ([0, 3, 6], [0, 4, 8])


@pytest.mark.parametrize("made", [lambda: np.arange(3), lambda: constant(np.arange(4))[:3], lambda: [0, 1, 2]])
def test_what_may_change_is_worked_out_each_time(doubled: Any, made: Any) -> None:
    """A view shows an array that its owner may write to."""
    array = made()
    doubled(array)
    doubled(array)
    assert doubled.calls == [3, 3]


def test_only_the_last_are_kept(doubled: Any) -> None:
    arrays = [constant(np.arange(n)) for n in (1, 2, 3)]
    for array in (*arrays, arrays[2], arrays[0]):
        doubled(array)
    assert doubled.calls == [1, 2, 3, 1]
