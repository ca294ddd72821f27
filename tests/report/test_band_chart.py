"""What the chart of learning curves draws, whatever numbers it is given."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.report.band_chart import FLOOR, HEIGHT, TOP, WIDTH, BandChart, Curve, band_chart

NUMBERS = st.floats(-1e15, 1e15).map(lambda value: round(value, 12))

LOW, HIGH = (0.5, 0.3, 0.2), (0.9, 0.6, 0.5)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def drawn(*values: float) -> BandChart:
    return band_chart("loss", [Curve("own", values, LOW, HIGH)])


@settings(deadline=None)
@given(
    st.lists(NUMBERS, min_size=1, max_size=30),
    st.lists(st.tuples(NUMBERS, NUMBERS).map(sorted), min_size=1, max_size=30),
)
def test_everything_is_on_the_chart(values: list[float], band: list[list[float]]) -> None:
    curve = Curve("own", values, *zip(*band, strict=True))
    chart = band_chart("loss", [curve])
    for x, y in points(chart.lines[0][1] + chart.areas[0][1]):
        assert chart.left <= x <= WIDTH
        assert TOP <= y <= FLOOR
    assert chart.left < WIDTH / 2
    for x, _ in chart.across:
        assert chart.left <= x <= WIDTH
    assert all(TOP - 0.1 <= y <= FLOOR + 0.1 for y, _ in chart.up)
    assert FLOOR < HEIGHT


def test_a_line_has_a_point_an_epoch_and_an_area_two() -> None:
    chart = drawn(0.7, 0.5, 0.4)
    assert len(points(chart.lines[0][1])) == 3
    assert len(points(chart.areas[0][1])) == 6
    assert [text for _, text in chart.across] == ["1", "2", "3"]
    assert not chart.beyond


def test_a_single_epoch_is_a_dot() -> None:
    assert re.fullmatch(r"M[\d.]+ [\d.]+h0", drawn(0.7).lines[0][1])


def test_lower_is_further_down() -> None:
    (_, first), (_, second), _ = points(drawn(0.7, 0.5, 0.4).lines[0][1])
    assert first < second


@pytest.mark.parametrize("wild", [50.0, 1e15, -1e15])
def test_a_line_that_is_far_off_leaves_the_band_readable(wild: float) -> None:
    chart = drawn(0.7, wild, 0.4)
    assert chart.beyond
    heights = [y for _, y in points(chart.areas[0][1])]
    assert max(heights) - min(heights) > (FLOOR - TOP) / 5


def test_a_longer_training_is_shown_to_its_end() -> None:
    chart = drawn(*[0.5] * 200)
    assert points(chart.lines[0][1])[-1][0] > 2 * points(chart.areas[0][1])[2][0]
