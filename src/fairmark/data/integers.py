"""Random draws and tables in integer arithmetic: the same on every machine.

Only raw 64-bit draws of PCG64 are used: NumPy promises the stream of a bit generator, not that of
``Generator``'s distributions, and ``log`` or ``exp`` differ in the last bit between machines.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

Knots = Sequence[tuple[int, int]]
"""Points (from, to) of a piecewise linear table, ascending in the first."""


def draws(bits: np.random.PCG64, count: int, below: int) -> Integers:
    """``count`` integers in [0, below), below < 2**32, uniform to within ``below / 2**32``."""
    raw = bits.random_raw(count) >> np.uint64(32)
    return ((raw * np.uint64(below)) >> np.uint64(32)).astype(np.int64)


def bell(bits: np.random.PCG64, count: int, deviation: int) -> Integers:
    """``count`` integers about 0, nearly normal, whose standard deviation is ``deviation``."""
    # Twelve uniform draws of width w sum up to a variance of 12 w^2 / 12.
    drawn: Integers = draws(bits, 12 * count, deviation).reshape(12, count).sum(axis=0) - 6 * deviation
    return drawn


def interpolated(knots: Knots, at: Integers) -> Integers:
    """The table's value at each of ``at``, rounded down; its outer segments go on beyond the outer knots."""
    points, values = np.array(knots, dtype=np.int64).T
    left = np.clip(np.searchsorted(points, at, side="right") - 1, 0, len(points) - 2)
    run, rise = np.diff(points)[left], np.diff(values)[left]
    inside: Integers = values[left] + (at - points[left]) * rise // run
    return inside
