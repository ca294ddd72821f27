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

@test_case(points=1, hidden=True,
    failure_message="Write down the validation parts for a few small n and k. Is every row in one of them, and in no other? How many rows has each part?")
def test_every_row_is_validated_on_once(split_examples, fold_indices):
    """The validation parts cover the rows, none twice, and their sizes differ by one at most."""
    def _probe_split_examples(fold_indices):
        """The folds of 12 rows in 4, of 10 in 3, and of 404 in 4: each a list of training and validation rows."""
        import numpy as np

        def numbers(rows):
            rows = np.asarray(list(rows))
            return np.flatnonzero(rows) if rows.dtype == bool else rows

        return {
            f"{n} rows, k = {k}": [[numbers(training), numbers(validation)] for training, validation in fold_indices(n, k)]
            for n, k in [(12, 4), (10, 3), (404, 4)]
        }
    if split_examples is None:
        split_examples = _probe_split_examples(fold_indices)
    import numpy as np

    for case, folds in split_examples.items():
        n, k = int(case.split()[0]), int(case.split()[-1])
        assert len(folds) == k, f"{case}: {len(folds)} folds"
        parts = [np.asarray(validation) for _, validation in folds]
        rows = np.sort(np.concatenate(parts))
        assert np.array_equal(rows, np.arange(n)), f"{case}: the validation parts hold {rows.size} rows, {np.unique(rows).size} of them different"
        sizes = [part.size for part in parts]
        assert max(sizes) - min(sizes) <= 1, f"{case}: validation parts of {sizes} rows"

@test_case(points=1, hidden=True,
    failure_message="A network that has trained on a row can't be asked about it honestly. Do your training and validation parts have rows in common?")
def test_no_row_is_in_both_parts(split_examples, fold_indices):
    """Training and validation part of a pair have no row in common."""
    def _probe_split_examples(fold_indices):
        """The folds of 12 rows in 4, of 10 in 3, and of 404 in 4: each a list of training and validation rows."""
        import numpy as np

        def numbers(rows):
            rows = np.asarray(list(rows))
            return np.flatnonzero(rows) if rows.dtype == bool else rows

        return {
            f"{n} rows, k = {k}": [[numbers(training), numbers(validation)] for training, validation in fold_indices(n, k)]
            for n, k in [(12, 4), (10, 3), (404, 4)]
        }
    if split_examples is None:
        split_examples = _probe_split_examples(fold_indices)
    import numpy as np

    for case, folds in split_examples.items():
        for number, (training, validation) in enumerate(folds, start=1):
            both = np.intersect1d(training, validation)
            assert both.size == 0, f"{case}: fold {number} trains on {both.size} of its {np.size(validation)} validation rows"

@test_case(points=1, hidden=True,
    failure_message="Each network should train on all the rows that it is not validated on: do you leave some out, or take some twice?")
def test_all_other_rows_are_trained_on(split_examples, fold_indices):
    """The training part holds every row outside the validation part, once."""
    def _probe_split_examples(fold_indices):
        """The folds of 12 rows in 4, of 10 in 3, and of 404 in 4: each a list of training and validation rows."""
        import numpy as np

        def numbers(rows):
            rows = np.asarray(list(rows))
            return np.flatnonzero(rows) if rows.dtype == bool else rows

        return {
            f"{n} rows, k = {k}": [[numbers(training), numbers(validation)] for training, validation in fold_indices(n, k)]
            for n, k in [(12, 4), (10, 3), (404, 4)]
        }
    if split_examples is None:
        split_examples = _probe_split_examples(fold_indices)
    import numpy as np

    for case, folds in split_examples.items():
        n = int(case.split()[0])
        for number, (training, validation) in enumerate(folds, start=1):
            outside = np.setdiff1d(np.arange(n), validation)
            forgotten = np.setdiff1d(outside, training).size
            twice = np.size(training) - np.unique(training).size
            assert forgotten == 0, f"{case}: fold {number} trains on none of {forgotten} rows that it is not validated on"
            assert twice == 0, f"{case}: fold {number} trains on {twice} rows twice"
