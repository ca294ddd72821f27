from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_every_review_has_its_label(vectorized_data, split_summary, x_train, x_test, y_train, y_test, x_val, partial_x_train, y_val, partial_y_train):
    """All tables have 10,000 columns, and as many rows as there are labels."""
    def _probe_vectorized_data(x_train, x_test, y_train, y_test):
        """Shapes, words ticked in each row and the first rows of both tables; the labels as they are."""
        import numpy as np

        facts = {"y_train": np.asarray(y_train), "y_test": np.asarray(y_test)}
        for name, x, y in [("train", x_train, y_train), ("test", x_test, y_test)]:
            x = np.asarray(x)
            facts[f"x_{name}_shape"] = list(x.shape)
            facts[f"y_{name}_shape"] = list(np.shape(y))
            facts[f"x_{name}_dtype"] = str(x.dtype)
            if x.ndim == 2:
                facts[f"x_{name}_words"] = np.array([np.count_nonzero(row) for row in x], dtype="int32")
                facts[f"x_{name}_first"] = (x[:4] != 0).astype("uint8")
        return facts
    if vectorized_data is None:
        vectorized_data = _probe_vectorized_data(x_train, x_test, y_train, y_test)
    def _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train):
        """Shapes of the parts, whether their rows are those of the student's own table, and their labels."""
        import numpy as np

        def same_rows(part, first, last):
            # In blocks of rows: comparing whole tables at once would need 150 MB more.
            if table.ndim != 2 or part.shape != (len(table[first:last]), table.shape[1]):
                return False
            starts = range(0, len(part), 500)
            return all(
                np.array_equal(part[start : start + 500], table[first:last][start : start + 500]) for start in starts
            )

        table, val, partial = np.asarray(x_train), np.asarray(x_val), np.asarray(partial_x_train)
        return {
            "x_val_shape": list(val.shape),
            "x_partial_shape": list(partial.shape),
            "y_val_shape": list(np.shape(y_val)),
            "y_partial_shape": list(np.shape(partial_y_train)),
            "x_val_rows_as_asked": same_rows(val, 0, 10_000),
            "x_partial_rows_as_asked": same_rows(partial, 10_000, None),
            "y_val": np.asarray(y_val),
            "y_partial": np.asarray(partial_y_train),
        }
    if split_summary is None:
        split_summary = _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train)
    tables = {**vectorized_data, **split_summary}
    for name in ["train", "test", "val", "partial"]:
        x_shape, y_shape = list(tables[f"x_{name}_shape"]), list(tables[f"y_{name}_shape"])
        assert len(x_shape) == 2 and x_shape[1] == 10_000, f"the {name} table should have 10,000 columns; its shape is {x_shape}"
        assert y_shape and x_shape[0] == y_shape[0], f"{name}: {x_shape[0]} reviews, but labels of the shape {y_shape}"
    parts = tables["x_val_shape"][0] + tables["x_partial_shape"][0]
    whole = tables["x_train_shape"][0]
    assert parts == whole, f"validation and partial training reviews should be {whole} together; yours are {parts}"

@test_case(points=1, hidden=True,
    failure_message="x_train and x_test should hold the reviews of the two sets, one a row, in the order in which they were loaded.")
def test_tables_hold_the_reviews(vectorized_data, x_train, x_test, y_train, y_test):
    """Row i of each table ticks the words of review i. (Counts instead of ticks cost points in q1 only.)"""
    def _probe_vectorized_data(x_train, x_test, y_train, y_test):
        """Shapes, words ticked in each row and the first rows of both tables; the labels as they are."""
        import numpy as np

        facts = {"y_train": np.asarray(y_train), "y_test": np.asarray(y_test)}
        for name, x, y in [("train", x_train, y_train), ("test", x_test, y_test)]:
            x = np.asarray(x)
            facts[f"x_{name}_shape"] = list(x.shape)
            facts[f"y_{name}_shape"] = list(np.shape(y))
            facts[f"x_{name}_dtype"] = str(x.dtype)
            if x.ndim == 2:
                facts[f"x_{name}_words"] = np.array([np.count_nonzero(row) for row in x], dtype="int32")
                facts[f"x_{name}_first"] = (x[:4] != 0).astype("uint8")
        return facts
    if vectorized_data is None:
        vectorized_data = _probe_vectorized_data(x_train, x_test, y_train, y_test)
    import numpy as np

    from fairmark.data import load, multi_hot

    (train_sequences, _), (test_sequences, _) = load("imdb")
    for name, sequences in [("train", train_sequences), ("test", test_sequences)]:
        assert list(vectorized_data[f"x_{name}_shape"]) == [len(sequences), 10_000], (
            f"x_{name} has the shape {vectorized_data[f'x_{name}_shape']}"
        )
        words = np.array([len(set(sequence)) for sequence in sequences])
        wrong = int(np.sum(np.asarray(vectorized_data[f"x_{name}_words"]) != words))
        assert wrong == 0, f"x_{name}: {wrong} of {len(words)} rows tick another number of words than their review has"
        first = np.asarray(vectorized_data[f"x_{name}_first"])
        assert np.array_equal(first, multi_hot(sequences[: len(first)])), f"x_{name}: the first rows tick other words"

@test_case(points=1, hidden=True,
    failure_message="y_train and y_test should be the labels that were loaded, as numbers: one for each review, in the same order.")
