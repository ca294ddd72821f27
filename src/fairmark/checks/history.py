"""What ``fit`` returned: how long it ran, and where its curves turn."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.compilation import canonical_metric
from fairmark.checks.subject import shown

Floats = NDArray[np.float64]


def epochs_run(history: Any) -> int:
    """Return the number of epochs that ``history`` (of Keras, restored, or its dict) tells of."""
    return max((len(values) for values in _curves(history).values()), default=0)


def curve(history: Any, name: str) -> Floats:
    """Return the values of ``name`` by epoch, such as "val_mae", under whatever name Keras keeps them.

    Raises AssertionError, naming what there is, if there are none or if they are no numbers.
    """
    curves = _curves(history)
    found = [key for key in curves if key == name] or [key for key in curves if _canonical(key) == _canonical(name)]
    assert found, f"the history has no {name!r}; it has {', '.join(map(repr, curves)) or 'nothing'}"
    return _numbers(curves[found[0]], f"the history's {found[0]!r}")


def best_epoch(history: Any, name: str) -> int:
    """Return the epoch, from 1, in which ``name`` was smallest: the first, if there are several.

    Raises AssertionError as ``curve`` does, and if it has no finite value.
    """
    values = curve(history, name)
    assert np.isfinite(values).any(), f"the history's {name!r} has no finite value"
    return int(np.nanargmin(np.where(np.isfinite(values), values, np.nan))) + 1


def turns_at(values: Any) -> int | None:
    """Return the epoch, from 1, after which a curve rises for good; None if it never does.

    The curve is smoothed (a mean of three) and turns at its lowest point, if it ends above that by more than
    twice the mean distance of the curve from the smoothed one: a lesser rise may be noise.
    """
    found = _numbers(values, "the curve")
    if len(found) < 3:
        return None
    padded = np.concatenate([found[:1], found, found[-1:]])
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    lowest = int(np.argmin(smooth))
    noise = float(np.mean(np.abs(found - smooth)))
    return lowest + 1 if smooth[-1] - smooth[lowest] > 2 * noise else None


def _curves(history: Any) -> Mapping[str, Any]:
    curves = history if isinstance(history, Mapping) else getattr(history, "history", None)
    assert isinstance(curves, Mapping), f"what `fit` returns is asked, found {shown(history)}"
    return {str(name): values for name, values in curves.items() if isinstance(values, list | tuple | np.ndarray)}


def _numbers(values: Any, name: str) -> Floats:
    try:
        found = np.asarray(values, dtype="float64")
    except (TypeError, ValueError):
        raise AssertionError(f"{name} should be numbers, one an epoch; found {shown(values)}") from None
    flat = found.ndim == 1 and found.size > 0
    assert flat, f"{name} should be numbers, one an epoch; found the shape {found.shape}"
    return found


def _canonical(key: str) -> str:
    """Return the name of a metric that ``key`` stands for: "val_acc" and "val_binary_accuracy" are one."""
    plain = key.removeprefix("val_")
    prefix = key[: len(key) - len(plain)]
    for name in (plain, re.sub(r"_\d+$", "", plain)):  # Keras counts its objects: "mean_absolute_error_1"
        try:
            return prefix + canonical_metric(name)
        except AssertionError:
            continue
    return key
