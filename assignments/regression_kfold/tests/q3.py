from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0, hidden=False)
def test_folds_are_four_pairs_of_row_numbers(folds, train_data):
    """folds is a list of four pairs of row numbers."""
    import numpy as np

    assert isinstance(folds, (list, tuple)), f"folds should be a list; it is {type(folds).__name__}. Does fold_indices return it?"
    assert len(folds) == 4, f"folds should have 4 pairs; yours has {len(folds)}"
    for pair in folds:
        assert len(pair) == 2, f"Each entry of folds should be a pair (training, validation); one of yours has {len(pair)} parts"
        for part in pair:
            rows = np.asarray(part)
            assert rows.ndim == 1 and rows.dtype.kind in "iu", "Each part of a pair should be an array of row numbers (integers)"
            assert rows.min() >= 0 and rows.max() < len(train_data), (
                f"Row numbers go from 0 to {len(train_data) - 1}; yours go from {rows.min()} to {rows.max()}"
            )
