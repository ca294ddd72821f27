"""However a loss, metric or optimizer is spelled, it has one name; what does the same is the same."""

import functools
from typing import Any

import keras
import pytest

from fairmark.checks import Compiled, Loss, canonical_loss, canonical_metric, canonical_optimizer, compiled
from tests.checks.spelling import spelled

L, M, O = keras.losses, keras.metrics, keras.optimizers  # noqa: E741


def mean_squared_error(y: Any, p: Any) -> Any:
    """Not what its name says."""
    return keras.ops.mean(keras.ops.abs(y - p))


class OwnLoss(keras.losses.Loss):
    def call(self, y: Any, p: Any) -> Any:
        return keras.ops.mean(keras.ops.square(p - y), axis=-1)


LOGITS = Loss("binary_crossentropy", from_logits=True)
LOSSES: list[tuple[Any, Loss]] = [
    ("mse", Loss("mean_squared_error")),
    ("MeanSquaredError", Loss("mean_squared_error")),
    (L.mean_squared_error, Loss("mean_squared_error")),
    (L.MeanSquaredError, Loss("mean_squared_error")),
    (L.MeanSquaredError(name="mine"), Loss("mean_squared_error")),
    (OwnLoss(), Loss("mean_squared_error")),
    (lambda y, p: keras.ops.mean((y - p) ** 2), Loss("mean_squared_error")),
    (mean_squared_error, Loss("mean_absolute_error")),
    (lambda y, p: keras.ops.mean((y - p) ** 6), Loss("own:<lambda>")),
    (OwnLoss(reduction="sum"), Loss("own:OwnLoss")),
    ("bce", Loss("binary_crossentropy")),
    ("binary_crossentropy", Loss("binary_crossentropy")),
    (L.BinaryCrossentropy(), Loss("binary_crossentropy")),
    (L.BinaryCrossentropy(from_logits=True), LOGITS),
    (functools.partial(L.binary_crossentropy, from_logits=True), LOGITS),
    (lambda y, p: L.binary_crossentropy(y, p, from_logits=True), LOGITS),
    (lambda y, p: L.binary_crossentropy(y, keras.ops.sigmoid(p)), LOGITS),
    ({"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}, LOGITS),
    (L.BinaryCrossentropy(label_smoothing=0.25), Loss("binary_crossentropy", settings={"label_smoothing": 0.25})),
    (L.MeanSquaredError(reduction="sum"), Loss("mean_squared_error", settings={"reduction": "sum"})),
    (L.Huber(2.0), Loss("huber", settings={"delta": 2.0})),
    (None, Loss("none")),
]


@pytest.mark.parametrize(("thing", "loss"), LOSSES, ids=spelled)
def test_a_loss_has_one_name(thing: Any, loss: Loss) -> None:
    assert canonical_loss(thing) == loss


METRICS: list[tuple[Any, str]] = [
    ("mae", "mean_absolute_error"),
    (M.MeanAbsoluteError(name="x"), "mean_absolute_error"),
    (L.mean_absolute_error, "mean_absolute_error"),
    (mean_squared_error, "mean_absolute_error"),
    ("acc", "accuracy"),
    ("accuracy", "accuracy"),
    ("binary_accuracy", "accuracy"),
    (M.BinaryAccuracy(), "accuracy"),
    (M.BinaryAccuracy, "accuracy"),
    (M.BinaryAccuracy(threshold=0.75), "binary_accuracy(threshold=0.75)"),
    (M.CategoricalAccuracy(), "categorical_accuracy"),
    (M.Accuracy(), "exact_accuracy"),
    (M.AUC(), "auc"),
    (M.RootMeanSquaredError(), "root_mean_squared_error"),
    (M.BinaryCrossentropy(from_logits=True), "binary_crossentropy(from_logits=True)"),
    (lambda y, p: keras.ops.max(p), "own:<lambda>"),
]


@pytest.mark.parametrize(("thing", "name"), METRICS, ids=spelled)
def test_a_metric_has_one_name(thing: Any, name: str) -> None:
    assert canonical_metric(thing) == name


def test_accuracy_is_what_keras_makes_of_it() -> None:
    assert canonical_metric(M.CategoricalAccuracy(), columns=3) == canonical_metric("accuracy", columns=3) == "accuracy"
    assert canonical_metric(M.BinaryAccuracy(), columns=3) == "binary_accuracy"


@pytest.mark.parametrize("thing", ["rmsprop", "RMSprop", O.RMSprop, O.RMSprop(0.5)], ids=spelled)
def test_an_optimizer_has_one_name(thing: Any) -> None:
    assert canonical_optimizer(thing) == "rmsprop"


def test_an_optimizer_of_ones_own_is_told_apart() -> None:
    assert canonical_optimizer(type("RMSprop", (O.RMSprop,), {})) == "own:RMSprop"


@pytest.mark.parametrize("thing", [..., 3, "nix", [1]], ids=spelled)
@pytest.mark.parametrize(
    ("name", "look"),
    [("a loss", canonical_loss), ("a metric", canonical_metric), ("an optimizer", canonical_optimizer)],
)
def test_what_is_none_is_named(name: str, look: Any, thing: Any) -> None:
    with pytest.raises(AssertionError, match=f"^{name} is asked, found "):
        look(thing)


def told(units: int = 1, **options: Any) -> Compiled:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.compile(**options)
    return compiled(model)


def test_a_compiled_model_tells_all() -> None:
    found = told(
        optimizer=O.SGD(0.001, momentum=0.9), loss=L.BinaryCrossentropy(from_logits=True), metrics=["acc", "mae"]
    )
    assert found.optimizer == "sgd"
    assert found.optimizer_settings["learning_rate"] == 0.001
    assert found.optimizer_settings["momentum"] == 0.9
    assert found.loss == LOGITS
    assert found.metrics == ("accuracy", "mean_absolute_error")


def test_a_schedule_is_told_with_its_settings() -> None:
    rate = told(optimizer=O.Adam(O.schedules.ExponentialDecay(0.5, 10, 0.9))).optimizer_settings["learning_rate"]
    assert rate == (
        "ExponentialDecay", {"initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.9, "staircase": False},
    )  # fmt: skip


def test_accuracy_of_logits_may_be_counted_at_zero() -> None:
    at_zero = M.BinaryAccuracy(threshold=0.0)
    assert told(loss=L.BinaryCrossentropy(from_logits=True), metrics=[at_zero]).metrics == ("accuracy",)
    assert told(loss="binary_crossentropy", metrics=[at_zero]).metrics == ("binary_accuracy(threshold=0)",)


@pytest.mark.parametrize("loss", ["mse", ["mse"], {"dense": "mse"}], ids=spelled)
def test_one_loss_in_a_list_or_dict_is_one_loss(loss: Any) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name="dense")])
    model.compile("sgd", loss)
    assert compiled(model).loss == Loss("mean_squared_error")


def two_outputs(loss: Any) -> Compiled:
    start = keras.Input((3,))
    outputs = [keras.layers.Dense(1, name="a")(start), keras.layers.Dense(1, name="b")(start)]
    model = keras.Model(start, outputs)
    model.compile("sgd", loss)
    return compiled(model)


def test_losses_of_several_outputs_are_in_their_order() -> None:
    found = two_outputs({"b": "mae", "a": "mse"})
    assert [loss.name for loss in found.losses] == ["mean_squared_error", "mean_absolute_error"]
    with pytest.raises(AssertionError, match="different losses for its outputs"):
        _ = found.loss
    assert two_outputs(["mse", "mse"]).loss == two_outputs("mse").loss == Loss("mean_squared_error")


def test_no_loss_is_a_loss_called_none() -> None:
    assert told().loss == Loss("none")


@pytest.mark.parametrize("thing", [..., None, "rmsprop"], ids=spelled)
def test_only_models_are_compiled(thing: Any) -> None:
    with pytest.raises(AssertionError, match="a Keras model is asked, found"):
        compiled(thing)
