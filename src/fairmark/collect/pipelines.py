"""A ``tf.data`` pipeline read back: which arrays it feeds, in what batches, shuffled how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pipeline:
    """``from_tensor_slices((x, y))``, perhaps ``shuffle``, then ``batch``."""

    x: NDArray[Any]
    y: NDArray[Any]
    batch_size: int
    buffer: int | None
    """Rows among which ``shuffle`` draws the next one, anew in each epoch; None if it was not asked for."""


def pipeline_of(dataset: Any) -> Pipeline | None:
    """Return how ``dataset`` was made; None if it is no pipeline of just these steps (``prefetch`` changes nothing).

    TensorFlow has no public way back from a data set to its steps: their classes and attributes are its own, and where
    they are not the known ones the answer is None.
    """
    steps = [step for step in _steps(dataset) if type(step).__name__ != "_PrefetchDataset"]
    kinds = [type(step).__name__ for step in steps]
    if kinds not in (["_BatchDataset", *between, "_TensorSliceDataset"] for between in ([], ["_ShuffleDataset"])):
        return None
    batched, *shuffled, slices = steps
    pairs = isinstance(slices.element_spec, tuple) and [hasattr(part, "shape") for part in slices.element_spec]
    usual = all(step._reshuffle_each_iteration is not False and step._buffer_size > 0 for step in shuffled)
    if pairs != [True, True] or not usual or batched._drop_remainder:
        return None
    x, y = (np.stack(column) for column in zip(*slices.as_numpy_iterator(), strict=True))
    buffer = int(shuffled[0]._buffer_size) if shuffled else None
    return Pipeline(x, y, int(batched._batch_size), buffer)


def _steps(dataset: Any) -> Iterator[Any]:
    """Yield the last step of a data set, the one before it, and so on."""
    while dataset is not None:
        yield dataset
        dataset = getattr(dataset, "_input_dataset", None)
