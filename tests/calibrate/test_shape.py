"""Samples that no bar should rest on."""

import math

import numpy as np
import pytest

from fairmark.calibrate.shape import flaw

RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.normal(size=100),
        RANDOM.exponential(size=300),
        RANDOM.binomial(171, 0.95, size=300),
        [17.0] * 50,
        [1.0, 2.0, 3.0],
    ],
    ids=["normal", "skewed", "lattice", "constant", "three"],
)
def test_one_hump_is_sound(values: list[float]) -> None:
    assert flaw(list(map(float, values))) is None


def test_two_humps() -> None:
    values = [*RANDOM.normal(0.5, 0.01, size=40), *RANDOM.normal(0.9, 0.01, size=60)]
    assert flaw(values) == "its seeds fall into two groups (Hartigan's dip test, p < 0.001)"


def test_nan() -> None:
    assert flaw([1.0, math.nan, math.inf, 2.0]) == "2 of 4 seeds end in NaN or infinity"
