"""Outputs are computed by fairmark itself, kept by model and data, and counted exactly."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from fairmark.checks import correct_predictions, predictions
from fairmark.checks.examination import Examination, examination
from fairmark.evidence.blobs import npy_bytes
from fairmark.evidence.records import NotExamined, UnrebuiltModel
from fairmark.evidence.restore import Rebuilt

X = np.array([[0.25], [0.5], [0.75]], dtype="float32")


@pytest.fixture(scope="module")
def identity() -> Any:
    """Gives back its input."""
    return keras.Sequential([keras.Input((1,)), keras.layers.Identity()])


@pytest.fixture
def examined(identity: Any, tmp_path: Path) -> Iterator[Path]:
    """An examination in which ``identity`` was rebuilt; where its outputs are kept."""
    folder = tmp_path / "predictions"
    with examination(Examination({}, "data", folder, {id(identity): Rebuilt(identity, "d" * 64, {})})):
        yield folder


@pytest.mark.parametrize(
    ("labels", "correct"),
    [([0, 0, 1], 3), ([0, 1, 1], 2), ([1, 1, 0], 0), ([False, False, True], 3), ([[0], [0], [1]], 3)],
)
def test_a_class_is_an_output_above_a_half(identity: Any, labels: Any, correct: int) -> None:
    """0.5 itself is class 0."""
    found = correct_predictions(identity, X, np.array(labels))
    assert (found, type(found)) == (correct, int)


def test_outputs_that_are_no_numbers_are_wrong_for_class_1(identity: Any) -> None:
    assert correct_predictions(identity, np.full((2, 1), np.nan, "float32"), np.array([1, 1])) == 0


def test_two_outputs_a_row_are_named() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    with pytest.raises(AssertionError, match=r"found outputs of shape \(3, 2\), one a row is asked"):
        correct_predictions(model, X, np.array([0, 0, 1]))


def test_as_many_labels_as_rows_are_asked(identity: Any) -> None:
    with pytest.raises(AssertionError, match="found outputs of shape"):
        correct_predictions(identity, X, np.array([0, 1]))


def test_a_method_that_lies_is_not_asked() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.predict = model.predict_on_batch = model.call = lambda *args, **kwargs: np.ones((3, 1))
    assert predictions(model, X).tolist() == X.tolist()


@pytest.mark.parametrize("rows", [1, 512, 1300])
def test_outputs_are_those_of_predict_to_the_last_bit(rows: int) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dropout(0.5)])
    x = np.random.default_rng(rows).normal(size=(rows, 3)).astype("float32")
    np.testing.assert_array_equal(predictions(model, x), model.predict(x, batch_size=512, verbose=0))


def test_several_outputs_are_stacked() -> None:
    entry = keras.Input((1,))
    model = keras.Model(entry, [keras.layers.Rescaling(scale)(entry) for scale in (1, 2)])
    assert predictions(model, X).tolist() == [X.tolist(), (2 * X).tolist()]


def test_outputs_are_computed_once(identity: Any, examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = predictions(identity, X)
    monkeypatch.setattr(keras.Model, "predict_on_batch", lambda *args, **kwargs: pytest.fail("computed again"))
    np.testing.assert_array_equal(predictions(identity, X), first)
    assert [path.suffix for path in examined.iterdir()] == [".npy"]


def test_other_inputs_are_kept_apart(identity: Any, examined: Path) -> None:
    predictions(identity, X)
    assert predictions(identity, X + 1).tolist() == (X + 1).tolist()


def test_a_model_that_was_not_rebuilt_here_is_not_kept(examined: Path) -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    assert predictions(model, X).tolist() == X.tolist()
    assert not examined.exists()


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: b"", lambda data: b"x" * len(data)],
    ids=["cut", "empty", "other bytes"],
)
def test_a_damaged_file_of_outputs_is_computed_again(identity: Any, examined: Path, damage: Any) -> None:
    """It is the grader's own: no student may lose a point by it."""
    predictions(identity, X)
    (path,) = examined.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert predictions(identity, X).tolist() == X.tolist()


def test_a_model_without_a_graph_has_the_outputs_it_gave() -> None:
    kept = np.array([[0.0], [0.0], [1.0]], dtype="float32")
    model = UnrebuiltModel("a `call` of its own", {}, {sha256(npy_bytes(X)).hexdigest(): kept})
    assert correct_predictions(model, X, np.array([0, 0, 1])) == 3
    with pytest.raises(NotExamined, match="was not asked about these inputs"):
        predictions(model, X + 1)


def test_outputs_taken_from_a_models_word_are_noted(identity: Any, examined: Path) -> None:
    model = UnrebuiltModel("a `call` of its own", {}, {sha256(npy_bytes(X)).hexdigest(): X})
    predictions(identity, X)
    assert model.claims == []
    predictions(model, X)
    assert model.claims == ["predictions"]
