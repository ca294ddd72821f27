"""Whether a sample of seeds is one to draw a bar from: every run ended well, in one way."""

from collections.abc import Sequence

import diptest
import numpy as np

SIGNIFICANT = 0.001
"""Level of the dip test: far from what one calibration in a lifetime rejects by accident."""


def flaw(values: Sequence[float]) -> str | None:
    """Say in a few words why no bar can rest on ``values`` (as many as there were seeds), or return None.

    Two humps are found by Hartigan's dip test (Hartigan and Hartigan, Annals of Statistics 13, 1985).
    """
    numbers = np.asarray(values, dtype="float64")
    broken = int(np.sum(~np.isfinite(numbers)))
    if broken:
        return f"{broken} of {len(numbers)} seeds end in NaN or infinity"
    if len(numbers) >= 10 and len(set(values)) > 2:
        _, chance = diptest.diptest(_spread(numbers))
        if chance < SIGNIFICANT:
            return f"its seeds fall into two groups (Hartigan's dip test, p < {SIGNIFICANT:g})"
    return None


def _spread(numbers: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Spread values on a lattice evenly over its steps: the test is for continuous values, ties look like humps."""
    steps = np.diff(np.unique(numbers))
    found = np.sort(numbers)
    _, first, counts = np.unique(found, return_index=True, return_counts=True)
    place = np.arange(len(found)) - np.repeat(first, counts)
    within = (place + 0.5) / np.repeat(counts, counts) - 0.5
    return np.asarray(found + within * (steps.min() if len(steps) else 0.0))
