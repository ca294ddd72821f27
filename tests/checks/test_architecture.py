"""What is the same model to Keras has one canonical form; one change gives another."""

from collections.abc import Callable
from random import Random
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.checks import architecture, assert_same_architecture, layers
from fairmark.checks.layers import layers_of
from fairmark.evidence.records import NotExamined, UnrebuiltModel
from tests.checks.random_models import Otherwise, Plainly, changed, plans

L = keras.layers
R = keras.regularizers
seeds = st.integers(0, 2**32)


@settings(deadline=None, max_examples=25, database=None)
@given(plans, seeds)
def test_one_network_written_in_two_ways_is_one_architecture(plan: Any, seed: int) -> None:
    one, other = architecture(Plainly().model(plan)), architecture(Otherwise(Random(seed)).model(plan))
    assert one == other, one.difference(other)
    assert hash(one) == hash(other)
    assert one.difference(other) == ""
    assert [str(layer) for layer in layers_of(one)] == [str(layer) for layer in layers_of(other)]


@settings(deadline=None, max_examples=25, database=None)
@given(plans, seeds)
def test_one_change_is_another_architecture(plan: Any, seed: int) -> None:
    random = Random(seed)
    one, other = (
        architecture(Otherwise(random).model(plan)),
        architecture(Otherwise(random).model(changed(plan, random))),
    )
    assert one != other
    assert other.difference(one)


def dense(*steps: Any, inputs: tuple[int, ...] = (4,)) -> Any:
    return keras.Sequential([keras.Input(inputs), *steps])


def joined(join: Callable[[Any, Any], Any], shared: bool = False) -> Any:
    """Two inputs, a Dense on each (or the same on both), joined."""
    left, right = keras.Input((4,)), keras.Input((4,))
    first = L.Dense(3)
    return keras.Model([left, right], join(first(left), (first if shared else L.Dense(3))(right)))


SAME: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "input_shape": (
        lambda: dense(L.Dense(2)),
        lambda: keras.Sequential([L.InputLayer(shape=(4,)), L.Dense(2)]),
    ),
    "built later": (lambda: dense(L.Dense(2)), lambda: built(keras.Sequential([L.Dense(2)]))),
    "flatten or reshape": (
        lambda: dense(L.Flatten(), L.Dense(2), inputs=(3, 2)),
        lambda: dense(L.Reshape((6,)), L.Dense(2), inputs=(3, 2)),
    ),
    "flatten of what is flat": (lambda: dense(L.Dense(2)), lambda: dense(L.Flatten(), L.Dense(2))),
    "noise of strength 0": (lambda: dense(L.Dense(2)), lambda: dense(L.GaussianNoise(0.0), L.Dense(2))),
    "swish or silu": (lambda: dense(L.Dense(2, "swish")), lambda: dense(L.Dense(2), L.Activation("silu"))),
    "leaky": (
        lambda: dense(L.Dense(2), L.LeakyReLU(0.1)),
        lambda: dense(L.Dense(2, L.LeakyReLU(negative_slope=0.1))),
    ),
    "activation of a convolution": (
        lambda: dense(L.Conv1D(2, 3, activation="relu"), inputs=(8, 2)),
        lambda: dense(L.Conv1D(2, (3,)), L.ReLU(), inputs=(8, 2)),
    ),
    "pooling or mean": (
        lambda: dense(L.Conv1D(2, 3), L.GlobalAveragePooling1D(), inputs=(8, 2)),
        lambda: functional(lambda x: keras.ops.mean(L.Conv1D(2, 3)(x), axis=1), (8, 2)),
    ),
    "initialisers of one distribution": (
        lambda: dense(L.Dense(2)),
        lambda: dense(L.Dense(2, kernel_initializer=keras.initializers.VarianceScaling(1, "fan_avg", "uniform"))),
    ),
    "a bias that is not there": (
        lambda: dense(L.Dense(2, use_bias=False)),
        lambda: dense(L.Dense(2, use_bias=False, bias_initializer="ones", bias_regularizer="l2")),
    ),
    "regularizer of strength 0": (
        lambda: dense(L.Dense(2)),
        lambda: dense(L.Dense(2, kernel_regularizer=R.L1L2(), activity_regularizer=R.L2(0.0))),
    ),
    "penalty on activities": (
        lambda: dense(L.Dense(2, "relu", activity_regularizer="l2")),
        lambda: dense(L.Dense(2), L.ReLU(), L.ActivityRegularization(l2=0.01)),
    ),
    "sum of two": (lambda: joined(lambda a, b: L.Add()([a, b])), lambda: joined(lambda a, b: b + a)),
    "doubled": (
        lambda: functional(lambda x: L.Dense(2)(x) * 2.0),
        lambda: functional(lambda x: 2.0 * L.Dense(2)(x)),
    ),
    "one branch twice": (lambda: functional(twice_the_same_call), lambda: functional(one_call_used_twice)),
    "layers in one nested model": (
        lambda: dense(dense(L.Dense(3), dense(L.Dense(2), inputs=(3,))), L.Dense(1)),
        lambda: dense(L.Dense(3), L.Dense(2), L.Dense(1)),
    ),
    "nested and shared": (lambda: tower(nested=True), lambda: tower(nested=False)),
    "parts of an output": (
        lambda: functional(lambda x: L.Dense(1)(x[:, :2])),
        lambda: functional(lambda x: L.Dense(1)(x[:, 0:2])),
    ),
}  # fmt: skip


