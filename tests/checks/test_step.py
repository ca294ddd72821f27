"""A step of the examiner's own is the step Keras takes."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from fairmark.checks import Step, assert_same_step, compiled, reference_step

L = keras.layers
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(8, 3)).astype("float32")
Y = RANDOM.normal(size=8).astype("float32")


def network(rate: float = 0.0) -> Any:
    return keras.Sequential(
        [keras.Input((3,)), L.Dense(4, "tanh"), L.BatchNormalization(), L.Dropout(rate), L.Dense(1)]
    )


def keras_step(model: Any, optimizer: Any, loss: Any) -> dict[str, Any]:
    model.compile(optimizer, loss, run_eagerly=True)
    found = model.train_on_batch(X, Y)
    return {"loss": float(np.asarray(found)), "weights": model.get_weights()}


@pytest.mark.parametrize(
    ("optimizer", "same"),
    [("rmsprop", "rmsprop"),
     (keras.optimizers.SGD(0.5, momentum=0.9), ("sgd", {"learning_rate": 0.5, "momentum": 0.9})),
     (keras.optimizers.Adam(0.1, global_clipnorm=0.01), keras.optimizers.Adam(0.1, global_clipnorm=0.01))],
    ids=["name", "pair", "object"],
)  # fmt: skip
@pytest.mark.parametrize("loss", ["mse", keras.losses.Huber(), lambda y, p: keras.ops.mean(keras.ops.abs(y - p))])
def test_a_step_is_the_one_keras_takes(optimizer: Any, same: Any, loss: Any) -> None:
    model = network()
    start = model.get_weights()
    expected = reference_step(model, start, X, Y, loss=loss, optimizer=same)
    assert all(map(np.array_equal, model.get_weights(), start)), "the model stays as it is"
    if not isinstance(optimizer, str):
        optimizer = type(optimizer).from_config(optimizer.get_config())
    assert_same_step(keras_step(model, optimizer, loss), expected)


def test_training_matters_to_batch_normalisation() -> None:
    model = network()
    in_training = reference_step(model, None, X, Y)
    without = reference_step(model, None, X, Y, training=False)
    start = [np.asarray(weight) for weight in model.non_trainable_weights]
    assert all(map(np.array_equal, without.state, start))
    assert not any(map(np.array_equal, in_training.state, start))
    with pytest.raises(AssertionError, match="differs by up to"):
        assert_same_step({"weights": list(without.weights)}, in_training)


def test_a_penalty_is_part_of_the_step() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(1, kernel_regularizer="l2")])
    expected = reference_step(model, None, X, Y, "mse", "sgd")
    assert_same_step(keras_step(model, "sgd", "mse"), expected)


def test_gradients_are_those_of_the_formula() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(1, use_bias=False)])
    (kernel,) = model.get_weights()
    step = reference_step(model, None, X, Y, "mse", ("sgd", {"learning_rate": 1.0}))
    gradient = 2 * X.T @ (X @ kernel - Y.reshape(-1, 1)) / len(X)
    assert_same_step({"gradients": [gradient], "weights": [kernel - gradient]}, step)
    assert step.loss == pytest.approx(float(np.mean((X @ kernel - Y.reshape(-1, 1)) ** 2)), rel=1e-5)


def test_given_weights_are_where_it_starts() -> None:
    model = network()
    zeros = [np.zeros_like(weight) for weight in model.get_weights()]
    assert reference_step(model, zeros, X, Y, "mse").loss == pytest.approx(float(np.mean(Y**2)), rel=1e-5)


def test_a_models_json_does_as_well() -> None:
    model = network()
    model.compile("sgd", "mse")
    expected = reference_step(model, None, X, Y)
    assert_same_step(vars(reference_step(model.to_json(), model.get_weights(), X, Y)), expected)
    data = keras.saving.serialize_keras_object(model)
    assert_same_step(vars(reference_step(data, model.get_weights(), X, Y)), expected)


def test_a_restored_model_does_as_well(restored: Callable[[Any], Any]) -> None:
    model = network()
    model.compile(keras.optimizers.SGD(0.25), keras.losses.Huber(0.5))
    back = restored(model)
    told = compiled(back)
    found = reference_step(back, None, X, Y, told.loss, (told.optimizer, told.optimizer_settings))
    assert_same_step(keras_step(model, keras.optimizers.SGD(0.25), keras.losses.Huber(0.5)), found)


def test_dropout_has_no_reference_in_training() -> None:
    with pytest.raises(AssertionError, match="the model is random in training"):
        reference_step(network(0.5), None, X, Y)
    assert reference_step(network(0.5), None, X, Y, training=False).loss > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": None}, "a Keras model is asked, found None"),
        ({"model": "x"}, "a model, or Keras's JSON of one, is asked; found 'x'"),
        ({"model": {}}, "weights are asked with a model's JSON"),
        ({"weights": ...}, "a list of weights is asked, found the placeholder"),
        ({"weights": [np.zeros(3)]}, "no step can be taken with these weights"),
        ({"weights": ["a"]}, "array 1 of the weights should be an array of numbers"),
        ({"x": np.ones((8, 7), "float32")}, "the batch does not fit the model"),
        ({"y": np.ones(5)}, "the batch does not fit the model"),
        ({"loss": "nix"}, "a loss is asked, found 'nix'"),
        ({"optimizer": "nix"}, "an optimizer of Keras is asked, found 'nix'"),
        ({"optimizer": ...}, "an optimizer of Keras is asked, found the placeholder"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(options: dict[str, Any], words: str) -> None:
    given = {"model": network(), "weights": None, "x": X, "y": Y, **options}
    with pytest.raises(AssertionError, match=words):
        reference_step(**given)


STEP = Step(0.5, (np.zeros((2, 1)), np.ones(1)), (np.ones((2, 1)), np.ones(1)), ())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"loss": 0.6}, "the loss differs by up to 0.1"),
        ({"weights": [np.zeros((2, 1))]}, "there are 1 arrays of weights, where the model has 2"),
        ({"weights": [np.zeros((2, 1)), 1.1 * np.ones(1)]}, r"weights, array 2 of 2 \(1,\) differs by up to 0.1"),
        ({"gradients": [np.ones(2), np.ones(1)]}, r"should have the shape \(2, 1\); it has \(2,\)"),
        ({"gradients": None}, "gradients should be a list of arrays, found None"),
        ({"gradients": [..., ...]}, "should be an array of numbers, found the placeholder"),
        ({"loss": None}, "the loss should be an array of numbers, found None"),
        ({"loss": float("nan")}, "the loss differs by up to nan"),
        ({"other": 1}, "a step's loss, weights or gradients are asked, found other"),
        (..., "found the placeholder"),
    ],
    ids=str,
)
def test_another_step_is_told_apart(found: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_same_step(found, STEP)
