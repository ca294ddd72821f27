"""How both twins of house prices are made: columns that hang together, each spread as the real one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fairmark.data.integers import Integers, Knots, bell, interpolated

_DEVIATION = 1000  # of the common factors, and of what is a column's own


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        spread: its distribution, from shares of the rows (per mille) to values in whole ``1 / per``.
        weights: how much of each common factor is in it, in per cent.
        own: how much of it is its own, in per cent.
        per: in how many parts its unit is divided.
    """

    spread: Knots
    weights: Sequence[int]
    own: int
    per: int


def draw_columns(bits: np.random.PCG64, rows: int, columns: Mapping[str, Column]) -> dict[str, Integers]:
    """The values of each column (``rows``,) by its name, in whole ``1 / per``."""
    factors = [bell(bits, rows, _DEVIATION) for _ in next(iter(columns.values())).weights]
    drawn = {}
    for name, column in columns.items():
        score = column.own * bell(bits, rows, _DEVIATION)
        for weight, factor in zip(column.weights, factors, strict=True):
            score += weight * factor
        drawn[name] = _spread(score, column.spread)
    return drawn


def draw_noise(bits: np.random.PCG64, rows: int, size: int) -> Integers:
    """Noise (``rows``,) about 0 whose mean absolute value is ``size``.

    A normal draw times its own size: most rows are almost without, a few are far off, as houses are.
    """
    draw = bell(bits, rows, _DEVIATION)
    return draw * np.abs(draw) * size // _DEVIATION**2


def _spread(score: Integers, knots: Knots) -> Integers:
    """The distribution's values in the order of the scores: the lowest score gets the lowest value."""
    rank = np.argsort(np.argsort(score, kind="stable"), kind="stable")
    millionths = [(1000 * share, value) for share, value in knots]
    return interpolated(millionths, rank * 1_000_000 // (len(score) - 1))
