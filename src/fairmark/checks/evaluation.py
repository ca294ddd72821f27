"""What a model's outputs are worth: computed in float64 from its predictions, by fairmark's own code."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.canonical import architecture
from fairmark.checks.examination import Measurement, note_measurement
from fairmark.checks.predictions import correct_predictions, predictions
from fairmark.checks.subject import asked_model, shown
from fairmark.evidence.records import UnrebuiltModel

EPSILON = 1e-7
"""Keras keeps probabilities this far from 0 and 1."""

Floats = NDArray[np.float64]


def probabilities(model: Any, x: NDArray[Any], from_logits: bool | None = None) -> Floats:
    """Return the model's outputs for ``x`` (n, …) as probabilities (n, columns).

    Logits go through a sigmoid, or through a softmax if there are several columns. None: they are logits unless
    the model ends in an activation.
    """
    asked_model(model)
    outputs = np.asarray(predictions(model, x), dtype="float64")
    if not (_ends_in_logits(model) if from_logits is None else from_logits):
        return outputs
    if outputs.ndim > 1 and outputs.shape[-1] > 1:
        raised = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
    return _sigmoid(outputs)


def accuracy(model: Any, x: NDArray[Any], y: Any, from_logits: bool | None = False) -> float:
    """Return the share of rows of ``x`` whose class is the one in ``y`` (n,) or (n, 1) of 0 and 1.

    The class is 1 where the probability is above 0.5 (see ``probabilities`` for ``from_logits``). Raises
    AssertionError when the model does not give one number a row.
    """
    targets = _targets(y)
    if from_logits is False:
        return correct_predictions(model, x, targets) / len(targets)
    chances = _column(probabilities(model, x, from_logits), targets)
    return float(np.mean((chances > 0.5) == (targets > 0.5)))


def mean_absolute_error(model: Any, x: NDArray[Any], y: Any) -> float:
    """Return the mean distance of the model's outputs from ``y`` (n,) or (n, 1).

    Raises AssertionError when the model does not give one number a row.
    """
    targets = _targets(y)
    value = _absolute_error(predictions(model, x), targets)
    note_measurement(Measurement(value, x, targets, _absolute_error))
    return value


def _absolute_error(outputs: NDArray[Any], targets: NDArray[Any]) -> float:
    return float(np.mean(np.abs(_column(outputs, targets) - targets)))


def root_mean_squared_error(model: Any, x: NDArray[Any], y: Any) -> float:
    """Return the root of the mean squared distance of the model's outputs from ``y`` (n,) or (n, 1).

    Raises AssertionError when the model does not give one number a row.
    """
    return float(np.sqrt(np.mean(np.square(_errors(model, x, y)))))


def binary_cross_entropy(model: Any, x: NDArray[Any], y: Any, from_logits: bool | None = False) -> float:
    """Return the mean cross-entropy (nats) of the model's outputs with ``y`` (n,) or (n, 1) of 0 and 1.

    Without any penalty on weights. Probabilities are kept 1e-7 from 0 and 1, as Keras does. Raises AssertionError
    when the model does not give one number a row.
    """
    targets = _targets(y)
    if from_logits is None:
        from_logits = _ends_in_logits(model)
    outputs = _column(predictions(model, x), targets)
    if from_logits:
        return float(np.mean(np.maximum(outputs, 0) - outputs * targets + np.log1p(np.exp(-np.abs(outputs)))))
    chances = np.clip(outputs, EPSILON, 1 - EPSILON)
    return float(-np.mean(targets * np.log(chances) + (1 - targets) * np.log(1 - chances)))


def _sigmoid(logits: Floats) -> Floats:
    shrunk = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, shrunk) / (1 + shrunk))


def _errors(model: Any, x: NDArray[Any], y: Any) -> Floats:
    targets = _targets(y)
    return _column(predictions(model, x), targets) - targets


def _targets(y: Any) -> Floats:
    try:
        targets = np.asarray(y, dtype="float64")
    except (TypeError, ValueError):
        raise AssertionError(f"targets are asked, one number a row; found {shown(y)}") from None
    fits = targets.size and (targets.ndim == 1 or (targets.ndim == 2 and targets.shape[1] == 1))
    assert fits, f"targets are asked, one number a row; found the shape {targets.shape}"
    return targets.reshape(-1)


def _column(outputs: NDArray[Any], targets: Floats) -> Floats:
    """Return outputs (n, 1) or (n,) as (n,), one for each target."""
    rows = len(targets)
    assert outputs.shape in ((rows, 1), (rows,)), f"found outputs of shape {outputs.shape}, one a row is asked"
    return np.asarray(outputs, dtype="float64").reshape(-1)


def _ends_in_logits(model: Any) -> bool:
    """Does the model end without sigmoid or softmax? Without a graph: did it ever give what is no probability?"""
    if isinstance(model, UnrebuiltModel):
        return any(bool(np.any((outputs < 0) | (outputs > 1))) for outputs in model.predictions.values())
    form = architecture(model)
    return form == form.headless()
