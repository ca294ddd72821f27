"""How a model was compiled crosses the border as claims, whatever was passed to `compile`."""

import functools
from typing import Any

import keras
import numpy as np
import pytest

from fairmark.evidence.compilation import PROBES, compilation_of, values_of
from tests.evidence.conftest import Border
from tests.evidence.models import sequential


def compiled(**options: Any) -> Any:
    model = sequential()
    model.compile(**options)
    return model


def absolute(y: Any, p: Any) -> Any:
    return keras.ops.mean(keras.ops.abs(y - p))


def stubborn(y: Any, p: Any) -> Any:
    raise RuntimeError


class Lying(keras.losses.Loss):
    """Its methods raise."""

    def call(self, y: Any, p: Any) -> Any:
        raise RuntimeError

    def get_config(self) -> Any:
        raise RuntimeError


class Rmse(keras.metrics.MeanSquaredError):
    """A metric of the student's own with a state that must not be touched."""

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        pytest.fail("capture changes no state")


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """Without `get_config`, as in many a tutorial."""

    def __call__(self, step: Any) -> float:
        return 0.01


LOSSES: dict[str, Any] = {
    "none": None,
    "text": "mse",
    "function": keras.losses.mean_squared_error,
    "object": keras.losses.BinaryCrossentropy(from_logits=True),
    "class": keras.losses.BinaryCrossentropy,
    "own function": absolute,
    "own function that raises": stubborn,
    "own object that raises": Lying(),
    "lambda": lambda y, p: keras.ops.mean(y - p),
    "partial": functools.partial(keras.losses.binary_crossentropy, from_logits=True),
    "list": ["mse"],
    "dict": {"out": "mse"},
    "serialised": {"class_name": "MeanSquaredError", "config": {}},
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_a_loss_of_any_kind_is_described_and_carried(border: Border, loss: Any) -> None:
    model = compiled(optimizer="sgd", loss=loss)
    told = compilation_of(model)
    assert told is not None
    assert told["optimizer"] == "SGD"
    assert (told["loss"] is None) == (loss is None)
    restored = border.carry(model)
    assert border.digests[id(restored)].facts["compiled"] == told


METRICS: dict[str, Any] = {
    "none": None,
    "texts": ["mae", "accuracy"],
    "mixed": ["mae", keras.metrics.AUC, Rmse(), absolute, stubborn],
    "nested": [["mae"]],
    "dict": {"out": ["mae"]},
}


@pytest.mark.parametrize("metrics", METRICS.values(), ids=METRICS.keys())
def test_metrics_of_any_kind_are_described_and_carried(border: Border, metrics: Any) -> None:
    model = compiled(optimizer="sgd", loss="mse", metrics=metrics)
    told = compilation_of(model)
    assert told is not None
    assert isinstance(told["metrics"], dict if isinstance(metrics, dict) else list)
    restored = border.carry(model)
    assert border.digests[id(restored)].facts["compiled"] == told


def test_what_is_kerass_own_is_told_from_what_looks_like_it() -> None:
    def mean_squared_error(y: Any, p: Any) -> Any:
        return absolute(y, p)

    own = compilation_of(compiled(loss=mean_squared_error))
    keras_own = compilation_of(compiled(loss=keras.losses.mean_squared_error))
    assert own is not None
    assert keras_own is not None
    assert (own["loss"]["own"], keras_own["loss"]["own"]) == (True, False)
    assert own["loss"]["values"] == values_of(absolute)
    assert keras_own["loss"]["values"] is None


def test_a_function_of_ones_own_is_tried_on_fixed_numbers() -> None:
    expected = [np.mean(np.abs(np.subtract(targets, outputs))) for targets, outputs in PROBES]
    assert values_of(absolute) == pytest.approx(expected)
    assert values_of(stubborn) == [None, None, None]


@pytest.mark.parametrize(
    ("optimizer", "name", "settings"),
    [
        ("rmsprop", "RMSprop", {"rho": 0.9}),
        (keras.optimizers.SGD(0.5, momentum=0.75, nesterov=True), "SGD",
         {"learning_rate": 0.5, "momentum": 0.75, "nesterov": True}),
        (keras.optimizers.SGD(Schedule(), momentum=0.5), "SGD", {"momentum": 0.5}),
        (keras.optimizers.Adam(clipnorm=1.0), "Adam", {"clipnorm": 1.0}),
        (keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)), "SGD",
         {"learning_rate": {"name": "ExponentialDecay", "own": False, "values": None, "settings": {
             "initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.9, "staircase": False,
             "name": "ExponentialDecay"}}}),
    ],
)  # fmt: skip
def test_an_optimizer_tells_its_settings(optimizer: Any, name: str, settings: Any) -> None:
    told = compilation_of(compiled(optimizer=optimizer, loss="mse"))
    assert told is not None
    assert (told["optimizer"], told["own_optimizer"]) == (name, False)
    assert settings.items() <= told["optimizer_settings"].items()


def test_a_subclass_of_an_optimizer_is_ones_own() -> None:
    told = compilation_of(compiled(optimizer=type("RMSprop", (keras.optimizers.RMSprop,), {})(), loss="mse"))
    assert told is not None
    assert told["own_optimizer"]