def functional(body: Callable[[Any], Any], inputs: tuple[int, ...] = (4,)) -> Any:
    start = keras.Input(inputs)
    return keras.Model(start, body(start))


def built(model: Any) -> Any:
    model.build((None, 4))
    return model


def twice_the_same_call(x: Any) -> Any:
    layer = L.Dense(3)
    return L.Concatenate()([L.ReLU()(layer(x)), L.Activation("relu")(layer(x))])


def one_call_used_twice(x: Any) -> Any:
    hidden = L.Dense(3, "relu")(x)
    return L.Concatenate()([hidden, hidden])


def tower(nested: bool) -> Any:
    """Two layers used on both of two inputs."""
    left, right = keras.Input((4,)), keras.Input((4,))
    first, second = L.Dense(3, "relu"), L.Dense(2)
    body = dense(first, second) if nested else lambda x: second(first(x))
    return keras.Model([left, right], L.Concatenate()([body(left), body(right)]))


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_the_same_to_keras_is_the_same_here(one: Any, other: Any) -> None:
    assert_same_architecture(one(), other())


OTHER: dict[str, tuple[Callable[[], Any], Callable[[], Any], str]] = {
    "units": (lambda: dense(L.Dense(2)), lambda: dense(L.Dense(3)), "layer 1 (Dense) has 2 units, where 3"),
    "activation": (lambda: dense(L.Dense(2, "relu")), lambda: dense(L.Dense(2, "tanh")), "has the activation relu, "),
    "softmax of one unit": (
        lambda: dense(L.Dense(1, "softmax")), lambda: dense(L.Dense(1, "sigmoid")), "has the activation softmax, where",
    ),
    "curve": (
        lambda: dense(L.Dense(2), L.LeakyReLU(0.1)), lambda: dense(L.Dense(2), L.LeakyReLU(0.2)),
        "has the activation other, where leaky_relu is expected",
    ),
    "rate": (lambda: dense(L.Dropout(0.5)), lambda: dense(L.Dropout(0.2)), "layer 1 (Dropout) has rate 0.5, where 0.2"),
    "dropout after the output": (
        lambda: dense(L.Dense(2), L.Dropout(0.5)), lambda: dense(L.Dropout(0.5), L.Dense(2)),
        "layer 1 is Dense of 2 units, where Dropout at 0.5 is expected",
    ),
    "strength": (
        lambda: dense(L.Dense(2, kernel_regularizer=R.L2(0.01))),
        lambda: dense(L.Dense(2, kernel_regularizer=R.L2(0.001))), "has kernel_regularizer L2 0.01, where L2 0.001 is",
    ),
    "L1 for L2": (
        lambda: dense(L.Dense(2, kernel_regularizer="l1")), lambda: dense(L.Dense(2, kernel_regularizer="l2")),
        "has kernel_regularizer L1 0.01, where L2 0.01",
    ),
    "bias for kernel": (
        lambda: dense(L.Dense(2, bias_regularizer="l2")), lambda: dense(L.Dense(2, kernel_regularizer="l2")),
        "has bias_regularizer L2 0.01, where none is expected",
    ),
    "before for after the activation": (
        lambda: dense(L.Dense(2, activity_regularizer="l2"), L.ReLU()),
        lambda: dense(L.Dense(2, "relu", activity_regularizer="l2")), "there are 2 layers",
    ),
    "use_bias": (lambda: dense(L.Dense(2, use_bias=False)), lambda: dense(L.Dense(2)), "has use_bias False"),
    "initialiser": (
        lambda: dense(L.Dense(2, kernel_initializer="he_normal")), lambda: dense(L.Dense(2)),
        "has kernel_initializer he_normal, where glorot_uniform",
    ),
    "constraint": (
        lambda: dense(L.Dense(2, kernel_constraint="non_neg")), lambda: dense(L.Dense(2)), "has kernel_constraint Non",
    ),
    "momentum": (
        lambda: dense(L.BatchNormalization(momentum=0.9)), lambda: dense(L.BatchNormalization()), "has momentum 0.9",
    ),
    "one layer more": (lambda: dense(L.Dense(2), L.Dense(2)), lambda: dense(L.Dense(2)), "there are 2 layers (Dense"),
    "none": (lambda: dense(L.Identity()), lambda: dense(L.Dense(2)), "gives the shapes|there are 0 layers (none)"),
    "inputs": (
        lambda: dense(L.Dense(2)), lambda: dense(L.Dense(2), inputs=(5,)), "takes the shapes (4,), where (5,) are",
    ),
    "number of inputs": (
        lambda: joined(lambda a, b: a + b), lambda: dense(L.Dense(2)), "the model takes 2 tensors, where 1",
    ),
    "shared layer": (
        lambda: joined(lambda a, b: a + b), lambda: joined(lambda a, b: a + b, shared=True), "there are 3 layers|alike",
    ),
    "order of a difference": (
        lambda: functional(lambda x: L.Dense(2)(x) - L.Dense(2, "relu")(x)),
        lambda: functional(lambda x: L.Dense(2, "relu")(x) - L.Dense(2)(x)), "alike, but otherwise connected",
    ),
    "order of parts": (
        lambda: joined(lambda a, b: L.Concatenate()([a, b])), lambda: joined(lambda a, b: L.Concatenate()([b, a])),
        "alike, but otherwise connected",
    ),
    "mask": (
        lambda: dense(L.Masking(), L.LSTM(2), inputs=(5, 2)), lambda: dense(L.LSTM(2), inputs=(5, 2)), "2 layers",
    ),
    "relu inside or after a recurrent layer": (
        lambda: dense(L.SimpleRNN(2, activation="relu"), inputs=(5, 2)),
        lambda: dense(L.SimpleRNN(2, activation="linear"), L.ReLU(), inputs=(5, 2)), "has activation relu",
    ),
    "which mask is dropped twice": (
        lambda: functional(lambda x: L.Concatenate()([L.Dropout(0.5)(x), L.Dropout(0.5)(x)])),
        lambda: functional(lambda x: (lambda dropped: L.Concatenate()([dropped, dropped]))(L.Dropout(0.5)(x))),
        "there are 3 layers",
    ),
    "skip": (
        lambda: functional(lambda x: L.Dense(4)(L.Dense(4)(x) + x)),
        lambda: functional(lambda x: L.Dense(4)(L.Dense(4)(x)) + x), "is",
    ),
    "pooled otherwise": (
        lambda: dense(L.MaxPooling1D(2), L.Flatten(), L.Dense(1), inputs=(8, 2)),
        lambda: dense(L.AveragePooling1D(2), L.Flatten(), L.Dense(1), inputs=(8, 2)), "layer 1 is MaxPooling1D, where",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "words"), OTHER.values(), ids=OTHER.keys())
