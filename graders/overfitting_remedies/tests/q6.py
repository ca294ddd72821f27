from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0, hidden=False)
def test_dropout_keeps_the_shape(dropout_shapes, dropout):
    """dropout returns an array of the shape of x, for any number of dimensions."""
    def _probe_dropout_shapes(dropout):
        """The shapes of a few arrays before and after dropout."""
        import numpy as np

        shapes = [(7,), (3, 4), (2, 3, 4)]
        return [[list(shape), list(np.shape(dropout(np.ones(shape), 0.5, np.random.default_rng(0))))] for shape in shapes]
    if dropout_shapes is None:
        dropout_shapes = _probe_dropout_shapes(dropout)
    for asked, found in dropout_shapes:
        assert found == asked, f"For x of the shape {tuple(asked)}, dropout should return that shape; yours: {found}"

@test_case(points=1, hidden=True,
    failure_message="Count the zeros in dropout(np.ones((1000, 1000)), 0.2, rng): is their share the rate? And are there as many in each row?")
def test_share_of_dropped_entries(dropout_examples, dropout):
    """Of all entries, a share of `rate` is dropped: further off than ten standard deviations is no bad luck."""
    def _probe_dropout_examples(dropout):
        """What dropout multiplies each entry by, at several rates; and whether it touches anything else."""
        import numpy as np

        x = np.random.default_rng(2).uniform(0.5, 1.5, (200, 250))
        before = x.copy()
        factors = [
            [rate, (np.asarray(dropout(x.copy(), rate, np.random.default_rng(3))) / before).astype("float32")]
            for rate in [0.2, 0.7]
        ]
        once, again, other = (np.asarray(dropout(x.copy(), 0.2, np.random.default_rng(seed))) == 0 for seed in [4, 4, 5])
        nothing_dropped = np.asarray(dropout(x.copy(), 0.0, np.random.default_rng(6)))
        dropout(x, 0.2, np.random.default_rng(7))
        return {
            "factors": factors,
            "x_unchanged": bool(np.array_equal(x, before)),
            "rate_0_unchanged": bool(np.allclose(nothing_dropped, before)),
            "same_seed_same_zeros": bool(np.array_equal(once, again)),
            "other_seed_same_zeros": bool(np.array_equal(once, other)),
        }
    if dropout_examples is None:
        dropout_examples = _probe_dropout_examples(dropout)
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        dropped, n = float(np.mean(np.asarray(factors) == 0)), np.size(factors)
        deviation = (rate * (1 - rate) / n) ** 0.5
        assert abs(dropped - rate) <= 10 * deviation, f"at a rate of {rate}, {dropped:.1%} of {n:,} entries were dropped"

@test_case(points=1, hidden=True,
    failure_message="Look at several rows and several columns of dropout(np.ones((6, 20)), 0.2, rng): is each entry drawn for itself?")
def test_each_entry_is_drawn_for_itself(dropout_examples, dropout):
    """No two rows and no two columns share their zeros, as they would under one mask a row or a column."""
    def _probe_dropout_examples(dropout):
        """What dropout multiplies each entry by, at several rates; and whether it touches anything else."""
        import numpy as np

        x = np.random.default_rng(2).uniform(0.5, 1.5, (200, 250))
        before = x.copy()
        factors = [
            [rate, (np.asarray(dropout(x.copy(), rate, np.random.default_rng(3))) / before).astype("float32")]
            for rate in [0.2, 0.7]
        ]
        once, again, other = (np.asarray(dropout(x.copy(), 0.2, np.random.default_rng(seed))) == 0 for seed in [4, 4, 5])
        nothing_dropped = np.asarray(dropout(x.copy(), 0.0, np.random.default_rng(6)))
        dropout(x, 0.2, np.random.default_rng(7))
        return {
            "factors": factors,
            "x_unchanged": bool(np.array_equal(x, before)),
            "rate_0_unchanged": bool(np.allclose(nothing_dropped, before)),
            "same_seed_same_zeros": bool(np.array_equal(once, again)),
            "other_seed_same_zeros": bool(np.array_equal(once, other)),
        }
    if dropout_examples is None:
        dropout_examples = _probe_dropout_examples(dropout)
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        mask = np.asarray(factors) == 0
        rows, columns = len(np.unique(mask, axis=0)), len(np.unique(mask, axis=1).T)
        assert (rows, columns) == mask.shape, (
            f"at a rate of {rate}, {mask.shape[0]} rows have {rows} different patterns of zeros, {mask.shape[1]} columns {columns}"
        )

