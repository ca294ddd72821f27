"""Layers and parameters as an author thinks of them."""

from typing import Any

import keras
import numpy as np
import pytest

from fairmark.checks import Parameters, Penalty, layers, parameters
from fairmark.evidence.records import NotExamined, UnrebuiltModel

L = keras.layers


def dense(*steps: Any, inputs: tuple[int, ...] = (4,)) -> Any:
    return keras.Sequential([keras.Input(inputs), *steps])


def test_an_activation_belongs_to_the_layer_it_follows() -> None:
    written = [
        dense(L.Dense(3, "relu"), L.Dense(1, "sigmoid")),
        dense(L.Dense(3), L.ReLU(), L.Dense(1), L.Activation("sigmoid")),
    ]
    for model in written:
        assert [(layer.kind, layer.units, layer.activation) for layer in layers(model)] == [
            ("Dense", 3, "relu"),
            ("Dense", 1, "sigmoid"),
        ]


def test_what_a_layer_tells() -> None:
    (layer,) = layers(
        dense(L.Dense(3, "elu", use_bias=False, kernel_regularizer="l2", kernel_initializer="he_normal",
                      activity_regularizer=keras.regularizers.L1(0.1), trainable=False))
    )  # fmt: skip
    assert (layer.kind, layer.units, layer.activation, layer.shape, layer.parameters) == ("Dense", 3, "elu", (3,), 12)
    assert (layer.use_bias, layer.trainable, layer.rate) == (False, False, None)
    assert (layer.kernel_penalty, layer.bias_penalty) == (Penalty(l2=0.01), Penalty())
    assert layer.activity_penalty == Penalty(l1=0.1)
    assert layer.kernel_initializer == ("he_normal", {})
    assert str(layer) == "Dense of 3 units with elu"


def test_layers_of_one_kind() -> None:
    model = dense(L.Dense(3), L.Dropout(0.25), L.BatchNormalization(momentum=0.5), L.Dense(2))
    assert [layer.rate for layer in layers(model, "Dropout")] == [0.25]
    assert [layer.units for layer in layers(model, kind="Dense")] == [3, 2]
    assert layers(model, "BatchNormalization")[0].settings["momentum"] == 0.5
    assert layers(model, "LSTM") == ()


def test_an_activation_that_follows_no_layer_stands_alone() -> None:
    assert [str(layer) for layer in layers(dense(L.ReLU(), L.Dense(2)))] == ["activation with relu", "Dense of 2 units"]


def test_an_activation_of_one_of_two_ways_stands_alone() -> None:
    start = keras.Input((4,))
    hidden = L.Dense(3)(start)
    model = keras.Model(start, L.Add()([hidden, L.ReLU()(hidden)]))
    assert [(layer.kind, layer.activation) for layer in layers(model)] == [
        ("Dense", "linear"),
        ("activation", "relu"),
        ("Add", "linear"),
    ]


def test_a_curve_keras_has_no_name_for_is_other() -> None:
    assert [layer.activation for layer in layers(dense(L.Dense(2), L.LeakyReLU(0.07)))] == ["other"]


def test_a_recurrent_layer_keeps_its_activation_inside() -> None:
    (layer,) = layers(dense(L.LSTM(2), inputs=(5, 3)))
    assert (layer.kind, layer.units, layer.activation) == ("LSTM", 2, "tanh")


def test_parameters_are_counted() -> None:
    model = dense(L.Dense(3), L.BatchNormalization(), L.Dropout(0.5), L.Dense(1, trainable=False))
    assert parameters(model) == Parameters(
        total=15 + 12 + 4, trainable=15 + 6, non_trainable=6 + 4, per_layer=(15, 12, 4)
    )


def test_a_shared_layer_counts_once() -> None:
    left, right = keras.Input((4,)), keras.Input((4,))
    shared = L.Dense(3)
    model = keras.Model([left, right], L.Concatenate()([shared(left), shared(right)]))
    assert parameters(model) == Parameters(15, 15, 0, (15,))


def test_parameters_that_were_claimed() -> None:
    facts = {"built": True, "parameters": 9, "trainable": 5, "layers": [{"parameters": 9}, {"parameters": 0}, None]}
    model = UnrebuiltModel("r", facts)
    assert parameters(model) == Parameters(9, 5, 4, (9,))
    assert model.claims == ["parameters"]
    with pytest.raises(NotExamined):
        parameters(UnrebuiltModel("r", {"built": True, "layers": []}))
    with pytest.raises(AssertionError, match="never built"):
        parameters(UnrebuiltModel("r", {"built": False}))


@pytest.mark.parametrize(
    "thing", [..., None, np.ones(3), keras.Sequential([L.Dense(1)])], ids=lambda v: type(v).__name__
)
def test_what_has_no_parameters_is_named(thing: Any) -> None:
    with pytest.raises(AssertionError, match=r"a Keras model is asked, found|the model was never built"):
        parameters(thing)
