"""One sample in figures: its moments, its distance from the reference, and what the bar makes of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from fairmark.calibrate.bound import Promise
from fairmark.calibrate.found import BarFound, Kind, Sample
from fairmark.calibrate.power import Power, power
from fairmark.examine.verdict import Direction

Standing = Literal["kept", "unused", "caught", "shown"]
"""A right answer's bound is met by the bar, is not, or it has none; a mistake that must fail does so surely, does not;
another mistake."""

_ORDER: tuple[Kind, ...] = ("reference", "alternative", "misconception")


@dataclass(frozen=True)
class Summary:
    """A sample measured against the bar of its threshold. Moments are of the values that are numbers."""

    sample: Sample
    label: str
    number: int | None
    """How charts call it, if it is a mistake: counted from the one with the best mean."""
    mean: float
    sd: float
    """0 for a single value."""
    skew: float | None
    """None where all values are equal or there are fewer than three."""
    worst: float
    shift: float
    """How much worse than the reference's mean, in its standard deviations; infinite if the reference has none."""
    power: Power
    """Of the bar for all runs."""
    single: Power | None
    """Of the bar for a single run, if there is one."""
    standing: Standing

    @property
    def diverged(self) -> int:
        """How many of its runs gave no number."""
        return len(self.sample.values) - len(self.sample.numbers)


def summaries(bar: BarFound) -> list[Summary]:
    """Summarise each sample: the reference first, then right answers, then mistakes; in each kind the best first."""
    better = 1 if bar.direction == "at_least" else -1
    found = [_summary(sample, bar, better) for sample in bar.samples]
    found.sort(key=lambda one: (_ORDER.index(one.sample.kind), -better * one.mean, one.label))
    right = sum(one.sample.kind != "misconception" for one in found)
    return [replace(one, number=place - right + 1) if place >= right else one for place, one in enumerate(found)]


def _summary(sample: Sample, bar: BarFound, better: int) -> Summary:
    numbers = np.array(sample.numbers)
    mean, sd = moments(sample.numbers)
    usual, scale = moments(bar.reference.numbers)
    distance = better * (usual - mean)
    missed = power(sample.values, bar.any_of_m, bar.direction, bar.promise.runs)
    return Summary(
        sample=sample,
        label=sample.name.replace("_", " "),
        number=None,
        mean=mean,
        sd=sd,
        skew=_skew(numbers),
        worst=float(numbers.min() if better == 1 else numbers.max()),
        shift=distance / scale if scale else math.copysign(math.inf, distance) if distance else 0.0,
        power=missed,
        single=None if bar.single is None else power(sample.values, bar.single, bar.direction, runs=1),
        standing=_standing(sample),
    )


def _standing(sample: Sample) -> Standing:
    """Say how a sample fares; ``judge`` has refused a bar that a mistake escapes, and the bar is the worst bound."""
    if sample.kind == "misconception":
        return "caught" if sample.must_fail else "shown"
    return "unused" if sample.bound is None else "kept"


def moments(numbers: Sequence[float]) -> tuple[float, float]:
    """Return mean and standard deviation, which is 0 for a single number."""
    return float(np.mean(numbers)), float(np.std(numbers, ddof=1)) if len(numbers) > 1 else 0.0


def _skew(numbers: npt.NDArray[np.float64]) -> float | None:
    if len(numbers) < 3 or numbers.min() == numbers.max():
        return None
    return float((((numbers - numbers.mean()) / numbers.std()) ** 3).mean())


def normal_limit(sample: Sample, promise: Promise, direction: Direction) -> float | None:
    """Return the one-sided tolerance limit that would hold were the values normal; None for a single value.

    A diagnostic: in trials it broke its promise under a skew of 0.3 (shared/CALIBRATION.md).
    """
    seeds = len(sample.numbers)
    if seeds < 2:
        return None
    mean, sd = moments(sample.numbers)
    far = stats.norm.isf(promise.run_alpha) * math.sqrt(seeds)
    factor = float(stats.nct.ppf(promise.confidence, seeds - 1, far)) / math.sqrt(seeds)
    return mean - factor * sd if direction == "at_least" else mean + factor * sd


def usual_sd(mean: float, of: int) -> float:
    """Return the standard deviation over seeds that a count of correct predictions usually has: √(wrong ones / 2)."""
    return math.sqrt(max(0.0, of - mean) / 2)
