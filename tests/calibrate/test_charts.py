"""What the charts of the calibration report draw, and the figures beside them."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.calibrate import numerals
from fairmark.calibrate.bound import Promise
from fairmark.calibrate.curves import CHANCES, power_chart, quantile_chart
from fairmark.calibrate.distribution import distribution
from fairmark.calibrate.found import Comparison, Sample
from fairmark.calibrate.summary import normal_limit, summaries, usual_sd
from fairmark.examine.verdict import Direction
from fairmark.report.axis import Axis
from tests.calibrate.found_samples import bar

NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))


def pixels(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_an_axis_holds_its_values_and_some_round_ones(values: list[float]) -> None:
    axis = Axis.around(values, 100, 900)
    assert all(axis.holds(value) and 100 <= axis.at(value) <= 900 for value in values)
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 8
    assert len({text for _, text in ticks}) == len(ticks)
    assert all(99.9 <= axis.at(value) <= 900.1 for value, _ in ticks)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_samples_stand_in_order_and_far_mistakes_are_counted(direction: Direction) -> None:
    calibrated = bar(direction)
    found = summaries(calibrated)
    assert [(one.label, one.number) for one in found] == [
        *[("reference", None), ("tf data", None)],
        *[("hidden layers without activation", 1), ("one epoch", 2), ("labels not cut", 3)],
    ]
    assert [one.standing for one in found] == ["kept", "kept", "shown", "caught", "caught"]
    assert found[-1].shift > found[-2].shift > 0 > found[-3].shift
    chart = distribution(calibrated, found)
    far = chart.rows[-1]
    assert far.dots == ""
    assert far.mean_x is None
    assert (far.below != "") is (direction == "at_least")
    assert (far.above != "") is (direction == "at_most")
    near = chart.rows[-3]
    assert len(pixels(near.dots)) == 200
    start, width = chart.missing
    edge = start + width if direction == "at_least" else start
    assert chart.lines[0].x == pytest.approx(edge)
    assert sum(start <= x <= start + width for x, _ in pixels(chart.rug)) == pytest.approx(found[0].power.failed, abs=2)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_power_rises_from_the_references_own_chance_to_one(direction: Direction) -> None:
    calibrated = bar(direction)
    found = summaries(calibrated)
    chart = power_chart(calibrated, found)
    one_run, all_runs = ([y for _, y in pixels(path)] for path in (chart.one_run, chart.all_runs))
    assert one_run[0] == CHANCES.at(found[0].power.share)
    assert one_run == sorted(one_run, reverse=True)
    assert all_runs[-1] == CHANCES.at(1)
    assert all(every >= once for every, once in zip(all_runs, one_run, strict=True))
    assert chart.bar_x is not None
    assert (chart.no_worse, chart.beyond) == ((1,), (2, 3))


def test_a_mistake_in_reach_is_a_point_where_its_seeds_put_it() -> None:
    mean = sum(bar().reference.values) / 151
    near = Sample("near", "misconception", "rerun", (mean - 60.0,) * 20, must_fail=True)
    calibrated = replace(bar(), samples=(*bar().samples[:2], near, replace(near, name="equal")))
    chart = power_chart(calibrated, summaries(calibrated))
    first, second = chart.points
    assert (first.x, first.y) == (second.x, second.y)
    assert first.label_y != second.label_y
    assert first.must_fail


def test_equal_samples_lie_on_the_diagonal() -> None:
    values = bar().reference.values
    chart = quantile_chart(Comparison("reference", values, values, 1, 1, True))
    (left, bottom), (right, top) = pixels(chart.diagonal)
    dots = pixels(chart.dots)
    assert len(dots) == 151
    for x, y in dots:
        assert (x - left) / (right - left) == pytest.approx((y - bottom) / (top - bottom), abs=0.002)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_the_normal_limit_is_the_tabulated_one(direction: Direction) -> None:
    """One-sided factor for 30 values, 99 % of the distribution, 95 % confidence: 3.064 in the tables."""
    values = tuple(float(value) for value in range(30))
    mean, sd = 14.5, math.sqrt(sum((value - 14.5) ** 2 for value in values) / 29)
    limit = normal_limit(Sample("reference", "reference", "rerun", values), Promise(0.01, 0.95, 1), direction)
    assert limit == pytest.approx(mean + (-3.064 if direction == "at_least" else 3.064) * sd, abs=0.01)
    assert normal_limit(Sample("one", "reference", "rerun", (1.0,)), Promise(0.01, 0.95, 1), direction) is None


def test_the_usual_spread_is_that_of_shared_figures() -> None:
    assert usual_sd(9778, 10_000) / 10_000 == pytest.approx(0.0011, abs=5e-5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numerals.full_text(21723, 25_000), "21,723 of 25,000 (86.89 %)"),
        (numerals.full_text(163, 171), "163 of 171 (95 %)"),
        (numerals.full_text(3.216588555130304, None), "3.217"),
        (numerals.value_text(2.68, None), "2.680"),
        (numerals.value_text(45_678.9, None), "45,679"),
        (numerals.spread_text(8.44, 171), "8.4"),
        (numerals.spread_text(0.1714, None), "0.171"),
        (numerals.spread_text(123.4, None), "123"),
        (numerals.chance_text(0), "0"),
        (numerals.chance_text(1), "1"),
        (numerals.chance_text(0.00037), "0.00037"),
        (numerals.chance_text(0.000037), "4×10⁻⁵"),
        (numerals.chance_text(0.9499), "0.949"),
        (numerals.chance_text(0.99999), "> 0.999"),
        (numerals.expected_text(0.2), "0.2"),
        (numerals.expected_text(3.62), "3.6"),
        (numerals.expected_text(1234.5), "1,234"),
        (numerals.percent_text(0.001), "< 1 %"),
        (numerals.percent_text(0.999), "> 99 %"),
        (numerals.percent_text(0.675), "68 %"),
        (numerals.signed_text(-1.234), "−1.23"),
    ],
)
def test_numbers_are_written_with_sensible_digits(text: str, expected: str) -> None:
    assert text == expected
