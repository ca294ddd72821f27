"""Bars from order statistics: the numbers of the literature, and the promise itself where the truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.calibrate.bound import Promise, bound, rank, seeds_needed


@pytest.mark.parametrize(
    ("alpha", "runs", "seeds"),
    [(1e-3, 1, 2995), (1e-3, 2, 94), (1e-3, 3, 29), (1e-3, 4, 16), (1e-4, 3, 64), (1e-4, 4, 29), (1e-2, 1, 299)],
)
def test_seeds_that_the_smallest_value_needs(alpha: float, runs: int, seeds: int) -> None:
    promise = Promise(alpha, 0.95, runs)
    assert seeds_needed(promise, 0) == seeds
    assert (rank(seeds, promise), rank(seeds - 1, promise)) == (1, 0)


@pytest.mark.parametrize(("seeds", "position"), [(29, 1), (100, 5), (300, 22)])
def test_more_seeds_allow_a_tighter_bar(seeds: int, position: int) -> None:
    assert rank(seeds, Promise(1e-3, 0.95, 3)) == position


def test_each_variant_asks_for_more_seeds() -> None:
    promise = Promise(1e-3, 0.95, 3)
    assert [seeds_needed(promise, variants) for variants in range(4)] == [29, 36, 39, 42]
    assert rank(29, promise, variants=1) == 0


def test_the_worst_bound_counts() -> None:
    promise = Promise(1e-3, 0.95, 3)
    reference, variant = list(range(100, 200)), list(range(90, 190))
    assert bound([reference], promise, "at_least") == 104
    assert bound([reference, variant], promise, "at_least") == 90 + rank(100, promise, 1) - 1
    assert bound([reference, variant], promise, "at_most") == 200 - rank(100, promise, 1)
    assert bound([reference, variant[:20]], promise, "at_least") is None


@given(st.lists(st.integers(0, 20), min_size=40, max_size=60))
def test_less_is_better_mirrors_more_is_better(values: list[int]) -> None:
    promise = Promise(1e-3, 0.95, 3)
    mirrored = bound([[-value for value in values]], promise, "at_most")
    assert mirrored is not None
    assert bound([values], promise, "at_least") == -mirrored


@pytest.mark.parametrize("seeds", [30, 100])
def test_the_promise_is_kept_where_the_truth_is_known(seeds: int) -> None:
    """Of 2,000 calibrations on a skewed lattice, 95 % keep P(fail all three) <= alpha."""
    generator = np.random.default_rng(3)
    promise = Promise(1e-3, 0.95, 3)
    truth = np.sort(generator.binomial(171, generator.beta(80, 4, size=200_000)))
    kept = 0
    for _ in range(2000):
        bar = bound([generator.choice(truth, seeds)], promise, "at_least")
        kept += (np.searchsorted(truth, bar) / len(truth)) ** 3 <= promise.alpha
    assert kept / 2000 >= 0.94


def test_a_promise_shared_by_checks_is_kept_by_their_sum() -> None:
    shared = Promise(1e-3, 0.95, 3).shared_by(4)
    assert (shared.alpha, shared.confidence, shared.runs) == (2.5e-4, 0.95, 3)
