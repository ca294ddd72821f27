"""The bar that a sample of seeds justifies: a distribution-free tolerance limit from order statistics.

Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12 (1941).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from fairmark.examine.verdict import Direction


@dataclass(frozen=True)
class Promise:
    """What a bar is to keep: a correct solution fails all of ``runs`` runs with probability ``alpha`` at most.

    The bar is drawn from seeds, so the promise itself holds with probability ``confidence``.
    """

    alpha: float
    confidence: float
    runs: int

    @property
    def run_alpha(self) -> float:
        """Chance of one run to miss the bar that the promise leaves: runs are independent."""
        return float(self.alpha ** (1 / self.runs))

    def shared_by(self, checks: int) -> "Promise":
        """Return the promise of each of ``checks`` checks that together keep this one (union bound)."""
        return Promise(self.alpha / checks, self.confidence, self.runs)


def seeds_needed(promise: Promise, variants: int) -> int:
    """Return the fewest seeds of the reference and of each of ``variants`` from which a bar can be drawn."""
    doubt = 1 - _confidence(promise, variants)
    return math.ceil(math.log(doubt) / math.log1p(-promise.run_alpha) - 1e-9)


def rank(seeds: int, promise: Promise, variants: int = 0) -> int:
    """Return which of ``seeds`` sorted values is the bar, counted from the worst; 0 if there are too few.

    The largest r with ``beta.ppf(g, r, n - r + 1) <= alpha ** (1 / runs)``: the share of the distribution beyond the
    r-th worst of n values is Beta(r, n - r + 1) distributed, or smaller for a lattice.
    """
    confidence = _confidence(promise, variants)
    found = 0
    while found < seeds and stats.beta.ppf(confidence, found + 1, seeds - found) <= promise.run_alpha:
        found += 1
    return found


def bound(samples: Sequence[Sequence[float]], promise: Promise, direction: Direction) -> float | None:
    """Return the bar that every correct solution meets as promised; None without samples, or if one has too few seeds.

    ``samples`` are the values of the reference and of each correct variant: the worst of their bounds counts.
    """
    bounds = []
    for values in samples:
        position = rank(len(values), promise, len(samples) - 1)
        if position == 0:
            return None
        bounds.append(sorted(values, reverse=direction == "at_most")[position - 1])
    return (min if direction == "at_least" else max)(bounds, default=None)


def _confidence(promise: Promise, variants: int) -> float:
    """Return the confidence of each of 1 + ``variants`` bounds that all hold with that of the promise (Bonferroni)."""
    return 1 - (1 - promise.confidence) / (variants + 1)
