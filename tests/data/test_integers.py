import numpy as np

from fairmark.data.integers import bell, draws, interpolated


def test_draws_are_uniform_and_below_the_bound():
    drawn = draws(np.random.PCG64(1), 70_000, 7)
    assert drawn.dtype == np.int64
    assert np.all(np.abs(np.bincount(drawn, minlength=7) - 10_000) < 400)
    assert draws(np.random.PCG64(1), 3, 7).tolist() == drawn[:3].tolist()


def test_a_bell_has_the_mean_and_deviation_asked_for():
    drawn = bell(np.random.PCG64(1), 50_000, 1000)
    assert drawn.dtype == np.int64
    assert abs(drawn.mean()) < 20
    assert abs(drawn.std() - 1000) < 20
    assert abs(np.mean(np.abs(drawn) < 1000) - 0.683) < 0.01


def test_a_table_is_read_between_and_beyond_its_knots():
    knots = ((0, 10), (10, 30), (20, 20))
    assert interpolated(knots, np.array([0, 5, 10, 15, 20, 30, -5])).tolist() == [10, 20, 30, 25, 20, 10, 0]


def test_a_table_is_rounded_down():
    assert interpolated(((0, 0), (3, 1)), np.array([-1, 0, 1, 2, 3])).tolist() == [-1, 0, 0, 0, 1]


def test_a_table_may_step():
    knots = ((0, 1), (5, 1), (5, 24), (9, 24))
    assert interpolated(knots, np.array([0, 4, 5, 9])).tolist() == [1, 1, 24, 24]