def test_labels_are_those_of_the_data(vectorized_data, x_train, x_test, y_train, y_test):
    """The labels are the loaded ones, as numbers 0 and 1 of any type, flat or as a column."""
    def _probe_vectorized_data(x_train, x_test, y_train, y_test):
        """Shapes, words ticked in each row and the first rows of both tables; the labels as they are."""
        import numpy as np

        facts = {"y_train": np.asarray(y_train), "y_test": np.asarray(y_test)}
        for name, x, y in [("train", x_train, y_train), ("test", x_test, y_test)]:
            x = np.asarray(x)
            facts[f"x_{name}_shape"] = list(x.shape)
            facts[f"y_{name}_shape"] = list(np.shape(y))
            facts[f"x_{name}_dtype"] = str(x.dtype)
            if x.ndim == 2:
                facts[f"x_{name}_words"] = np.array([np.count_nonzero(row) for row in x], dtype="int32")
                facts[f"x_{name}_first"] = (x[:4] != 0).astype("uint8")
        return facts
    if vectorized_data is None:
        vectorized_data = _probe_vectorized_data(x_train, x_test, y_train, y_test)
    import numpy as np

    from fairmark.data import load

    (_, train_labels), (_, test_labels) = load("imdb")
    for name, expected in [("train", train_labels), ("test", test_labels)]:
        found = np.asarray(vectorized_data[f"y_{name}"])
        assert found.dtype.kind in "fiub", f"y_{name} has the dtype {found.dtype}"
        assert found.size == expected.size, f"y_{name} holds {found.size} numbers for {expected.size} reviews"
        wrong = int(np.sum(found.ravel().astype(float) != expected))
        assert wrong == 0, f"y_{name}: {wrong} of {expected.size} labels are not the loaded ones"

@test_case(points=1, hidden=True,
    failure_message="Look again at which reviews are for validation and which for training: how many, and from which end of x_train?")
def test_reviews_are_split_as_asked(split_summary, x_train, x_val, partial_x_train, y_val, partial_y_train):
    """The first 10,000 rows of the student's own table are for validation, the others for training."""
    def _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train):
        """Shapes of the parts, whether their rows are those of the student's own table, and their labels."""
        import numpy as np

        def same_rows(part, first, last):
            # In blocks of rows: comparing whole tables at once would need 150 MB more.
            if table.ndim != 2 or part.shape != (len(table[first:last]), table.shape[1]):
                return False
            starts = range(0, len(part), 500)
            return all(
                np.array_equal(part[start : start + 500], table[first:last][start : start + 500]) for start in starts
            )

        table, val, partial = np.asarray(x_train), np.asarray(x_val), np.asarray(partial_x_train)
        return {
            "x_val_shape": list(val.shape),
            "x_partial_shape": list(partial.shape),
            "y_val_shape": list(np.shape(y_val)),
            "y_partial_shape": list(np.shape(partial_y_train)),
            "x_val_rows_as_asked": same_rows(val, 0, 10_000),
            "x_partial_rows_as_asked": same_rows(partial, 10_000, None),
            "y_val": np.asarray(y_val),
            "y_partial": np.asarray(partial_y_train),
        }
    if split_summary is None:
        split_summary = _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train)
    val, partial = split_summary["x_val_shape"][0], split_summary["x_partial_shape"][0]
    assert (val, partial) == (10_000, 15_000), f"{val} reviews for validation and {partial} for training"
    assert split_summary["x_val_rows_as_asked"], "x_val does not hold the first 10,000 rows of x_train"
    assert split_summary["x_partial_rows_as_asked"], "partial_x_train does not hold the rows of x_train from 10,000 on"

@test_case(points=1, hidden=True,
    failure_message="A label belongs to one review: cut the labels exactly as you cut the reviews.")
def test_labels_are_split_like_the_reviews(split_summary, x_train, x_val, partial_x_train, y_val, partial_y_train):
    """y_val and partial_y_train are the labels of the first 10,000 and of the other 15,000 reviews."""
    def _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train):
        """Shapes of the parts, whether their rows are those of the student's own table, and their labels."""
        import numpy as np

        def same_rows(part, first, last):
            # In blocks of rows: comparing whole tables at once would need 150 MB more.
            if table.ndim != 2 or part.shape != (len(table[first:last]), table.shape[1]):
                return False
            starts = range(0, len(part), 500)
            return all(
                np.array_equal(part[start : start + 500], table[first:last][start : start + 500]) for start in starts
            )

        table, val, partial = np.asarray(x_train), np.asarray(x_val), np.asarray(partial_x_train)
        return {
            "x_val_shape": list(val.shape),
            "x_partial_shape": list(partial.shape),
            "y_val_shape": list(np.shape(y_val)),
            "y_partial_shape": list(np.shape(partial_y_train)),
            "x_val_rows_as_asked": same_rows(val, 0, 10_000),
            "x_partial_rows_as_asked": same_rows(partial, 10_000, None),
            "y_val": np.asarray(y_val),
            "y_partial": np.asarray(partial_y_train),
        }
    if split_summary is None:
        split_summary = _probe_split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train)
    import numpy as np

    from fairmark.data import load

    (_, labels), _ = load("imdb")
    for name, expected in [("y_val", labels[:10_000]), ("y_partial", labels[10_000:])]:
        found = np.asarray(split_summary[name]).ravel().astype(float)
        assert found.size == expected.size, f"{name} holds {found.size} labels instead of {expected.size}"
        wrong = int(np.sum(found != expected))
        assert wrong == 0, f"{name}: {wrong} of {expected.size} labels belong to other reviews"
