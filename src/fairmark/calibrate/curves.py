"""The charts of power (how far off a solution must be to fail) and of quantiles (replay against reruns)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairmark.calibrate.found import BarFound, Comparison
from fairmark.calibrate.power import power
from fairmark.calibrate.summary import Summary, moments
from fairmark.report.axis import Axis

FAR = 6
"""Standard deviations that the power chart reaches."""
SHIFTS = Axis(0, FAR, 60, 690)
CHANCES = Axis(0, 1, 300, 24)
_STEP = 0.05
_CLOSE = 15
SIDE = 250
"""Pixels of a quantile chart's side."""
_MARGIN = 46


@dataclass(frozen=True)
class Point:
    """A mistake at its shift and its chance to fail all runs."""

    number: int
    title: str
    must_fail: bool
    x: float
    y: float
    label_y: float


@dataclass(frozen=True)
class PowerChart:
    """Chances to fail by shift; ``one_run`` and ``all_runs`` are SVG paths."""

    one_run: str
    all_runs: str
    bar_x: float | None
    """Where a shifted reference has its mean on the bar; None if that is off the chart."""
    shifts: tuple[tuple[float, str], ...]
    chances: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    beyond: tuple[int, ...]
    """Numbers of mistakes further off than the chart reaches."""
    no_worse: tuple[int, ...]
    """Numbers of mistakes that are on average as good as the reference, or better."""


def power_chart(bar: BarFound, found: Sequence[Summary]) -> PowerChart:
    """Shift the reference's values, and see how many miss the bar. Points are the mistakes."""
    values = np.array(bar.reference.numbers)
    mean, spread = moments(bar.reference.numbers)
    worse = -spread if bar.direction == "at_least" else spread
    shifts = [round(_STEP * count, 2) for count in range(round(FAR / _STEP) + 1)]
    shares = [
        power((values + worse * shift).tolist(), bar.any_of_m, bar.direction, bar.promise.runs).share
        for shift in shifts
    ]  # fmt: skip
    at_bar = (bar.any_of_m - mean) / worse if worse else None
    numbered = [(one.number, one) for one in found if one.number is not None]
    return PowerChart(
        one_run=_path(shifts, shares),
        all_runs=_path(shifts, [share**bar.promise.runs for share in shares]),
        bar_x=SHIFTS.at(at_bar) if at_bar is not None and SHIFTS.holds(at_bar) else None,
        shifts=tuple((SHIFTS.at(at), text) for at, text in SHIFTS.ticks()),
        chances=tuple((CHANCES.at(at / 4), f"{25 * at} %") for at in range(5)),
        points=_points([(number, one) for number, one in numbered if 0 < one.shift <= FAR]),
        beyond=tuple(number for number, one in numbered if one.shift > FAR),
        no_worse=tuple(number for number, one in numbered if one.shift <= 0),
    )


def _points(numbered: Sequence[tuple[int, Summary]]) -> tuple[Point, ...]:
    """Place each point, its number above it (below, in the upper half): further off where another number already is."""
    points: list[Point] = []
    for number, one in numbered:
        x, y = SHIFTS.at(one.shift), CHANCES.at(one.power.estimated())
        away = _CLOSE if one.power.estimated() > CHANCES.middle else -_CLOSE
        label_y = y + (20 if away > 0 else -10)
        while any(abs(other.x - x) < _CLOSE and abs(other.label_y - label_y) < _CLOSE for other in points):
            label_y += away
        points.append(Point(number, one.label, one.sample.must_fail, x, y, label_y))
    return tuple(points)


@dataclass(frozen=True)
class QuantileChart:
    """Equal quantiles of reruns (across) and replay (up): on the diagonal if both have one distribution."""

    dots: str
    diagonal: str
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def quantile_chart(comparison: Comparison) -> QuantileChart:
    """Compare the distributions at the quantiles of the smaller sample."""
    pieces = min(len(comparison.rerun_numbers), len(comparison.replay_numbers))
    at = (np.arange(pieces) + 0.5) / pieces
    rerun = np.quantile(comparison.rerun_numbers, at, method="hazen").tolist()
    replay = np.quantile(comparison.replay_numbers, at, method="hazen").tolist()
    across = Axis.around(rerun + replay, _MARGIN, SIDE - 8)
    up = Axis(across.low, across.high, SIDE - 28, 8)
    return QuantileChart(
        dots="".join(f"M{across.at(x)} {up.at(y)}h0" for x, y in zip(rerun, replay, strict=True)),
        diagonal=f"M{across.start} {up.start}L{across.end} {up.end}",
        across=tuple((across.at(value), text) for value, text in across.ticks(4)),
        up=tuple((up.at(value), text) for value, text in up.ticks(4)),
    )


def _path(shifts: Sequence[float], chances: Sequence[float]) -> str:
    points = [f"{SHIFTS.at(x)} {CHANCES.at(y)}" for x, y in zip(shifts, chances, strict=True)]
    return "M" + "L".join(points)
