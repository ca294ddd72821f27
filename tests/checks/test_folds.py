"""K-fold: folds cover the rows, training rows are all the others, models begin anew."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.checks import Fold, assert_folds, assert_fresh_models, rows_of


def folds(rows: int = 12, k: int = 4) -> list[Fold]:
    parts = np.array_split(np.arange(rows), k)
    return [Fold(np.setdiff1d(np.arange(rows), part), part) for part in parts]


@settings(deadline=None, max_examples=50, database=None)
@given(st.integers(2, 6), st.integers(6, 40), st.randoms())
def test_a_split_in_any_order_is_one(k: int, rows: int, random: Any) -> None:
    order = list(range(rows))
    random.shuffle(order)
    parts = [order[n::k] for n in range(k)]
    split = [Fold([row for row in order if row not in part], part) for part in parts]
    assert_folds(split, rows=rows, k=k)
    assert_folds([tuple(map(np.array, fold)) for fold in reversed(split)], rows=rows, k=k)


def with_fold(number: int, fold: Any) -> Any:
    found: list[Any] = folds()
    found[number] = fold
    return found


BROKEN: dict[str, tuple[Any, str]] = {
    "too few": (folds()[:3], "there are 3 folds, where k = 4"),
    "no list": (..., "a list of folds is asked, found the placeholder"),
    "validated on what it trained on": (
        with_fold(1, (list(range(12)), [3, 4, 5])),
        "fold 2 trains on 3 of the rows it",
    ),
    "rows left out": (with_fold(0, (list(range(4, 12)), [0, 1, 2])), "fold 1 leaves 1 rows unused"),
    "one fold twice": (with_fold(1, folds()[0]), "3 rows are validated on in more than one fold"),
    "a row twice": (with_fold(2, ([0, 0, *range(1, 6), *range(9, 12)], [6, 7, 8])), "rows are there more than once"),
    "a foreign row": (with_fold(0, ([*range(3, 12), -1], [0, 1, 2])), "1 of fold 1's training rows are none of the 12"),
    "no numbers": (with_fold(0, (["a"], [0])), "fold 1's training rows should be row numbers"),
    "masks": (with_fold(0, (np.ones(12, bool), np.zeros(12, bool))), "should be row numbers"),
    "no pair": (with_fold(3, [1, 2, 3]), "fold 4 should be a pair of training and validation rows, found a list"),
    "None": (with_fold(3, None), "fold 4 should be a pair .* found None"),
    "one large fold": (with_fold(0, ([11], list(range(11)))), "fold 1 validates on 11 of 12 rows"),
}


@pytest.mark.parametrize(("found", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_split_says_why(found: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_folds(found, rows=12, k=4)


def test_a_remainder_left_out_is_named() -> None:
    size = 14 // 4
    found = []
    for fold in range(4):
        part = list(range(fold * size, (fold + 1) * size))
        found.append((sorted(set(range(14)) - set(part)), part))
    with pytest.raises(AssertionError, match="2 rows are validated on in no fold"):
        assert_folds(found, rows=14, k=4)


WHOLE = np.random.default_rng(1).normal(size=(50, 13))


@settings(deadline=None, max_examples=30, database=None)
@given(st.lists(st.integers(0, 49), max_size=20, unique=True))
def test_rows_are_found_again(rows: list[int]) -> None:
    assert rows_of(WHOLE[rows].astype("float32"), WHOLE.astype("float32")).tolist() == rows
    assert rows_of(WHOLE[rows] + 5e-7, WHOLE).tolist() == rows


def test_other_rows_are_none() -> None:
    part = WHOLE[[3, 4]].copy()
    part[1, 12] += 1e-5
    assert rows_of(part, WHOLE).tolist() == [3, -1]
    assert rows_of(np.zeros((0, 13)), WHOLE).tolist() == []


def test_equal_rows_are_found_one_after_the_other() -> None:
    whole = np.array([[1.0], [2.0], [1.0]])
    assert rows_of([[1.0], [1.0], [1.0]], whole).tolist() == [0, 2, 0]


@pytest.mark.parametrize("part", [..., None, [1.0, 2.0], [["a"]], [[1.0], [1.0, 2.0]], np.ones((2, 4))])
def test_what_is_no_table_is_named(part: Any) -> None:
    with pytest.raises(AssertionError, match=r"the part should be a table|rows of 4 numbers can't be rows of 13"):
        rows_of(part, WHOLE)


def weights(seed: int) -> list[Any]:
    random = np.random.default_rng(seed)
    return [random.normal(size=(3, 2)), random.normal(size=2)]


def test_fresh_models_begin_anew() -> None:
    starts, ends = [weights(n) for n in range(3)], [weights(10 + n) for n in range(3)]
    assert_fresh_models(starts, ends)
    assert_fresh_models([starts[0]] * 3, ends)
    with pytest.raises(AssertionError, match="fold 3 began with the weights that fold 1 ended with"):
        assert_fresh_models([*starts[:2], ends[0]], ends)
    with pytest.raises(AssertionError, match="the start of 2 folds and at the end of 3"):
        assert_fresh_models(starts[:2], ends)
    with pytest.raises(AssertionError, match="weights at each fold's start are asked, found None"):
        assert_fresh_models(None, ends)  # type: ignore[arg-type]
