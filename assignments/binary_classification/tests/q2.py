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
