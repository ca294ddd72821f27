"""Do replayed seeds have the distribution of the reruns? Two tests, and both must see no difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.01
"""Chance that each test sees a difference where there is none."""


@dataclass(frozen=True)
class Agreement:
    """What the tests said."""

    welch_p: float
    """Of equal means."""
    mann_whitney_p: float
    """Of neither tending to be larger."""

    @property
    def agrees(self) -> bool:
        """Did neither test see a difference?"""
        return min(self.welch_p, self.mann_whitney_p) >= LEVEL


def agree(rerun: Sequence[float], replay: Sequence[float]) -> Agreement:
    """Compare the values of one threshold, a number a seed, from reruns and from replay. NaN agrees with nothing."""
    from scipy.stats import mannwhitneyu, ttest_ind

    a, b = np.asarray(rerun, dtype="float64"), np.asarray(replay, dtype="float64")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return Agreement(0.0, 0.0)
    if np.ptp(a) == np.ptp(b) == 0:  # Welch's test has no answer without any spread
        same = float(a[0] == b[0])
        return Agreement(same, same)
    return Agreement(float(ttest_ind(a, b, equal_var=False).pvalue), float(mannwhitneyu(a, b).pvalue))
