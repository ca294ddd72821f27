"""A loss of the notebook's own is known by what it gives."""

from collections.abc import Callable
from typing import Any

import pytest

from fairmark.collect.own_losses import loss_like


def squared(targets: Any, outputs: Any) -> Any:
    return (outputs - targets) ** 2


def absolute(targets: Any, outputs: Any) -> Any:
    import keras

    return keras.ops.mean(keras.ops.abs(targets - outputs))


def logarithmic(targets: Any, outputs: Any) -> Any:
    import keras

    right = targets * outputs + (1 - targets) * (1 - outputs)
    return -keras.ops.log(keras.ops.clip(right, 1e-7, 1.0))


def of_classes(targets: Any, outputs: Any) -> Any:
    import keras

    return -keras.ops.sum(targets * keras.ops.log(outputs), axis=-1)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        (squared, "mean_squared_error"),
        (absolute, "mean_absolute_error"),
        (logarithmic, "binary_crossentropy"),
        (of_classes, "categorical_crossentropy"),
    ],
)
def test_one_of_kerass(loss: Callable[..., Any], name: str) -> None:
    assert loss_like(loss) == name


def half(targets: Any, outputs: Any) -> Any:
    return squared(targets, outputs) / 2


def root(targets: Any, outputs: Any) -> Any:
    import keras

    return keras.ops.sqrt(keras.ops.mean(squared(targets, outputs)))


def padded(targets: Any, outputs: Any) -> Any:
    return squared(targets, outputs) + 5e-9


def huber(targets: Any, outputs: Any) -> Any:
    """Squared up to an error of a hundred."""
    import keras

    error = keras.ops.abs(targets - outputs)
    return keras.ops.where(error <= 100, error**2, 100 * (2 * error - 100))


def broken(targets: Any, outputs: Any) -> Any:
    raise ValueError("not with these")


@pytest.mark.parametrize("loss", [half, root, padded, huber, broken, lambda targets, outputs: None, None, "mse"])
def test_none_of_them(loss: Any) -> None:
    assert loss_like(loss) is None


def test_kerass_own_need_no_other_name() -> None:
    import keras

    assert loss_like(keras.losses.mean_squared_error) is None
    assert loss_like(keras.losses.MeanSquaredError()) is None
