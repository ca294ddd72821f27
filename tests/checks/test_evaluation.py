"""Measures are computed in float64, as the textbooks have them, for probabilities and logits."""

from typing import Any

import keras
import numpy as np
import pytest

from fairmark.checks import (
    accuracy,
    binary_cross_entropy,
    mean_absolute_error,
    probabilities,
    root_mean_squared_error,
)
from fairmark.evidence.records import UnrebuiltModel

X = np.linspace(-3, 3, 12, dtype="float32").reshape(6, 2)
Y = np.array([0, 1, 0, 1, 1, 1])


def network(activation: str | None = None, units: int = 1) -> Any:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation)])
    model.set_weights([np.linspace(-1, 2, 2 * units).reshape(2, units), np.linspace(0, 0.5, units)])
    return model


LOGITS = (X.astype("float64") @ [[-1.0], [2.0]]).ravel()
CHANCES = 1 / (1 + np.exp(-LOGITS))


@pytest.mark.parametrize("y", [Y, Y.reshape(-1, 1), Y.astype("float32"), Y.tolist(), Y.astype(bool)])
def test_accuracy_of_probabilities(y: Any) -> None:
    assert accuracy(network("sigmoid"), X, y) == pytest.approx(np.mean((CHANCES > 0.5) == Y))


def test_probabilities_and_logits_are_worth_the_same() -> None:
    ended, open_ended = network("sigmoid"), network()
    np.testing.assert_allclose(probabilities(open_ended, X), probabilities(ended, X), atol=1e-6)
    assert (
        accuracy(open_ended, X, Y, from_logits=None) == accuracy(ended, X, Y, from_logits=None) == accuracy(ended, X, Y)
    )
    expected = binary_cross_entropy(ended, X, Y)
    for from_logits in (True, None):
        assert binary_cross_entropy(open_ended, X, Y, from_logits=from_logits) == pytest.approx(expected, rel=1e-5)


def test_cross_entropy_is_that_of_keras_without_penalties() -> None:
    model = network("sigmoid")
    model.layers[0].kernel.regularizer = keras.regularizers.L2(0.1)
    expected = float(np.mean(keras.losses.binary_crossentropy(Y.reshape(-1, 1), model.predict(X, verbose=0))))
    assert binary_cross_entropy(model, X, Y) == pytest.approx(expected, rel=1e-5)


def test_extreme_outputs_have_a_finite_cross_entropy() -> None:
    sure = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    x = np.array([[0.0], [1.0]], dtype="float32")
    assert binary_cross_entropy(sure, x, [1, 0]) == pytest.approx(-np.log(1e-7), rel=1e-6)
    assert binary_cross_entropy(sure, 1e4 * x, [0, 1], from_logits=True) == pytest.approx(np.log(2) / 2)


def test_errors_of_a_regression() -> None:
    targets = Y * 2.5
    assert mean_absolute_error(network(), X, targets) == pytest.approx(np.mean(np.abs(LOGITS - targets)))
    assert root_mean_squared_error(network(), X, targets) == pytest.approx(np.sqrt(np.mean((LOGITS - targets) ** 2)))


def test_several_columns_go_through_a_softmax() -> None:
    found = probabilities(network(units=3), X)
    assert found.shape == (6, 3)
    np.testing.assert_allclose(found, probabilities(network("softmax", 3), X), atol=1e-6)


def test_outputs_without_a_graph_are_logits_if_they_are_no_probabilities() -> None:
    from hashlib import sha256

    from fairmark.evidence.blobs import npy_bytes

    key = sha256(npy_bytes(X)).hexdigest()
    kept = {"chances": CHANCES.reshape(-1, 1), "logits": LOGITS.reshape(-1, 1)}
    for outputs in kept.values():
        model = UnrebuiltModel("own `call`", {}, {key: outputs.astype("float32")})
        np.testing.assert_allclose(probabilities(model, X).ravel(), CHANCES, atol=1e-6)


MEASURES = [accuracy, mean_absolute_error, root_mean_squared_error, binary_cross_entropy]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("model", "y", "words"),
    [
        (network(units=2), Y, r"found outputs of shape \(6, 2\), one a row is asked"),
        (network(), Y[:4], "one a row is asked"),
        (network(), np.ones((6, 2)), r"one number a row; found the shape \(6, 2\)"),
        (network(), [], "one number a row"),
        (network(), ..., "one number a row; found the placeholder"),
        (network(), None, "one number a row"),
        (None, Y, "a Keras model is asked, found None"),
        (keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)]), Y, r"can't take inputs of the shape \(6, 2\)"),
    ],
    ids=["two outputs", "too few", "two columns", "none", "placeholder", "None", "no model", "other inputs"],
)
def test_what_cannot_be_measured_is_named(measure: Any, model: Any, y: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        measure(model, X, y)
