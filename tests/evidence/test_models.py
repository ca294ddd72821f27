"""Keras models across the border: the same function comes back, whatever the live object says about itself."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from fairmark.evidence.models import facts_of
from fairmark.evidence.records import NotExamined, UnrebuiltModel
from tests.evidence.conftest import Border
from tests.evidence.models import X, functional, layers, sequential

X3 = np.linspace(0, 1, 18, dtype="float32").reshape(6, 3)
REAL_COUNT = 2 * 4 + 4 + 4 + 1


class OwnSequential(keras.Sequential):
    """A class of the student's own that changes nothing that matters."""

    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


class OwnModel(keras.Model):
    """A functional model of the student's own class."""


class OwnCall(keras.Model):
    """Computes its output in Python: no graph can be had."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(x) * 2


def normalised() -> Any:
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)]
    )
    model.layers[0].trainable = False
    model(X, training=True)
    return model


def nested() -> Any:
    inner = sequential()
    inner.compile("adam", "mse")
    return keras.Sequential([keras.Input((2,)), inner, layers.Dense(3)])


def many_layers() -> Any:
    """As deep as a small ResNet."""
    here = start = keras.Input((2,))
    for _ in range(60):
        here = layers.Add()([layers.Dense(2, "relu")(here), here])
    return keras.Model(start, layers.Dense(1)(here))


def sliced() -> Any:
    start = keras.Input((2,))
    return keras.Model(start, layers.Dense(1)(start[:, :1]))


def activations_called() -> Any:
    """Activations as functions called on a tensor: each is an operation in the graph, in one module or another."""
    start = here = keras.Input((2,))
    for name in (
        "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "softplus", "softsign", "tanh", "sigmoid",
        "hard_sigmoid", "exponential", "softmax", "log_softmax",
    ):  # fmt: skip
        here = keras.activations.get(name)(layers.Dense(2)(here))
    return keras.Model(start, here)


SOUND: dict[str, Callable[[], Any]] = {
    "sequential": sequential,
    "functional of two inputs": functional,
    "own class of Sequential": lambda: sequential(OwnSequential),
    "own class of Model": lambda: functional(OwnModel),
    "batch norm, dropout, frozen": normalised,
    "nested and compiled": nested,
    "many layers": many_layers,
    "sliced": sliced,
    "activations called": activations_called,
    "odd names": lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1, name="1.hidden-layer_v2")]),
    "mixed precision": lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1, dtype="mixed_bfloat16")]),
    "bfloat16": lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1, dtype="bfloat16")]),
}


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND.keys())
def test_a_model_comes_back_as_the_same_function(border: Border, make: Callable[[], Any]) -> None:
    model = make()
    restored = border.carry(model)
    assert isinstance(restored, keras.Model)
    inputs = [X, X3] if len(model.inputs) == 2 else X
    np.testing.assert_array_equal(restored.predict(inputs, verbose=0), model.predict(inputs, verbose=0))
    assert restored.count_params() == model.count_params()
    assert [v.shape for v in restored.trainable_weights] == [v.shape for v in model.trainable_weights]
    assert [layer.trainable for layer in restored.layers] == [layer.trainable for layer in model.layers]
    assert not restored.compiled


def test_a_rebuilt_model_is_known_by_its_graph_and_weights(border: Border) -> None:
    first, other = sequential(), sequential()
    kept = [border.carry(model) for model in (first, first, other)]
    digests = [border.digests[id(model)][1] for model in kept]
    assert digests[0] == digests[1] != digests[2]


def test_a_model_with_a_call_of_its_own_keeps_facts_and_predictions(make_border: Any) -> None:
    border = make_border(inputs=lambda: {"x": X})
    model = OwnCall()
    outputs = model.predict(X, verbose=0)
    restored = border.carry(model)
    assert isinstance(restored, UnrebuiltModel)
    assert restored.reason == "its class OwnCall computes its output in a `call` of its own"
    assert restored.count_params() == 3
    assert restored.facts["overridden"] == ["call"]
    assert [found.tolist() for found in restored.predictions.values()] == [outputs.tolist()]
    with pytest.raises(NotExamined, match="`layers` needs the model's graph"):
        _ = restored.layers


def test_a_lambda_as_activation_is_not_rebuilt(make_border: Any) -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, lambda x: x + 1)])
    restored = make_border(inputs=lambda: {"x": X}).carry(model)
    assert isinstance(restored, UnrebuiltModel)
    assert [found.tolist() for found in restored.predictions.values()] == [model.predict(X, verbose=0).tolist()]


def test_a_layer_with_a_state_costs_no_more_than_its_graph(make_border: Any) -> None:
    start = keras.Input(batch_shape=(6, 2))
    model = keras.Sequential([start, layers.Reshape((2, 1)), layers.SimpleRNN(3, stateful=True)])
    assert make_border(inputs=lambda: {"x": X}).carry(model).count_params() == model.count_params()


def test_a_function_of_ones_own_is_not_taken_for_the_one_of_keras(make_border: Any) -> None:
    def relu(x: Any) -> Any:
        return keras.ops.tanh(x)

    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, relu)])
    restored = make_border(inputs=lambda: {"x": X}).carry(model)
    found = (
        [*restored.predictions.values()] if isinstance(restored, UnrebuiltModel) else [restored.predict(X, verbose=0)]
    )
    np.testing.assert_allclose(found[0], model.predict(X, verbose=0))


def test_capture_does_not_build_a_model(make_border: Any) -> None:
    """The inputs of the topic need not be what this model will be trained on."""
    model = keras.Sequential([layers.Dense(4)])
    make_border(inputs=lambda: {"x": X}).record(model)
    assert not model.built


def test_an_unbuilt_model_has_layers_all_the_same(border: Border) -> None:
    model = keras.Sequential([layers.Dense(4, "relu"), layers.Dense(1)])
    assert [layer.units for layer in border.carry(model).layers] == [4, 1]


def test_a_model_that_cannot_take_the_inputs_is_no_accident(make_border: Any) -> None:
    model = OwnCall()
    model(X3)
    restored = make_border(inputs=lambda: {"x": X}).carry(model)
    assert isinstance(restored, UnrebuiltModel)
    assert restored.count_params() == 4


def lie_on_the_object(model: Any) -> None:
    for name in ("count_params", "get_weights", "predict", "get_config", "call", "summary"):
        setattr(model, name, lambda *args, **kwargs: 17)


class LyingClass(keras.Sequential):
    """Overrides whatever a naive reader would ask."""

    def count_params(self) -> int:
        return 17_000

    def get_weights(self) -> Any:
        return []

    def get_config(self) -> Any:
        return {"name": "x", "layers": []}

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        return np.ones((6, 1))

    @property
    def built_config(self) -> Any:
        return None


class LyingLayers(keras.Sequential):
    """Shows two other layers than it has."""

    @property
    def layers(self) -> Any:
        return super().layers[:1]


def test_lies_told_by_the_object_change_nothing(border: Border) -> None:
    model = sequential()
    outputs = model.predict(X, verbose=0)
    lie_on_the_object(model)
    restored = border.carry(model)
    assert restored.count_params() == REAL_COUNT
    np.testing.assert_array_equal(restored.predict(X, verbose=0), outputs)


@pytest.mark.parametrize("cls", [LyingClass, LyingLayers])
def test_lies_told_by_the_class_change_nothing(border: Border, cls: type) -> None:
    model = sequential(cls)
    outputs = keras.Sequential.predict(model, X, verbose=0)
    restored = border.carry(model)
    assert restored.count_params() == REAL_COUNT
    np.testing.assert_array_equal(restored.predict(X, verbose=0), outputs)


def test_capture_leaves_the_live_model_as_it_was(border: Border) -> None:
    model = sequential()
    model.compile("adam", "mse")
    history = model.fit(X, np.ones(6), verbose=0)
    before = model.get_weights(), model.get_config(), [len(layer._inbound_nodes) for layer in model.layers]
    border.record(model)
    assert model.history is history
    assert model.get_config() == before[1]
    assert keras.Model(model.inputs, model.layers[0].output).predict(X, verbose=0).shape == (6, 4)
    for found, wanted in zip(model.get_weights(), before[0], strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_capture_draws_no_random_number(border: Border) -> None:
    """Else training after a check would end elsewhere than without it."""
    import random

    model = normalised()
    state = random.getstate(), np.random.get_state()[1].tolist()
    border.record(model)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == state


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """Without `get_config`, as in many a tutorial."""

    def __call__(self, step: Any) -> float:
        return 0.01


def compiled(**options: Any) -> Any:
    model = sequential()
    model.compile(**options)
    return model


def test_facts_tell_how_a_model_was_compiled() -> None:
    model = compiled(optimizer=keras.optimizers.Adam(0.25), loss="binary_crossentropy", metrics=["accuracy"])
    facts = facts_of(model)
    assert (facts["parameters"], facts["trainable"]) == (REAL_COUNT, REAL_COUNT)
    assert [(layer["class"], layer["units"], layer["activation"]) for layer in facts["layers"]] == [
        ("Dense", 4, "relu"),
        ("Dense", 1, "sigmoid"),
    ]
    told = facts["compiled"]
    assert (told["optimizer"], told["loss"], told["metrics"]) == ("Adam", "binary_crossentropy", ["accuracy"])
    assert told["optimizer_settings"]["learning_rate"] == 0.25


def test_an_uncompiled_model_has_no_compile_facts() -> None:
    assert facts_of(sequential())["compiled"] is None


@pytest.mark.parametrize(
    "options",
    [{"optimizer": keras.optimizers.SGD(Schedule())}, {"optimizer": "sgd", "loss": lambda a, b: keras.ops.mean(a - b)}],
    ids=["own schedule", "lambda as loss"],
)
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_facts_are_best_effort(border: Border, options: Any) -> None:
    restored = border.carry(compiled(**options))
    assert restored.count_params() == REAL_COUNT
