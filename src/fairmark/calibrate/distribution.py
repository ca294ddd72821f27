"""The chart of one threshold: the reference's values as a histogram, every other sample as a row of dots under it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairmark.calibrate.found import BarFound, Kind, Sample
from fairmark.calibrate.numerals import full_text, percent_text, share_text, value_text
from fairmark.calibrate.summary import Summary, moments
from fairmark.report.axis import Axis

WIDTH = 1040
LEFT, RIGHT = 292, 950
"""Names stand left of the first, shares right of the second."""
TOP, FLOOR = 52, 190
"""The histogram lies between them."""
_RUG = 12
_ROW = 27
_GAP = 12
_LONGEST = 44
_FAR = 6.0
"""Mistakes are drawn up to so many standard deviations of the reference beyond right answers; others are counted."""
_LETTER = 7.4
"""Pixels that a letter of a label takes."""
_GOLDEN = 0.6180339887


@dataclass(frozen=True)
class Line:
    """A bar, from top to bottom, with a label beside it."""

    name: str
    text: str
    x: float
    label_y: float
    anchor: str
    label_x: float


@dataclass(frozen=True)
class Row:
    """The seeds of one sample, a dot each. ``dots`` and the like are SVG paths."""

    label: str
    number: int | None
    title: str
    kind: Kind
    y: float
    dots: str
    seeds: str
    mean_x: float | None
    below: str
    """What to say of seeds left of the axis; empty if there are none."""
    above: str
    missed: str


@dataclass(frozen=True)
class Tick:
    """A round value on the axis; ``share`` is its percent where values count something."""

    x: float
    text: str
    share: str


@dataclass(frozen=True)
class Distribution:
    """Everything the chart's template draws."""

    height: float
    bottom: float
    columns: tuple[tuple[float, float, float, str], ...]
    """x, y, width and title of the histogram's columns."""
    rug: str
    missing: tuple[float, float]
    """x and width of the side that misses the bar."""
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    reference: Row


def distribution(bar: BarFound, found: Sequence[Summary]) -> Distribution:
    """Lay out the chart of a threshold and its samples, in their order."""
    axis = _axis(bar)
    others = [one for one in found if one.sample is not bar.reference]
    ys, bottom = _rows_down([one.sample.kind for one in others])
    reference = next(one for one in found if one.sample is bar.reference)
    edge = axis.at(bar.any_of_m)
    return Distribution(
        height=bottom + (44 if bar.of else 28),
        bottom=bottom,
        columns=_columns(bar.reference, axis, bar.of),
        rug="".join(f"M{axis.at(value)} {FLOOR + 2}v{_RUG - 4}" for value in sorted(bar.reference.numbers)),
        missing=(LEFT, edge - LEFT) if bar.direction == "at_least" else (edge, RIGHT - edge),
        lines=_lines(bar, axis),
        ticks=tuple(Tick(axis.at(at), text, share_text(at, bar.of) if bar.of else "") for at, text in axis.ticks()),
        rows=tuple(_row(one, y, axis, bar) for one, y in zip(others, ys, strict=True)),
        reference=_row(reference, FLOOR, axis, bar),
    )


def _axis(bar: BarFound) -> Axis:
    """Return an axis that holds right answers, bars, and mistakes unless they are far away."""
    right = [value for one in bar.samples if one.kind != "misconception" for value in one.numbers]
    right += [bar.any_of_m, *([] if bar.single is None else [bar.single])]
    reach = _FAR * moments(bar.reference.numbers)[1]
    low, high = min(right) - reach, max(right) + reach
    near = [value for one in bar.samples for value in one.numbers if low <= value <= high]
    return Axis.around(right + near, LEFT, RIGHT)


def _columns(reference: Sample, axis: Axis, of: int | None) -> tuple[tuple[float, float, float, str], ...]:
    values = np.array(reference.numbers)
    pieces = min(max(len(np.histogram_bin_edges(values, "fd")) - 1, 8), 40) if values.min() < values.max() else 1
    counts, edges = np.histogram(values, pieces)
    tall = (FLOOR - TOP) / counts.max()
    columns = []
    for count, left, right in zip(counts.tolist(), edges.tolist(), edges.tolist()[1:], strict=False):
        x, y = axis.at(left), round(FLOOR - count * tall, 1)
        title = f"{value_text(left, of)} to {value_text(right, of)}: {count} of {len(values)} seeds"
        columns.append((x, y, round(max(axis.at(right) - x - 1, 1), 1), title))
    return tuple(columns)


def _lines(bar: BarFound, axis: Axis) -> tuple[Line, ...]:
    """Return the bars; the label of the single one stands above, where the other's line does not reach."""
    runs = "one run" if bar.promise.runs == 1 else f"{bar.promise.runs} runs"
    lines = [_line("T", f"bar for {runs}: ", bar.any_of_m, bar, axis, 34)]
    if bar.single is not None:
        lines.append(_line("single", "bar for a single run: ", bar.single, bar, axis, 16))
    return tuple(lines)


def _line(name: str, what: str, value: float, bar: BarFound, axis: Axis, label_y: float) -> Line:
    """Return a line with its label on the side of right answers, if it has room there."""
    x, text = axis.at(value), what + full_text(value, bar.of)
    after = bar.direction == "at_least" and x + _LETTER * len(text) < WIDTH
    return Line(name, text, x, label_y, "start" if after else "end", round(x + 6 if after else x - 6, 1))


def _rows_down(kinds: Sequence[Kind]) -> tuple[list[float], float]:
    """Return the middle of each row, with a gap before another kind, and where the rows end."""
    ys, y, last = [], FLOOR + _RUG + _ROW / 2, "reference"
    for kind in kinds:
        y += _GAP if kind != last else 0
        ys.append(y)
        y, last = y + _ROW, kind
    return ys, y - _ROW / 2 + 6


def _row(one: Summary, y: float, axis: Axis, bar: BarFound) -> Row:
    drawn = sorted(value for value in one.sample.numbers if axis.holds(value))
    mean = full_text(one.mean, bar.of)
    return Row(
        label=one.label if len(one.label) <= _LONGEST else one.label[: _LONGEST - 1] + "…",
        number=one.number,
        title=f"{one.label}: {len(one.sample.values)} seeds, {one.sample.engine}, mean {mean}"
        + (f", {one.diverged} of them diverged" if one.diverged else ""),
        kind=one.sample.kind,
        y=y,
        dots="".join(
            f"M{axis.at(value)} {y + (place * _GOLDEN % 1 - 0.5) * 11:.1f}h0" for place, value in enumerate(drawn)
        ),
        seeds=f"{len(one.sample.values):,} seeds",
        mean_x=axis.at(one.mean) if axis.holds(one.mean) else None,
        below=_beyond(sum(value < axis.low for value in one.sample.numbers), drawn, mean),
        above=_beyond(sum(value > axis.high for value in one.sample.numbers), drawn, mean),
        missed=percent_text(one.power.share),
    )


def _beyond(count: int, drawn: Sequence[float], mean: str) -> str:
    """Say how many seeds are off the axis, and where, unless those that are on it show the way."""
    if count == 0:
        return ""
    return f"{count}" if drawn else f"{count} seeds further out, mean {mean}"
