"""A check says the same of a restored model as of the live one."""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.checks import (
    architecture,
    compiled,
    curve,
    epochs_run,
    layers,
    parameters,
    penalty_value,
    predictions,
)
from fairmark.checks.examination import Examination, examination
from fairmark.evidence.records import UnrebuiltModel
from tests.checks.random_models import WIDTH, Otherwise, plans
from tests.evidence.conftest import Border

L = keras.layers
X = np.linspace(-2, 2, 8 * WIDTH, dtype="float32").reshape(8, WIDTH)


def network() -> Any:
    start = keras.Input((WIDTH,))
    hidden = L.Dense(4, "relu", kernel_regularizer="l2", bias_regularizer=keras.regularizers.L1(0.1))(start)
    hidden = L.BatchNormalization()(L.Dropout(0.5)(hidden))
    return keras.Model(start, L.Dense(1, "sigmoid")(hidden))


@settings(deadline=None, max_examples=6, database=None)
@given(plans, st.integers(0, 2**32))
def test_a_restored_model_has_the_same_form(plan: Any, seed: int) -> None:
    model = Otherwise(Random(seed)).model(plan)
    with tempfile.TemporaryDirectory() as folder:
        border = Border(Path(folder))
        with examination(Examination({}, "data", Path(folder), border.digests)):
            back = border.carry(model)
            assert architecture(back) == architecture(model)
            assert parameters(back) == parameters(model)
            assert penalty_value(back) == penalty_value(model)


def absolute(y: Any, p: Any) -> Any:
    return keras.ops.mean(keras.ops.abs(y - p))


def odd(y: Any, p: Any) -> Any:
    return keras.ops.mean(keras.ops.abs(y - p) ** 3)


COMPILED: dict[str, dict[str, Any]] = {
    "text": {"optimizer": "rmsprop", "loss": "binary_crossentropy", "metrics": ["accuracy", "mae"]},
    "objects": {
        "optimizer": keras.optimizers.Adam(1e-4, clipnorm=1.0),
        "loss": keras.losses.BinaryCrossentropy(from_logits=True),
        "metrics": [keras.metrics.BinaryAccuracy(threshold=0.0), keras.metrics.AUC()],
    },
    "own functions": {"optimizer": "sgd", "loss": absolute, "metrics": [absolute, odd]},
    "lambda": {"optimizer": "sgd", "loss": lambda y, p: keras.ops.mean(y - p)},
    "partial": {"optimizer": "sgd", "loss": functools.partial(keras.losses.binary_crossentropy, from_logits=True)},
    "no loss": {"optimizer": "sgd"},
    "nothing given": {},
    "list": {"loss": ["mse"], "metrics": [["mae"]]},
    "weighted": {"loss": "mse", "weighted_metrics": ["mae"]},
    "schedule": {"optimizer": keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.5, 9, 0.9))},
}


@pytest.mark.parametrize("options", COMPILED.values(), ids=COMPILED.keys())
def test_how_it_was_compiled_is_the_same(restored: Callable[[Any], Any], options: dict[str, Any]) -> None:
    model = network()
    model.compile(**options)
    back = restored(model)
    assert not back.compiled
    assert compiled(back) == compiled(model)


def test_what_was_not_compiled_is_not_compiled(restored: Callable[[Any], Any]) -> None:
    for model in (network(), restored(network()), UnrebuiltModel("own `call`", {"compiled": None})):
        with pytest.raises(AssertionError, match="the model is not compiled"):
            compiled(model)


class OwnCall(keras.Model):
    """Computes its output in Python."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.out = L.Dense(4, "relu"), L.Dense(1)

    def call(self, x: Any) -> Any:
        return self.out(self.hidden(x))


def test_claims_suffice_where_there_is_no_graph(restored: Callable[[Any], Any]) -> None:
    model = OwnCall()
    model.compile("rmsprop", "mse", metrics=["mae"])
    model(X)
    back = restored(model)
    assert isinstance(back, UnrebuiltModel)
    assert compiled(back) == compiled(model)
    assert parameters(back) == parameters(model)
    assert parameters(model).per_layer == (4 * WIDTH + 4, 5)


def test_layers_are_the_same(restored: Callable[[Any], Any]) -> None:
    model = network()
    assert [vars(layer) for layer in layers(restored(model))] == [vars(layer) for layer in layers(model)]


def test_predictions_are_the_same(restored: Callable[[Any], Any]) -> None:
    model = network()
    np.testing.assert_allclose(predictions(restored(model), X), predictions(model, X), rtol=1e-6)


def test_histories_are_the_same(restored: Callable[[Any], Any]) -> None:
    model = network()
    model.compile("sgd", "mse", metrics=["mae"], run_eagerly=True)
    history = model.fit(X, X[:, 0], epochs=2, validation_data=(X, X[:, 0]), verbose=0)
    back = restored(history)
    assert epochs_run(back) == epochs_run(history) == 2
    assert curve(back, "val_mae").tolist() == curve(history, "val_mean_absolute_error").tolist()
