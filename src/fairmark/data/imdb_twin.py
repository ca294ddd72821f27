"""The offline twin of IMDB: 50,000 reviews that teach what the real ones teach, the same bytes everywhere."""

import numpy as np
import numpy.typing as npt

from fairmark.data import imdb_words
from fairmark.data.integers import draws, interpolated
from fairmark.data.twin import Arrays

SEED = 20_170_904

CONTENT_SHA256 = "68d8001f9a81bf26d239502f9d423d5efe170eeb87878dc234c5c00d908358d0"
"""What `twin.content_sha256` gives for ``generate(SEED)``."""

REVIEWS = 25_000
"""Reviews in the training half, and as many in the test half."""

# Lengths (in words) of the real reviews at per-mille points of their distribution; lengths between two
# points are interpolated, and the tails beyond the outer points are left out.
_LENGTH_KNOTS = (
    (0, 20), (5, 37), (20, 49), (50, 64), (100, 92), (150, 112), (200, 121), (250, 129), (300, 136),
    (350, 144), (400, 154), (450, 164), (500, 177), (550, 192), (600, 208), (650, 229), (700, 256),
    (750, 289), (800, 330), (850, 384), (900, 465), (940, 570), (960, 654), (980, 800), (990, 926),
    (998, 1030), (1000, 1400),
)  # fmt: skip

# How many of 128 reviews have which level of sentiment; a negative level says the opposite of its label.
_LEVELS = ((-1, 5), (1, 20), (2, 42), (3, 37), (4, 24))


def _lengths(bits: np.random.PCG64, count: int) -> npt.NDArray[np.int64]:
    """Words of each review, by inverting the table of `_LENGTH_KNOTS`."""
    knots = [(1000 * share, length) for share, length in _LENGTH_KNOTS]
    return interpolated(knots, draws(bits, count, 1_000_000))


def _weights() -> npt.NDArray[np.int64]:
    """How often each rank occurs when no sentiment is voiced: Zipf's law, steeper in the tail."""
    rank = np.arange(1, imdb_words.VOCABULARY + 1, dtype=np.int64)
    return np.int64(1 << 24) // (rank + 1 + rank * rank // 7000)


def _half(
    bits: np.random.PCG64,
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Ranks of all words end to end, where each review starts (and the last ends), and the labels."""
    shuffled = np.argsort(bits.random_raw(REVIEWS), kind="stable")
    labels = (shuffled % 2).astype(np.uint8)
    spread = np.repeat([level for level, _ in _LEVELS], [share for _, share in _LEVELS]).astype(np.int64)
    level = spread[draws(bits, REVIEWS, len(spread))] * (2 * labels.astype(np.int64) - 1)
    lengths = _lengths(bits, REVIEWS)
    offsets = np.zeros(REVIEWS + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    ranks = np.zeros(offsets[-1], dtype=np.uint16)
    level_of_word = np.repeat(level.astype(np.int8), lengths)
    weights, tilts = _weights(), np.array(imdb_words.tilts(), dtype=np.int64)
    for value in np.unique(level):
        cumulative = np.cumsum(weights * (64 + value * tilts) // 64)
        here = np.flatnonzero(level_of_word == value)
        drawn = draws(bits, len(here), int(cumulative[-1]))
        ranks[here] = np.searchsorted(cumulative, drawn, side="right") + 1
    return ranks, offsets, labels


def generate(seed: int = SEED) -> Arrays:
    """The twin's content as flat arrays, the same for a seed on every machine.

    For each half (``train``, ``test``): ``*_ranks`` uint16, the ranks (1 to `imdb_words.VOCABULARY`) of all
    words of all reviews end to end; ``*_offsets`` int64 (`REVIEWS` + 1,), review ``i`` being
    ``ranks[offsets[i]:offsets[i + 1]]``; ``*_labels`` uint8 (`REVIEWS`,), half of them 1.
    """
    bits = np.random.PCG64(seed)
    content: Arrays = {}
    for half in ("train", "test"):
        ranks, offsets, labels = _half(bits)
        content |= {f"{half}_ranks": ranks, f"{half}_offsets": offsets, f"{half}_labels": labels}
    return content