def test_what_matters_is_told_apart_and_named(one: Any, other: Any, words: str) -> None:
    with pytest.raises(AssertionError) as error:
        assert_same_architecture(one(), other())
    assert any(part in str(error.value) for part in words.split("|")), str(error.value)


def network(**options: Any) -> Any:
    return dense(L.Dense(3, "relu", **options), L.Dropout(0.5), L.Dense(1, "sigmoid"))


IGNORED: dict[str, Callable[[], Any]] = {
    "initializers": lambda: network(kernel_initializer="he_normal"),
    "regularizers": lambda: network(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2"),
    "dropout": lambda: dense(L.Dense(3, "relu"), L.GaussianNoise(0.1), L.Dense(1, "sigmoid")),
    "trainable": lambda: network(trainable=False),
}


@pytest.mark.parametrize("part", IGNORED.keys())
def test_a_part_can_be_left_out(part: str) -> None:
    other = IGNORED[part]()
    assert architecture(other) != architecture(network())
    assert_same_architecture(other, network(), ignoring=(part,))
    for rest in set(IGNORED) - {part}:
        assert architecture(other).without(rest) != architecture(network()).without(rest)


def test_only_known_parts_can_be_left_out() -> None:
    with pytest.raises(AssertionError, match="can be left out, not units"):
        architecture(network()).without("units")


def test_logits_and_probabilities_are_alike_without_a_head() -> None:
    logits = dense(L.Dense(3, "relu"), L.Dropout(0.5), L.Dense(1))
    assert architecture(network()) != architecture(logits)
    assert architecture(network()).headless() == architecture(logits) == architecture(logits).headless()
    assert architecture(dense(L.Dense(1, "relu"))).headless() != architecture(dense(L.Dense(1)))


def test_a_network_is_told_in_nodes() -> None:
    form = architecture(network())
    assert (form.inputs, form.outputs) == (((4,),), ((1,),))
    assert [(node.kind, node.shape, node.parameters) for node in form.nodes] == [
        ("Dense", (3,), 15),
        ("activation", (3,), 0),
        ("Dropout", (3,), 0),
        ("Dense", (1,), 4),
        ("activation", (1,), 0),
    ]
    assert [node.settings.get("activation") for node in form.nodes] == [None, "relu", None, None, "sigmoid"]


def test_sharing_is_told_in_the_nodes() -> None:
    shared = architecture(joined(lambda a, b: a + b, shared=True))
    assert [node.weights for node in shared.nodes] == [0, 0, None]


@pytest.mark.parametrize(
    ("thing", "words"),
    [(..., "found the placeholder `...`"), (None, "found None"), (3, "found 3"), ("model", "found 'model'"),
     (np.zeros(3), r"found an array of shape \(3,\)"), (L.Dense(2), "found a Dense"),
     (keras.Sequential([L.Dense(2)]), "the model was never built")],
)  # fmt: skip
@pytest.mark.parametrize("look", [architecture, layers])
def test_what_is_no_model_is_named(look: Any, thing: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        look(thing)


def called(model: Any) -> Any:
    model(np.zeros((1, 4), "float32"))
    return model


class OwnCall(keras.Model):
    """Computes its output in Python."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = L.Dense(2)

    def call(self, x: Any) -> Any:
        return self.dense(x)


@pytest.mark.parametrize("model", [called(OwnCall()), UnrebuiltModel("own `call`")], ids=["live", "restored"])
def test_a_model_without_a_graph_is_not_examined(model: Any) -> None:
    with pytest.raises(NotExamined, match="graph is asked, and it can't be re"):
        architecture(model)


def test_looking_changes_nothing() -> None:
    model = network()
    before = model.get_weights(), np.asarray(model.layers[1].seed_generator.state).tolist()
    state = np.random.get_state()[1].tolist()
    architecture(model)
    assert np.asarray(model.layers[1].seed_generator.state).tolist() == before[1]
    assert np.random.get_state()[1].tolist() == state
    assert all(map(np.array_equal, model.get_weights(), before[0]))
