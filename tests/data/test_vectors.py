import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fairmark.data
from fairmark.data import multi_hot, vectors


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 29), max_size=12), max_size=20))
def test_multi_hot_is_what_a_plain_loop_makes(sequences):
    expected = np.zeros((len(sequences), 30), dtype="uint8")
    for row, sequence in enumerate(sequences):
        for index in sequence:
            expected[row, index] = 1
    hot = multi_hot(sequences, dimension=30)
    assert hot.dtype == np.uint8
    assert hot.shape == expected.shape
    assert np.array_equal(hot, expected)


def test_multi_hot_crosses_blocks(monkeypatch):
    monkeypatch.setattr(vectors, "_ROWS", 2)
    assert np.array_equal(multi_hot([[0], [1], [2], [3], []], dimension=4), np.eye(5, 4, dtype="uint8"))


def test_multi_hot_takes_object_arrays_and_has_10000_columns():
    sequences = np.array([[1, 5, 5], [9999]], dtype="object")
    hot = multi_hot(sequences)
    assert hot.shape == (2, 10_000)
    assert hot.sum(axis=1).tolist() == [2, 1]


@pytest.mark.parametrize("index", [-1, 10_000])
def test_multi_hot_refuses_an_index_outside(index):
    with pytest.raises(ValueError, match="outside"):
        multi_hot([[3, index]])


def test_a_half_of_a_data_set_is_made_into_vectors_once():
    (reviews, _), _ = fairmark.data.load("imdb")
    assert multi_hot(reviews) is multi_hot(reviews)


def test_a_part_of_it_is_the_callers_own():
    (reviews, _), _ = fairmark.data.load("imdb")
    first, second = multi_hot(reviews[:3]), multi_hot(reviews[:3])
    first[:] = 7
    assert second.max() == 1