@test_case(points=1, hidden=True,
    failure_message="At a rate of 0.2, four of five entries stay. By how much must they grow so that the mean of all five is what it was?")
def test_scale_of_what_stays(dropout_examples, dropout):
    """The entries that stay are divided by 1 - rate."""
    def _probe_dropout_examples(dropout):
        """What dropout multiplies each entry by, at several rates; and whether it touches anything else."""
        import numpy as np

        x = np.random.default_rng(2).uniform(0.5, 1.5, (200, 250))
        before = x.copy()
        factors = [
            [rate, (np.asarray(dropout(x.copy(), rate, np.random.default_rng(3))) / before).astype("float32")]
            for rate in [0.2, 0.7]
        ]
        once, again, other = (np.asarray(dropout(x.copy(), 0.2, np.random.default_rng(seed))) == 0 for seed in [4, 4, 5])
        nothing_dropped = np.asarray(dropout(x.copy(), 0.0, np.random.default_rng(6)))
        dropout(x, 0.2, np.random.default_rng(7))
        return {
            "factors": factors,
            "x_unchanged": bool(np.array_equal(x, before)),
            "rate_0_unchanged": bool(np.allclose(nothing_dropped, before)),
            "same_seed_same_zeros": bool(np.array_equal(once, again)),
            "other_seed_same_zeros": bool(np.array_equal(once, other)),
        }
    if dropout_examples is None:
        dropout_examples = _probe_dropout_examples(dropout)
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        kept = np.asarray(factors, dtype="float64")
        kept = kept[kept != 0]
        assert kept.size, f"at a rate of {rate}, nothing stayed"
        low, high = float(kept.min()), float(kept.max())
        expected = 1 / (1 - rate)
        assert abs(low - expected) < 1e-4 and abs(high - expected) < 1e-4, (
            f"at a rate of {rate}, what stays is multiplied by {low:.4f} to {high:.4f}, not by {expected:.4f}"
        )

@test_case(points=1, hidden=True,
    failure_message="Print x before and after the call. And call dropout twice, each time with np.random.default_rng(0): is the result the same?")
def test_nothing_but_x_rate_and_rng(dropout_examples, dropout):
    """x is left alone, a rate of 0 changes nothing, and the same seed gives the same zeros."""
    def _probe_dropout_examples(dropout):
        """What dropout multiplies each entry by, at several rates; and whether it touches anything else."""
        import numpy as np

        x = np.random.default_rng(2).uniform(0.5, 1.5, (200, 250))
        before = x.copy()
        factors = [
            [rate, (np.asarray(dropout(x.copy(), rate, np.random.default_rng(3))) / before).astype("float32")]
            for rate in [0.2, 0.7]
        ]
        once, again, other = (np.asarray(dropout(x.copy(), 0.2, np.random.default_rng(seed))) == 0 for seed in [4, 4, 5])
        nothing_dropped = np.asarray(dropout(x.copy(), 0.0, np.random.default_rng(6)))
        dropout(x, 0.2, np.random.default_rng(7))
        return {
            "factors": factors,
            "x_unchanged": bool(np.array_equal(x, before)),
            "rate_0_unchanged": bool(np.allclose(nothing_dropped, before)),
            "same_seed_same_zeros": bool(np.array_equal(once, again)),
            "other_seed_same_zeros": bool(np.array_equal(once, other)),
        }
    if dropout_examples is None:
        dropout_examples = _probe_dropout_examples(dropout)
    assert dropout_examples["x_unchanged"], "x is another array after the call"
    assert dropout_examples["rate_0_unchanged"], "a rate of 0 changes x"
    assert dropout_examples["same_seed_same_zeros"], "two generators with one seed give different zeros"
    assert not dropout_examples["other_seed_same_zeros"], "two generators with different seeds give the same zeros"
