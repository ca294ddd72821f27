"""What a calibration found, as its report shows it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fairmark.calibrate.bands import NO_BANDS, Bands
from fairmark.calibrate.bound import Promise
from fairmark.examine.verdict import Direction

Kind = Literal["reference", "alternative", "misconception"]
Engine = Literal["rerun", "replay"]

SURELY = 0.95
"""Guaranteed chance to fail that a bar must give every mistake it is meant to catch."""


@dataclass(frozen=True)
class Sample:
    """What one notebook reached under many seeds. Raises ValueError if none of its values is a number."""

    name: str
    kind: Kind
    engine: Engine
    values: tuple[float, ...]
    """In the order of the seeds. A run that diverged gave NaN or infinity."""
    rank: int | None = None
    """Its r-th worst value is its bound; None where it has no part in the bar."""
    bound: float | None = None
    in_bar: bool = True
    """Has a right answer a part in the bar? Not if it is only known, from few seeds, to be like the reference."""
    must_fail: bool = False
    """Is a mistake that this threshold is meant to catch."""

    def __post_init__(self) -> None:
        if not self.numbers:
            raise ValueError(f"the sample {self.name!r} holds no number: nothing can be shown of it")

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values that are numbers."""
        return _numbers(self.values)


@dataclass(frozen=True)
class Comparison:
    """Did replay give what reruns of the same notebook gave? Raises ValueError if one of them gave no number."""

    sample: str
    """Name of the sample."""
    rerun: tuple[float, ...]
    replay: tuple[float, ...]
    welch_p: float
    mann_whitney_p: float
    agrees: bool

    def __post_init__(self) -> None:
        if not (self.rerun_numbers and self.replay_numbers):
            raise ValueError(f"reruns or replays of {self.sample!r} hold no number: nothing can be compared")

    @property
    def rerun_numbers(self) -> tuple[float, ...]:
        """The values of reruns that are numbers."""
        return _numbers(self.rerun)

    @property
    def replay_numbers(self) -> tuple[float, ...]:
        """The values of replays that are numbers."""
        return _numbers(self.replay)


@dataclass(frozen=True)
class BarFound:
    """One threshold with everything behind it. Raises ValueError without a reference, and if a bar is no number."""

    name: str
    direction: Direction
    any_of_m: float
    """Misses of it in all ``promise.runs`` runs fail a submission."""
    single: float | None
    """The wider bar for places that run once."""
    promise: Promise
    """Of this threshold alone: its part of the topic's alpha."""
    single_alpha: float
    samples: tuple[Sample, ...]
    """One a notebook."""
    comparisons: tuple[Comparison, ...] = ()
    of: int | None = None
    """Number of predictions, where values count correct ones."""

    def __post_init__(self) -> None:
        if not any(sample.kind == "reference" for sample in self.samples):
            raise ValueError(f"the threshold {self.name!r} has no sample of the reference: nothing to compare with")
        if not (math.isfinite(self.any_of_m) and math.isfinite(self.single or 0)):
            raise ValueError(f"a bar of the threshold {self.name!r} is no number: too many runs of a sample diverged")

    @property
    def reference(self) -> Sample:
        """The reference's sample."""
        return next(one for one in self.samples if one.kind == "reference")

    @property
    def correct(self) -> tuple[Sample, ...]:
        """The reference and the other right answers that have a part in the bar."""
        return tuple(one for one in self.samples if one.kind != "misconception" and one.bound is not None)


@dataclass(frozen=True)
class CalibrationFound:
    """One calibration of a topic on one data set."""

    topic: str
    title: str
    data: str
    """Fingerprint of the data."""
    date: str
    device: str
    versions: Mapping[str, str]
    class_size: int
    bars: tuple[BarFound, ...]
    structural: tuple[str, ...] = ()
    """Names of misconceptions that no threshold sees: structural checks catch them."""
    notes: tuple[str, ...] = ()
    bands: Bands = NO_BANDS
    """Of the reference's learning curves."""


def _numbers(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(value for value in values if math.isfinite(value))
