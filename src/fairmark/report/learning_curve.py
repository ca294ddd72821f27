"""A student's learning curve as their page shows it: over the range in which a correct solution's lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairmark.report.band_chart import BandChart, Curve, band_chart
from fairmark.report.text import one_line


@dataclass(frozen=True)
class LearningCurve:
    """What a student's notebook trained, one value an epoch, and the range of nine in ten correct runs."""

    name: str
    """The variable that held the history."""
    metric: str
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True)
class ShownCurve:
    """What the page's template is given."""

    name: str
    what: str
    """'validation loss'."""
    chart: BandChart
    described: str
    """The chart in words, for those who don't see it."""


def shown_curve(curve: LearningCurve) -> ShownCurve:
    """Lay out one student's curve."""
    what = _in_words(curve.metric)
    return ShownCurve(
        name=one_line(curve.name),
        what=what,
        chart=band_chart(what, [Curve("own", curve.values, curve.low, curve.high)]),
        described=_described(curve, what),
    )


def _in_words(metric: str) -> str:
    kind, name = ("validation", metric.removeprefix("val_")) if metric.startswith("val_") else ("training", metric)
    return f"{kind} {one_line(name)}"


def _described(curve: LearningCurve, what: str) -> str:
    both = min(len(curve.values), len(curve.low))
    own = f"Your {what}: {curve.values[0]:.3g} after epoch 1"
    if len(curve.values) > 1:
        own += f", {curve.values[-1]:.3g} after epoch {len(curve.values)}"
    correct = f"between {curve.low[both - 1]:.3g} and {curve.high[both - 1]:.3g} after epoch {both}"
    return f"{own}. Nine of ten runs of a correct solution: {correct}."
