"""Replay against reruns: the same distribution is seen as such, another one is not."""

import numpy as np
import pytest

from fairmark.calibrate.agreement import agree

RNG = np.random.default_rng(5)
RERUN = RNG.normal(100, 10, size=30)


def test_the_same_distribution_agrees() -> None:
    found = agree(list(RERUN), list(RNG.normal(100, 10, size=200)))
    assert found.agrees
    assert found.welch_p > 0.01
    assert found.mann_whitney_p > 0.01


def test_a_shifted_mean_does_not() -> None:
    found = agree(list(RERUN), list(RNG.normal(110, 10, size=200)))
    assert not found.agrees
    assert found.welch_p < 0.01


def test_equal_means_are_not_enough() -> None:
    """A few far values outweigh many that are a little larger: Welch sees nothing, the ranks do."""
    replay = np.concatenate([np.full(190, 104.0), np.full(10, 24.0)])
    rerun = np.concatenate([np.linspace(98, 102, 29), [100.0]])
    found = agree(list(rerun), list(replay))
    assert found.welch_p > 0.01 > found.mann_whitney_p
    assert not found.agrees


@pytest.mark.parametrize(("replay", "agrees"), [([500.0] * 9, True), ([499.0] * 9, False)])
def test_values_without_any_spread(replay: list[float], agrees: bool) -> None:
    assert agree([500.0] * 5, replay).agrees is agrees


def test_nan_agrees_with_nothing() -> None:
    assert not agree(list(RERUN), [*RERUN, float("nan")]).agrees
