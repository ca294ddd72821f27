"""Which nodes of a manifest are learning curves, and what is made of those that a student forged."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.evidence.blobs import BlobWriter
from fairmark.evidence.histories import LARGEST, MAX_EPOCHS, learning_curves
from fairmark.evidence.write import Recorder
from tests.manifests import history, plain

NAN = {"$": "float", "value": "nan"}


def recorded(value: Any, folder: Path) -> Any:
    return Recorder(BlobWriter(folder, 1 << 20, 1 << 20)).node(value)


def test_what_keras_keeps_of_a_training_is_read(tmp_path: Path) -> None:
    import keras

    kept = keras.callbacks.History()
    kept.on_train_begin()
    kept.history = {"loss": [0.5, 0.25], "val_loss": [1, 0.75], "val_mae": [0.5]}
    curves = {"loss": (0.5, 0.25), "val_loss": (1.0, 0.75)}
    assert learning_curves(recorded(kept, tmp_path)) == curves
    assert learning_curves(recorded({"loss": [0.5, 0.25], "val_loss": [1, 0.75]}, tmp_path)) == curves


def test_a_metric_that_is_no_number_somewhere_is_left_out() -> None:
    strange: list[Any] = [NAN, math.nan, math.inf, 1e300, 10**400, -2 * LARGEST]
    curves = {"loss": [1.0, 2.0]} | {f"strange {place}": [1.0, value] for place, value in enumerate(strange)}
    assert learning_curves(history(curves)) == learning_curves(plain(curves)) == {"loss": (1.0, 2.0)}


def test_no_more_epochs_are_read_than_a_page_can_show() -> None:
    assert len(learning_curves(plain({"loss": [1.0] * 5000}))["loss"]) == MAX_EPOCHS


@pytest.mark.parametrize(
    "node",
    [
        None,
        3.5,
        "loss",
        [0.5, 0.25],
        plain({}),
        plain({"loss": []}),
        plain({"mae": [1.0]}),
        plain({"loss": [1.0], "mae": [1.0, 2.0]}),
        plain({"loss": [1.0], "mae": ["1.0"]}),
        plain({"loss": [True]}),
        history({"loss": [{"$": "scalar", "blob": "0" * 64}]}),
        {"$": "history", "history": [["loss", [1.0]]], "params": None, "epoch": None},
        {"$": "dict", "items": [["loss", [1.0]], ["loss", [2.0]]]},
        {"$": "dict", "items": {"loss": [1.0]}},
        {"$": "absent", "reason": "a text"},
    ],
)
def test_what_is_no_history_has_no_curves(node: Any) -> None:
    assert learning_curves(node) == {}


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["loss", "val_loss", "$", "dict"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["$", "items", "history", "value"]), inner, max_size=3)
        | inner.map(lambda node: {"$": "dict", "items": node})
        | inner.map(lambda node: {"$": "dict", "items": [["loss", node]]})
        | inner.map(lambda node: {"$": "history", "history": node})
    ),
)


@given(NODES)
def test_whatever_is_forged_the_curves_are_numbers(node: Any) -> None:
    for curve in learning_curves(node).values():
        assert all(type(value) is float and abs(value) <= LARGEST for value in curve)
