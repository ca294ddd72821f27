"""The twin behind Keras's own functions: ``load_data`` and ``get_word_index`` of ``keras.datasets.imdb``."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fairmark.data import imdb_words, serving
from fairmark.data.dataset import Half, Split
from fairmark.data.twin import Arrays, Twin, read


class _Reviews(NamedTuple):
    """One half of the twin, as `imdb_twin.generate` describes it, and the reviews that are wanted."""

    ranks: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]
    labels: npt.NDArray[np.uint8]
    order: npt.NDArray[np.int64]

    def largest_rank(self) -> int:
        """The rarest word among the reviews in `order`."""
        return int(np.maximum.reduceat(self.ranks, self.offsets[:-1])[self.order].max())


class _Spelling(NamedTuple):
    """How ranks are written as word numbers.

    Attributes:
        start: what every review begins with: one number or nothing.
        numbers: the word number of each rank, as Python integers that all reviews share.
        kept: whether a rank is written at all.
    """

    start: list[int]
    numbers: npt.NDArray[np.object_]
    kept: npt.NDArray[np.bool_]

    def write(self, reviews: _Reviews) -> Half:
        """The reviews as an object array of lists of int, and their labels (int64)."""
        lists = []
        for review in reviews.order:
            ranks = reviews.ranks[reviews.offsets[review] : reviews.offsets[review + 1]]
            lists.append(self.start + self.numbers[ranks[self.kept[ranks]]].tolist())
        return np.array(lists, dtype="object"), reviews.labels[reviews.order].astype(np.int64)


def _reviews(content: Arrays, half: str, rng: np.random.RandomState, shorter_than: int | None) -> _Reviews:
    labels, offsets = content[f"{half}_labels"], content[f"{half}_offsets"]
    order = np.arange(len(labels))
    rng.shuffle(order)
    if shorter_than is not None:
        order = order[np.diff(offsets)[order] < shorter_than]
    return _Reviews(content[f"{half}_ranks"], offsets, labels, order)


def _spelling(below: int, skip_top: int, start_char: int | None, oov_char: int | None, shift: int) -> _Spelling:
    plain = np.arange(imdb_words.VOCABULARY + 1) + shift
    within = (skip_top <= plain) & (plain < below)
    start = [] if start_char is None else [start_char]
    # Keras passes the start character through the same sieve as the words.
    if start_char is not None and not skip_top <= start_char < below:
        start = [] if oov_char is None else [oov_char]
    if oov_char is None:
        return _Spelling(start, plain.astype(object), within)
    return _Spelling(start, np.where(within, plain, oov_char).astype(object), np.full(len(plain), True))


def load_data(
    content: Arrays,
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> Split:
    """What ``keras.datasets.imdb.load_data`` would return, were ``content`` the real file.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: each ``x`` an object array of lists of int, ``y`` int64.

    Raises:
        ValueError: no review is shorter than ``maxlen``.
    """
    rng = np.random.RandomState(seed)
    shift = index_from or 0
    # Keras counts the start character in, and keeps what is strictly shorter.
    shorter_than = maxlen - (start_char is not None) if maxlen else None
    halves = [_reviews(content, half, rng, shorter_than) for half in ("train", "test")]
    if not all(len(half.order) for half in halves):
        raise ValueError(
            f"After filtering for sequences shorter than maxlen={maxlen}, no sequence was kept. Increase maxlen."
        )
    if not num_words:
        largest = max(half.largest_rank() for half in halves) + shift
        num_words = largest if start_char is None else max(largest, start_char)
    spelling = _spelling(num_words, skip_top, start_char, oov_char, shift)
    train, test = (spelling.write(half) for half in halves)
    return train, test


def word_index() -> dict[str, int]:
    """Rank of every word of the twin, rank 1 first."""
    return {word: rank for rank, word in enumerate(imdb_words.words(), start=1)}


def serve(twin: Twin, path: Path) -> None:
    """Replace Keras's functions, wherever they are looked up, by ones that serve the twin stored at ``path``.

    The file is read (and its content checked: `TwinDamaged`) when data are first asked for.
    """

    @lru_cache
    def content() -> Arrays:
        return read(twin, path)

    def served_load_data(
        path: str = "imdb.npz",
        num_words: int | None = None,
        skip_top: int = 0,
        maxlen: int | None = None,
        seed: int = 113,
        start_char: int | None = 1,
        oov_char: int | None = 2,
        index_from: int | None = 3,
        **kwargs: Any,
    ) -> Split:
        """Loads the IMDB data set (fairmark's offline twin of it)."""
        return load_data(content(), num_words, skip_top, maxlen, seed, start_char, oov_char, index_from)

    def served_word_index(path: str = "imdb_word_index.json") -> dict[str, int]:
        """Retrieves a dict mapping words to their rank in the IMDB data set (fairmark's offline twin)."""
        return word_index()

    serving.replace("imdb", load_data=served_load_data, get_word_index=served_word_index)
