"""What feeds a training through ``tf.data`` is read back."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fairmark.collect.pipelines import pipeline_of

X = np.arange(20, dtype="uint8").reshape(10, 2)
Y = np.arange(10, dtype="float32")


def slices() -> Any:
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((X, Y))


@pytest.mark.parametrize(
    ("make", "buffer"),
    [
        (lambda: slices().batch(4), None),
        (lambda: slices().shuffle(6).batch(4), 6),
        (lambda: slices().prefetch(3).shuffle(10, seed=1).batch(4).prefetch(2), 10),
    ],
)
def test_arrays_batches_and_buffer(make: Callable[[], Any], buffer: int | None) -> None:
    found = pipeline_of(make())
    assert found is not None
    np.testing.assert_array_equal(found.x, X)
    np.testing.assert_array_equal(found.y, Y)
    assert (found.x.dtype, found.batch_size, found.buffer) == (X.dtype, 4, buffer)


@pytest.mark.parametrize(
    "make",
    [
        lambda: X,
        lambda: slices(),
        lambda: slices().batch(4).shuffle(3),
        lambda: slices().batch(4, drop_remainder=True),
        lambda: slices().map(lambda x, y: (x * 2, y)).batch(4),
        lambda: slices().repeat(2).batch(4),
        lambda: slices().shuffle(6, reshuffle_each_iteration=False).batch(4),
        lambda: slices().shuffle(6).shuffle(6).batch(4),
        lambda: slices().map(lambda x, y: x).batch(4),
        lambda: type(slices()).from_tensor_slices(X).batch(4),
        lambda: type(slices()).from_tensor_slices((X, Y, Y)).batch(4),
        lambda: type(slices()).from_tensor_slices(({"rows": X}, Y)).batch(4),
    ],
)
def test_any_other_pipeline_is_not_guessed_at(make: Callable[[], Any]) -> None:
    assert pipeline_of(make()) is None
