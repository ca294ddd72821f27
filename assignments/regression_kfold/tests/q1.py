from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_tables_keep_their_shapes(x_train, x_test, train_data, test_data):
    """Each normalised table has the shape of the one it was made from."""
    import numpy as np

    for name, found, given in [("x_train", x_train, train_data), ("x_test", x_test, test_data)]:
        shape = np.shape(found)
        assert shape == given.shape, f"{name} should have the shape {given.shape}; it has {shape}"

@test_case(points=1, hidden=False)
def test_each_training_column_has_mean_0_and_deviation_1(normalised_examples, normalise):
    """In the normalised training table, every column has mean 0 and standard deviation 1."""
    def _probe_normalised_examples(normalise):
        """Two small tables, and what normalise makes of them."""
        import numpy as np

        train = np.array([[1.0, 300.0, -5.0], [2.0, 100.0, -3.0], [2.0, 250.0, 4.0], [7.0, 150.0, 8.0]])
        test = np.array([[3.0, 900.0, 0.5], [5.0, 800.0, -2.5]])
        found_train, found_test = normalise(train.copy(), test.copy())
        return {
            "train": train,
            "test": test,
            "found_train": np.asarray(found_train),
            "found_test": np.asarray(found_test),
        }
    if normalised_examples is None:
        normalised_examples = _probe_normalised_examples(normalise)
    import numpy as np

    found = np.asarray(normalised_examples["found_train"], dtype=float)
    shape = normalised_examples["train"].shape
    assert found.shape == shape, f"A table of the shape {shape} should keep it; yours comes back with {found.shape}"
    means, deviations = found.mean(axis=0), [found.std(axis=0), found.std(axis=0, ddof=1)]
    assert np.allclose(means, 0, atol=1e-5), f"The columns of a normalised table have the means {np.round(means, 3).tolist()}, not 0"
    assert any(np.allclose(some, 1, atol=1e-5) for some in deviations), (
        f"The columns of a normalised table have the standard deviations {np.round(deviations[0], 3).tolist()}, not 1"
    )
