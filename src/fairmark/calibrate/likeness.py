"""Whether two recordings are of one training, but for its seed and for how it was typed."""

from pathlib import Path
from typing import Any

import numpy as np

from fairmark.calibrate.replay.recipe import Recipe
from fairmark.evidence.fits import SUFFIX, read_array

_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]], dtype="float32")
_OUTPUTS = np.array([[0.1], [0.6], [0.98], [0.7]], dtype="float32")
_FAR_OUTPUTS = np.array([[1.5], [-3.0], [21.0], [0.2]], dtype="float32")
"""Losses that are alike on small errors may not be on large ones."""


def trains_alike(one: Recipe, other: Recipe, arrays: Path) -> bool:
    """Do both optimise the same loss on the same numbers in the same way? Models and epochs are not looked at."""
    return (
        (one.batch_size, one.shuffle, one.buffer) == (other.batch_size, other.shuffle, other.buffer)
        and _optimizer(one.optimizer) == _optimizer(other.optimizer)
        and _tried(one.loss) == _tried(other.loss)
        and _same_numbers(one.x, other.x, arrays)
        and _same_numbers(one.y, other.y, arrays)
    )


def _optimizer(described: str | dict[str, Any]) -> tuple[str, Any]:
    """Return an optimizer's class and settings. One's own is like no other."""
    import keras

    try:
        optimizer = keras.optimizers.get(described)
    except (TypeError, ValueError):  # the notebook's own
        return "own", object()
    return type(optimizer).__name__, {name: value for name, value in optimizer.get_config().items() if name != "name"}


def _tried(described: str | dict[str, Any]) -> tuple[object, ...]:
    """Return what a loss is on fixed numbers: "mse" and MeanSquaredError() are one. One's own is like no other."""
    import keras

    try:
        loss = keras.losses.get(described)
    except (TypeError, ValueError):  # the notebook's own
        return (object(),)
    tries = (keras.ops.convert_to_numpy(loss(_TARGETS, outputs)) for outputs in (_OUTPUTS, _FAR_OUTPUTS))
    return tuple(round(float(np.mean(tried)), 6) for tried in tries)


def _same_numbers(one: str, other: str, arrays: Path) -> bool:
    """Are two arrays the same to a model, which computes in float32? A column of targets is as good as a row."""
    if one == other:
        return True
    first, second = (read_array(arrays / f"{digest}{SUFFIX}", digest) for digest in (one, other))
    flat = first.size == len(first) and second.size == len(second)
    if not flat and first.shape != second.shape:
        return False
    return np.array_equal(first.reshape(-1).astype("float32"), second.reshape(-1).astype("float32"))
