"""K-fold cross-validation: which rows each fold trained and validated on, and from which weights it began."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.subject import shown

EXACT = 1e-6


class Fold(NamedTuple):
    """The row numbers that one fold trained and validated on."""

    training: Any
    validation: Any


def rows_of(part: Any, whole: Any) -> NDArray[np.int64]:
    """Return, for each row of ``part`` (m, d), which row of ``whole`` (n, d) it is; -1 where it is none.

    Rows are the same if no number differs by more than 1e-6. Of equal rows of ``whole``, each is found once
    before one is found again. Raises AssertionError for tables that can't be compared.
    """
    here, there = _table(part, "the part"), _table(whole, "the whole")
    assert here.shape[1] == there.shape[1], f"rows of {here.shape[1]} numbers can't be rows of {there.shape[1]}"
    weights = np.random.default_rng(0).uniform(0.5, 1.5, there.shape[1])
    sums, wanted = there @ weights, here @ weights
    order = np.argsort(sums, kind="stable")
    slack = EXACT * float(np.sum(weights)) + 1e-9 * (float(np.max(np.abs(sums), initial=0)) + 1)
    first = np.searchsorted(sums[order], wanted - slack, "left")
    last = np.searchsorted(sums[order], wanted + slack, "right")
    used = np.zeros(len(there), bool)
    found = np.full(len(here), -1, dtype="int64")
    for place, row in enumerate(here):
        near = np.sort(order[first[place] : last[place]])
        same = near[np.all(np.abs(there[near] - row) <= EXACT, axis=1)] if len(near) else near
        if len(same):
            free = same[~used[same]]
            found[place] = free[0] if len(free) else same[0]
            used[found[place]] = True
    return found


def assert_folds(folds: Sequence[Any], rows: int, k: int) -> None:
    """Assert that ``folds`` (pairs of training and validation row numbers) are a K-fold split of ``rows`` rows.

    The validation folds are disjoint, of about one size, and cover the rows; each fold trains on all the others,
    on none twice.
    """
    assert isinstance(folds, list | tuple), f"a list of folds is asked, found {shown(folds)}"
    assert len(folds) == k, f"there are {len(folds)} folds, where k = {k}"
    validated = np.zeros(rows, dtype=int)
    for number, fold in enumerate(folds, start=1):
        training, validation = _fold(fold, number, rows)
        both = np.intersect1d(training, validation)
        assert not both.size, f"fold {number} trains on {both.size} of the rows it validates on"
        missing = rows - training.size - validation.size
        assert not missing, f"fold {number} leaves {missing} rows unused: neither trained nor validated on"
        assert abs(validation.size - rows / k) < k, f"fold {number} validates on {validation.size} of {rows} rows"
        validated[validation] += 1
    never, often = int(np.sum(validated == 0)), int(np.sum(validated > 1))
    assert not often, f"{often} rows are validated on in more than one fold"
    assert not never, f"{never} rows are validated on in no fold"


def assert_fresh_models(weights_at_start: Sequence[Any], weights_at_end: Sequence[Any]) -> None:
    """Assert that no fold began from weights that an earlier fold ended with; one list of arrays a fold."""
    for name, found in (("start", weights_at_start), ("end", weights_at_end)):
        assert isinstance(found, list | tuple), f"weights at each fold's {name} are asked, found {shown(found)}"
    starts, ends = len(weights_at_start), len(weights_at_end)
    assert starts == ends, f"there are weights at the start of {starts} folds and at the end of {ends}"
    for fold, start in enumerate(weights_at_start):
        for earlier, end in enumerate(weights_at_end[:fold]):
            assert not _same(start, end), f"fold {fold + 1} began with the weights that fold {earlier + 1} ended with"


def _table(rows: Any, name: str) -> NDArray[np.float64]:
    try:
        table = np.asarray(rows, dtype="float64")
    except (TypeError, ValueError):
        raise AssertionError(f"{name} should be a table of numbers, found {shown(rows)}") from None
    assert table.ndim >= 2, f"{name} should be a table, one row an example; found the shape {table.shape}"
    return table.reshape(len(table), -1) if len(table) else np.zeros((0, int(np.prod(table.shape[1:]))))


def _fold(fold: Any, number: int, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pair = isinstance(fold, list | tuple) and len(fold) == 2
    assert pair, f"fold {number} should be a pair of training and validation rows, found {shown(fold)}"
    training, validation = (_row_numbers(part, rows, f"fold {number}'s {name} rows")
                            for part, name in zip(fold, ("training", "validation"), strict=True))  # fmt: skip
    return training, validation


def _row_numbers(part: Any, rows: int, name: str) -> NDArray[np.int64]:
    try:
        found = np.asarray(part)
    except ValueError:
        found = np.asarray(None)
    whole = found.ndim == 1 and (found.dtype.kind in "iu" or not found.size)
    assert whole, f"{name} should be row numbers, found {shown(part)}"
    foreign = int(np.sum((found < 0) | (found >= rows)))
    assert not foreign, f"{foreign} of {name} are none of the {rows} rows of the data"
    twice = found.size - np.unique(found).size
    assert not twice, f"{twice} of {name} are there more than once"
    return found.astype("int64")


def _same(first: Any, second: Any) -> bool:
    """Are two lists of weights (or two arrays) the same?"""
    here, there = (list(found) if isinstance(found, list | tuple) else [found] for found in (first, second))
    return len(here) == len(there) and all(
        np.shape(a) == np.shape(b) and np.array_equal(a, b) for a, b in zip(here, there, strict=True)
    )
