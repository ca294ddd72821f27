"""Regularizers and initialisers are known by what they do."""

from typing import Any

import keras
import numpy as np
import pytest

from fairmark.checks import Penalty, canonical_initializer, penalty, penalty_value
from tests.checks.spelling import spelled

R, I = keras.regularizers, keras.initializers  # noqa: E741


@pytest.mark.parametrize(
    ("regularizer", "charged"),
    [
        (None, Penalty()),
        ("l2", Penalty(l2=0.01)),
        (R.L2, Penalty(l2=0.01)),
        (R.l2(0.01), Penalty(l2=0.01)),
        (R.L1L2(l2=0.01), Penalty(l2=0.01)),
        (lambda w: 0.01 * keras.ops.sum(w * w), Penalty(l2=0.01)),
        ({"class_name": "L2", "config": {"l2": 0.01}}, Penalty(l2=0.01)),
        (R.L2(0.001), Penalty(l2=0.001)),
        ("l1", Penalty(l1=0.01)),
        (R.L1(0.3), Penalty(l1=0.3)),
        (R.L1L2(0.001, 0.002), Penalty(0.001, 0.002)),
        (R.L1L2(), Penalty()),
        (R.L2(0.0), Penalty()),
    ],
    ids=spelled,
)
def test_a_penalty_is_what_it_charges(regularizer: Any, charged: Penalty) -> None:
    assert penalty(regularizer) == charged


def test_a_penalty_of_another_form_is_told_apart() -> None:
    halved = penalty(lambda w: 0.01 * keras.ops.mean(w * w))
    orthogonal = penalty(R.OrthogonalRegularizer())
    assert halved.other
    assert orthogonal.other
    assert halved != orthogonal
    assert penalty(R.OrthogonalRegularizer(mode="columns")) != orthogonal == penalty(R.OrthogonalRegularizer())


@pytest.mark.parametrize("thing", [..., 3, "nix", keras.losses.mean_squared_error], ids=spelled)
def test_what_is_no_regularizer_is_named(thing: Any) -> None:
    with pytest.raises(AssertionError, match="a regularizer is asked, found"):
        penalty(thing)


@pytest.mark.parametrize(
    ("charged", "words"),
    [(Penalty(), "none"), (Penalty(0.1, 0.2), "L1 0.1 + L2 0.2"), (Penalty(l2=0.01), "L2 0.01"),
     (Penalty(other=(1.0,)), "of another form")],
)  # fmt: skip
def test_a_penalty_reads_as_words(charged: Penalty, words: str) -> None:
    assert str(charged) == words


def test_the_penalty_of_a_model_is_computed_from_its_weights() -> None:
    model = keras.Sequential([
        keras.Input((3,)),
        keras.layers.Dense(2, kernel_regularizer=R.L1L2(0.1, 0.2), activity_regularizer="l2"),
        keras.layers.Dense(2, bias_regularizer=R.L2(0.5), trainable=False),
        keras.layers.Dense(1, kernel_regularizer=R.OrthogonalRegularizer(mode="rows")),
    ])  # fmt: skip
    kernel = np.arange(6.0).reshape(3, 2) - 2
    values = [kernel, np.ones(2), np.ones((2, 2)), np.array([3.0, 4.0]), np.array([[1.0], [2.0]]), np.zeros(1)]
    for number, layer in enumerate(model.layers):
        layer.set_weights(values[2 * number : 2 * number + 2])
    expected = 0.1 * np.abs(kernel).sum() + 0.2 * np.square(kernel).sum() + 0.01 * 0.5 * 2
    assert penalty_value(model) == pytest.approx(expected, rel=1e-6)


def test_the_penalty_is_what_keras_adds_to_the_loss() -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_regularizer="l2", bias_regularizer="l1")])
    assert penalty_value(model) == pytest.approx(float(sum(model.losses)), rel=1e-6)


def test_a_model_without_penalties_costs_nothing() -> None:
    assert penalty_value(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])) == 0.0


@pytest.mark.parametrize(
    ("initializer", "canonical"),
    [
        ("glorot_uniform", ("glorot_uniform", {})),
        (I.GlorotUniform(seed=3), ("glorot_uniform", {})),
        (I.VarianceScaling(1.0, "fan_avg", "uniform"), ("glorot_uniform", {})),
        (I.VarianceScaling(2.0, "fan_in", "truncated_normal", seed=1), ("he_normal", {})),
        ("zeros", ("zeros", {})),
        (I.Constant(0.0), ("zeros", {})),
        (I.Constant(0.25), ("constant", {"value": 0.25})),
        (I.RandomNormal(stddev=0.5), ("random_normal", {"mean": 0.0, "stddev": 0.5})),
    ],
    ids=spelled,
)
def test_an_initializer_is_what_it_draws(initializer: Any, canonical: Any) -> None:
    assert canonical_initializer(initializer) == canonical
