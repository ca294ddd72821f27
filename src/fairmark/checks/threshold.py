"""Calibrated bars for stochastic checks. No number is written by hand: ``calibrate`` finds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairmark import data
from fairmark.checks.examination import current
from fairmark.evidence.records import NotExamined
from fairmark.examine.verdict import Direction, ThresholdUse


@dataclass(frozen=True)
class Bar:
    """A bar that a measured value meets or misses."""

    name: str
    value: float | None
    """None while it is being found, and where one run can't be judged fairly: then every measured value meets it."""
    direction: Direction | None
    """How it was calibrated; None while it is being found."""
    calibration: str
    of: int | None = None
    """Number of predictions behind counts, as it was calibrated."""
    one_run: bool = False
    """The wider bar, for places that run once."""

    def met_by(self, measured: float, of: int | None = None) -> bool:
        """Is ``measured`` at least the bar? Give counts of correct predictions, with ``of`` their number.

        Raises NotExamined if the bar was calibrated as one not to be exceeded.
        """
        return self._compared(measured, of, "at_least")

    def not_exceeded_by(self, measured: float) -> bool:
        """Is ``measured``, an error, at most the bar? Raises NotExamined if the bar was calibrated as one to reach."""
        return self._compared(measured, None, "at_most")

    def _compared(self, measured: float, of: int | None, direction: Direction) -> bool:
        if self.direction not in (None, direction):
            raise NotExamined(f"the threshold {self.name!r} was calibrated the other way round: calibrate again")
        if self.of is not None and of != self.of:
            raise NotExamined(f"the threshold {self.name!r} was calibrated on {self.of} predictions: calibrate again")
        met = self.value is None or bool(measured >= self.value if direction == "at_least" else measured <= self.value)
        if (context := current()) is not None:
            context.uses.append(
                ThresholdUse(name=self.name, bar=self.value, measured=float(measured), of=of, met=met,
                             direction=direction, calibration=self.calibration)
            )  # fmt: skip
        return met

    def __str__(self) -> str:
        """Say the bar in words, for a message."""
        if self.value is None:
            return "as good as the reference"
        words = f"{'at least' if self.direction == 'at_least' else 'at most'} {self.value:g}"
        return f"{words} (the bar for a single run)" if self.one_run else words


def threshold(name: str, single: Mapping[str, Mapping[str, Any]] | None = None) -> Bar:
    """Return the bar ``name`` for the data at hand.

    ``single`` is written into a test by ``build`` for places that run once (plain otter, Gradescope):
    bars by data fingerprint. Raises NotExamined where no bar was calibrated for this data.
    """
    context = current()
    if context is None:
        return _single(name, single or {})
    if context.calibrating:
        return Bar(name, None, None, "calibrating")
    bar = context.thresholds.get(name, {}).get(context.data)
    if bar is None:
        raise NotExamined(f"no threshold {name!r} for the data {context.data}: run `fairmark calibrate`")
    return Bar(name, bar.any_of_m, bar.direction, bar.calibration, bar.of)


def _single(name: str, bars: Mapping[str, Mapping[str, Any]]) -> Bar:
    here = {data.fingerprint(fingerprint.split("-")[0]) for fingerprint in bars}
    for fingerprint in here & set(bars):
        bar = bars[fingerprint]
        return Bar(name, bar["bar"], bar["direction"], bar["calibration"], one_run=True)
    raise NotExamined(f"no threshold {name!r} for this data: run `fairmark calibrate`, then `fairmark build`")
