"""A straight scale of a chart: values to pixels, and where to write numbers beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """Values from ``low`` to ``high`` lie on pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    @staticmethod
    def around(values: Sequence[float], start: float, end: float) -> "Axis":
        """Return an axis that holds ``values`` with some room at both ends."""
        low, high = min(values), max(values)
        room = 0.04 * (high - low) or 0.01 * abs(high) or 1.0
        return Axis(low - room, high + room, start, end)

    def at(self, value: float) -> float:
        """Return the pixel of a value, to a tenth."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    def holds(self, value: float) -> bool:
        """Is ``value`` on the axis?"""
        return self.low <= value <= self.high

    @property
    def middle(self) -> float:
        """The value halfway."""
        return (self.low + self.high) / 2

    def ticks(self, about: int = 7) -> list[tuple[float, str]]:
        """Return some ``about`` round values with their texts."""
        step = self._step(about)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [(count * step, f"{count * step:,.{decimals}f}") for count in range(first, last + 1)]

    def _step(self, about: int) -> float:
        """Return the power of ten, or 2 or 5 times it, that cuts the axis into ``about`` pieces or fewer."""
        piece = (self.high - self.low) / about
        power = 10.0 ** math.floor(math.log10(piece))
        return next(times * power for times in (1, 2, 5, 10) if times * power >= piece * (1 - 1e-9))
