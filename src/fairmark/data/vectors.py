"""Reviews as vectors: the examiner's own, independent of what a student writes."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from fairmark.constants import remembered

_ROWS = 2048  # at a time: what is needed beside the result stays below some 20 MB


@remembered(2)
def multi_hot(sequences: Iterable[Sequence[int]], dimension: int = 10_000) -> npt.NDArray[np.uint8]:
    """1 where a sequence contains an index, else 0.

    Args:
        sequences: n sequences of indices, each in [0, ``dimension``), of any lengths.
        dimension: the number of columns.

    Returns:
        uint8 array (n, ``dimension``), of a whole half of a data set the same for all callers, read-only.

    Raises:
        ValueError: an index is outside [0, ``dimension``).
    """
    rows = list(sequences)
    hot = np.zeros((len(rows), dimension), dtype=np.uint8)
    for first in range(0, len(rows), _ROWS):
        block = rows[first : first + _ROWS]
        lengths = np.fromiter(map(len, block), dtype=np.int64, count=len(block))
        columns = np.fromiter(chain.from_iterable(block), dtype=np.int64, count=int(lengths.sum()))
        if columns.size and not 0 <= columns.min() <= columns.max() < dimension:
            raise ValueError(f"an index lies outside [0, {dimension})")
        hot[first + np.repeat(np.arange(len(block)), lengths), columns] = 1
    return hot
