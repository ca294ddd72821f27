"""Small models, as students build them, and their architectures, edited as an attacker would."""

import copy
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from fairmark.evidence import models

layers = keras.layers
X = np.linspace(-1, 1, 12, dtype="float32").reshape(6, 2)


def sequential(cls: type = keras.Sequential, **options: Any) -> Any:
    return cls([keras.Input((2,)), layers.Dense(4, "relu"), layers.Dense(1, "sigmoid")], **options)


def functional(cls: type = keras.Model) -> Any:
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    shared = layers.Dense(4, "tanh")
    joined = layers.Concatenate()([shared(left), layers.Dense(4)(right) * 2.0])
    return cls([left, right], layers.Dense(1)(joined))


def described(model: Any) -> tuple[dict[str, Any], list[Any]]:
    """Return architecture and weights of ``model``."""
    architecture, reason = models.architecture_of(model)
    assert architecture is not None, reason
    return architecture, models.weights_of(model)


def edited(architecture: dict[str, Any], change: Callable[[list[Any]], Any]) -> dict[str, Any]:
    """Return a copy of ``architecture`` with ``change`` applied to its list of layers."""
    forged = copy.deepcopy(architecture)
    change(forged["config"]["layers"])
    return forged
