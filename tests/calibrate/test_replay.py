"""Many seeds at once train as Keras's ``fit`` does."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark.calibrate.agreement import agree
from fairmark.calibrate.replay.engine import replay
from fairmark.calibrate.replay.recipe import FILE, NotReplayable, Recipe
from fairmark.evidence.blobs import digest_of
from fairmark.evidence.fits import SUFFIX, write_array
from fairmark.evidence.models import architecture_of

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(50, 3))
TARGETS = POINTS @ np.array([1.0, -2.0, 0.5]) + 0.3 * RNG.normal(size=50)
WORDS = (RNG.random(size=(70, 400)) < RNG.beta(0.3, 10, size=(70, 1))).astype("uint8")
WORDS[3] = 0
LIKED = (WORDS[:, ::2].sum(axis=1) > WORDS[:, 1::2].sum(axis=1)).astype("float32")

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Write a recipe; the processes that replay it can't import TensorFlow or otter."""
    for name in ("tensorflow", "otter"):
        (tmp_path / "none" / name).mkdir(parents=True)
        (tmp_path / "none" / name / "__init__.py").write_text("raise RuntimeError('replay needs none of this')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "none"))

    def write(model: Any, x: Any, y: Any, **settings: Any) -> Path:
        arrays = tmp_path / "arrays"
        arrays.mkdir(exist_ok=True)
        for array in (x, y):
            write_array(arrays / f"{digest_of(array)}{SUFFIX}", array)
        architecture, reason = architecture_of(model)
        assert architecture is not None, reason
        given = {"optimizer": "rmsprop", "loss": "mse", "batch_size": 8, "shuffle": True, "epochs": (3,), **settings}
        recipe = Recipe(architecture=architecture, x=digest_of(x), y=digest_of(y), **given)
        recipe.write(tmp_path / "recipe", arrays)
        return tmp_path / "recipe"

    return write


def weights(folder: Path, seeds: range, processes: int = 1) -> dict[int, tuple[Any, ...]]:
    done = replay(folder, seeds, processes, lambda _: None)
    return {found.seed: found.weights for found in done.weights.read(seeds)}


def test_without_chance_the_weights_are_those_of_fit(make: Make) -> None:
    import keras

    layers = keras.layers
    constant = {"kernel_initializer": keras.initializers.Constant(0.1)}
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, "tanh", kernel_regularizer=keras.regularizers.L2(0.01), **constant),
            layers.BatchNormalization(),
            layers.Dense(1, kernel_constraint="non_neg", **constant),
        ]
    )
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.05, 5, 0.9), clipnorm=0.5)
    described = keras.saving.serialize_keras_object(optimizer)
    folder = make(model, POINTS, TARGETS, optimizer=described, shuffle=False, epochs=(4,))
    found = weights(folder, range(2))
    model.compile(optimizer, "mse")
    model.fit(POINTS, TARGETS, batch_size=8, epochs=4, shuffle=False, verbose=0)
    for seed in (0, 1):
        for mine, theirs in zip(found[seed], model.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("form", ["sequence", "chain", "branches"])
def test_a_table_of_words_trains_as_fit_does(make: Make, form: str) -> None:
    import keras

    layers = keras.layers
    constant = {"kernel_initializer": keras.initializers.Constant(0.02)}
    words, hidden = keras.Input((400,)), layers.Dense(3, "relu", **constant)
    last = layers.Dense(1, "sigmoid", **constant)
    if form == "sequence":
        model = keras.Sequential([words, hidden, last])
    elif form == "chain":
        model = keras.Model(words, last(hidden(words)))
    else:
        model = keras.Model(words, last(layers.concatenate([hidden(words), words])))
    folder = make(model, WORDS, LIKED, loss="binary_crossentropy", batch_size=16, shuffle=False, epochs=(5,))
    (found,) = weights(folder, range(1)).values()
    model.compile("rmsprop", "binary_crossentropy")
    model.fit(WORDS, LIKED, batch_size=16, epochs=5, shuffle=False, verbose=0)
    for mine, theirs in zip(found, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)


def test_seeds_have_the_distribution_of_fits(make: Make) -> None:
    import keras

    def build() -> Any:
        layers = keras.layers
        hidden = [layers.Dense(8, "relu"), layers.BatchNormalization(), layers.Dropout(0.3)]
        model = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.05), "mse")
        return model

    folder = make(build(), POINTS, TARGETS, optimizer={"module": "keras.optimizers", "class_name": "SGD",
                  "config": {"learning_rate": 0.05}, "registered_name": None}, epochs=(2, 4))  # fmt: skip
    fits = []
    for seed in range(8):
        keras.utils.set_random_seed(seed)
        model = build()
        model.fit(POINTS, TARGETS, batch_size=8, epochs=(2, 4)[seed % 2], verbose=0)
        fits.append(model.get_weights())

    def error(weights: Any) -> float:
        model.set_weights(weights)
        return float(np.mean(np.abs(np.asarray(model(POINTS))[:, 0] - TARGETS)))

    found = weights(folder, range(40))
    fitted, replayed = [error(fit) for fit in fits], [error(found[seed]) for seed in range(40)]
    assert len(set(replayed)) == 40
    assert agree(fitted, replayed).agrees

    # The same seed again, with others beside it, is the same to rounding.
    for path in (folder / "weights-cpu").glob("*.npz"):
        path.unlink()
    told: list[int] = []
    fresh = replay(folder, range(5, 8), 1, told.append)
    for mine in fresh.weights.read([6]):
        for one, other in zip(mine.weights, found[6], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    assert (sum(told), fresh.trained) == (3, 3)
    assert replay(folder, range(5, 8), 2, told.append).trained == 0


ROWS = np.array([[1.0, 0.0], [1.0, 1.0], [0.5, -1.0]])
ANSWERS = np.array([1.0, -2.0, 3.0])
RATE = 0.2


def descended(order: Sequence[int]) -> Any:
    """The weights of a linear model without a bias after steps of SGD on one row each."""
    weight = np.zeros(2)
    for row in order:
        weight -= RATE * 2 * (weight @ ROWS[row] - ANSWERS[row]) * ROWS[row]
    return weight


def orders_of(weight: Any, steps: int) -> list[tuple[int, ...]]:
    """The orders, the same in each epoch or not, that lead to ``weight``."""
    epochs = itertools.product(itertools.permutations(range(3)), repeat=steps // 3)
    orders = [tuple(itertools.chain(*parts)) for parts in epochs]
    return [order for order in orders if np.allclose(descended(order), weight, atol=1e-4)]


def in_one_call(model: Any) -> None:
    model.fit(ROWS, ANSWERS, batch_size=1, epochs=2, verbose=0)


def in_two_calls(model: Any) -> None:
    for _ in range(2):
        model.fit(ROWS, ANSWERS, batch_size=1, verbose=0)


def in_a_pipeline(buffer: int) -> Callable[[Any], None]:
    def fit(model: Any) -> None:
        import tensorflow as tf

        rows = tf.data.Dataset.from_tensor_slices((ROWS, ANSWERS)).shuffle(buffer)
        model.fit(rows.batch(1), epochs=2, verbose=0)

    return fit


PERMUTATIONS = set(itertools.permutations(range(3)))


# A pipeline warns that `fit` can't shuffle it.
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed, but will be ignored")
@pytest.mark.parametrize(
    ("fit", "recorded", "alike", "possible"),
    [
        (in_one_call, {}, True, PERMUTATIONS),
        (in_two_calls, {}, True, PERMUTATIONS),
        (in_a_pipeline(3), {"buffer": 3}, False, PERMUTATIONS),
        (in_a_pipeline(2), {"buffer": 2}, False, {p for p in PERMUTATIONS if p[0] != 2}),
    ],
)
def test_rows_come_in_the_orders_of_keras(
    make: Make,
    fit: Callable[[Any], None],
    recorded: dict[str, int],
    alike: bool,
    possible: set[tuple[int, ...]],
) -> None:
    """Are both epochs of a training shuffled ``alike``, and is each of the ``possible`` orders seen?"""
    import keras

    def build() -> Any:
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input((2,)), dense])
        model.compile(keras.optimizers.SGD(RATE), "mse")
        return model

    sgd = keras.saving.serialize_keras_object(keras.optimizers.SGD(RATE))
    folder = make(build(), ROWS, ANSWERS, optimizer=sgd, batch_size=1, epochs=(2,), **recorded)
    replayed = [found[0][:, 0] for found in weights(folder, range(60)).values()]
    fitted = []
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        model = build()
        fit(model)
        fitted.append(model.get_weights()[0][:, 0])
    for found in (replayed, fitted):
        orders = [order for weight in found for order in orders_of(weight, 6)]
        assert len(orders) == len(found)
        assert all(order[:3] == order[3:] for order in orders) is alike
        assert {order[:3] for order in orders} | {order[3:] for order in orders} <= possible
        assert len(set(orders)) > 1
    assert {order[:3] for weight in replayed for order in orders_of(weight, 6)} == possible


def test_a_loss_that_is_not_kerass_own(make: Make) -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    loss = {"module": "builtins", "class_name": "function", "config": "my_loss", "registered_name": "function"}
    with pytest.raises(NotReplayable, match="its loss is not one of Keras's own"):
        replay(make(model, POINTS, TARGETS, loss=loss), range(1), 1, lambda _: None)


def test_another_recipe_takes_no_weights_over(make: Make) -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    folder = make(model, POINTS, TARGETS)
    (folder / "weights-cpu").mkdir()
    make(model, POINTS, TARGETS)
    assert (folder / "weights-cpu").is_dir()
    make(model, POINTS, TARGETS, epochs=(5,))
    assert not (folder / "weights-cpu").exists()


def test_other_versions_than_the_recipe_names_train_nothing(make: Make) -> None:
    import keras

    folder = make(keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), POINTS, TARGETS)
    path = folder / FILE
    path.write_text(path.read_text().replace(f'"keras": "{keras.__version__}"', '"keras": "3.0.1"'))
    with pytest.raises(NotReplayable, match=rf"for keras 3.0.1 and jax .*, and here is keras {keras.__version__}"):
        replay(folder, range(1), 1, lambda _: None)
