"""What a bar catches, with a guarantee."""

import math

import pytest
from scipy.stats import beta

from fairmark.calibrate.power import power


@pytest.mark.parametrize(("failed", "seeds"), [(1, 30), (15, 30), (29, 30), (176, 200)])
def test_the_limits_are_those_of_clopper_and_pearson(failed: int, seeds: int) -> None:
    found = power([0.0] * failed + [1.0] * (seeds - failed), 0.5, "at_least", runs=3)
    low, high = beta.ppf(0.05, failed, seeds - failed + 1), beta.ppf(0.95, failed + 1, seeds - failed)
    assert found.guaranteed(0.95) == pytest.approx(low**3)
    assert found.at_most(0.95) == pytest.approx(high**3)
    assert found.estimated() == pytest.approx((failed / seeds) ** 3)


def test_none_and_all() -> None:
    assert power([1.0] * 30, 0.5, "at_least", 3).guaranteed(0.95) == 0
    assert power([0.0] * 30, 0.5, "at_least", 3).at_most(0.95) == 1


def test_a_value_on_the_bar_meets_it_and_nan_never_does() -> None:
    assert power([0.5, math.nan, 0.4], 0.5, "at_least", 1).failed == 2
    assert power([0.5, math.nan, 0.6], 0.5, "at_most", 1).failed == 2
