"""The chart of learning curves: lines by epoch, each over the band in which the runs of a correct solution lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from fairmark.report.axis import Axis

WIDTH, HEIGHT = 400, 190
TOP, FLOOR = 24, 150
_RIGHT = WIDTH - 12
_LETTER = 6.4
"""Pixels that a digit takes."""
_REACH = 2
"""Lines are drawn up to so many heights of the bands beyond them."""

Kind = Literal["training", "validation", "own"]


@dataclass(frozen=True)
class Curve:
    """One value an epoch, and the band it is drawn over; they may differ in length."""

    kind: Kind
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True)
class BandChart:
    """Everything the chart's template draws; lines and areas are SVG paths."""

    metric: str
    left: float
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    areas: tuple[tuple[Kind, str], ...]
    lines: tuple[tuple[Kind, str], ...]
    beyond: bool
    """Does a line run along an edge because it is further off than the chart reaches?"""


def band_chart(metric: str, curves: Sequence[Curve]) -> BandChart:
    """Lay out ``curves`` of a metric. However far off a line is, the bands stay readable."""
    low, high = _reach(curves)
    clipped = [[min(max(value, low), high) for value in curve.values] for curve in curves]
    bounds = [value for curve in curves for value in (*curve.low, *curve.high)]
    up = Axis.around([*bounds, *(value for line in clipped for value in line)], FLOOR, TOP)
    ticks = up.ticks(4)
    left = round(12 + _LETTER * max(len(text) for _, text in ticks), 1)
    epochs = max(max(len(curve.values), len(curve.low)) for curve in curves)
    across = Axis(1, max(epochs, 2), left, _RIGHT)
    return BandChart(
        metric=metric,
        left=left,
        across=tuple((across.at(epoch), text) for epoch, text in across.ticks(min(7, max(epochs, 2) - 1))),
        up=tuple((up.at(value), text) for value, text in ticks),
        areas=tuple((curve.kind, _area(curve, across, up)) for curve in curves),
        lines=tuple((curve.kind, _line(line, across, up)) for curve, line in zip(curves, clipped, strict=True)),
        beyond=any(list(curve.values) != line for curve, line in zip(curves, clipped, strict=True)),
    )


@cache
def chart_style() -> str:
    """Return the CSS that every page with such a chart needs."""
    return (resources.files("fairmark.report") / "templates" / "band_chart.css").read_text(encoding="utf-8")


def _reach(curves: Sequence[Curve]) -> tuple[float, float]:
    """Return the lowest and the highest value that is drawn where it lies."""
    low, high = min(min(curve.low) for curve in curves), max(max(curve.high) for curve in curves)
    beyond = _REACH * (high - low) or abs(high) or 1.0
    return low - beyond, high + beyond


def _line(values: Sequence[float], across: Axis, up: Axis) -> str:
    """Return the path through ``values``; a single one is a dot."""
    points = _points(values, across, up)
    return f"M{'L'.join(points)}" + ("h0" if len(points) == 1 else "")


def _area(curve: Curve, across: Axis, up: Axis) -> str:
    back = reversed(_points(curve.low, across, up))
    return f"M{'L'.join([*_points(curve.high, across, up), *back])}Z"


def _points(values: Sequence[float], across: Axis, up: Axis) -> list[str]:
    return [f"{across.at(epoch)} {up.at(value)}" for epoch, value in enumerate(values, start=1)]
