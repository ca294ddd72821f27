"""Calibrated bars for stochastic checks. No number is written by hand: ``calibrate`` finds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fairmark import data
from fairmark.checks.examination import current
from fairmark.evidence.records import NotExamined
from fairmark.examine.verdict import ThresholdUse


@dataclass(frozen=True)
class Bar:
    """A bar that a measured value meets or misses."""

    name: str
    value: float | None
    """None while it is being found: then every measured value meets it."""
    direction: Literal["at_least", "at_most"]
    calibration: str

    def met_by(self, measured: float, of: int | None = None) -> bool:
        """Does ``measured`` meet the bar? Give counts of correct predictions, with ``of`` their number."""
        if self.value is None:
            met = True
        else:
            met = bool(measured >= self.value if self.direction == "at_least" else measured <= self.value)
        if (context := current()) is not None:
            context.uses.append(
                ThresholdUse(name=self.name, bar=self.value, measured=float(measured), of=of, met=met,
                             calibration=self.calibration)
            )  # fmt: skip
        return met

    def __str__(self) -> str:
        """Say the bar in words, for a message."""
        if self.value is None:
            return "as much as the reference reaches"
        return f"{'at least' if self.direction == 'at_least' else 'at most'} {self.value:g}"


def threshold(name: str, single: Mapping[str, Mapping[str, Any]] | None = None) -> Bar:
    """Return the bar ``name`` for the data at hand.

    ``single`` is written into a test by ``build`` for places that run once (plain otter, Gradescope):
    bars by data fingerprint. Raises NotExamined where no bar was calibrated for this data.
    """
    context = current()
    if context is None:
        return _single(name, single or {})
    if context.calibrating:
        return Bar(name, None, "at_least", "calibrating")
    bar = context.thresholds.get(name, {}).get(context.data)
    if bar is None:
        raise NotExamined(f"no threshold {name!r} for the data {context.data}: run `fairmark calibrate`")
    return Bar(name, bar.any_of_m, bar.direction, bar.calibration)


def _single(name: str, bars: Mapping[str, Mapping[str, Any]]) -> Bar:
    here = {data.fingerprint(fingerprint.split("-")[0]) for fingerprint in bars}
    for fingerprint in here & set(bars):
        bar = bars[fingerprint]
        return Bar(name, bar["bar"], bar["direction"], bar["calibration"])
    raise NotExamined(f"no threshold {name!r} for this data: run `fairmark calibrate`, then `fairmark build`")
