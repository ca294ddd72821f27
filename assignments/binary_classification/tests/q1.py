from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_one_row_per_review_one_column_per_word(vectorized_examples, vectorize_sequences):
    """The table has a row for each review and a column for each word, and spends one byte on each number."""
    def _probe_vectorized_examples(vectorize_sequences):
        """The multi-hot tables of a few short reviews."""
        import numpy as np

        return {
            "small": np.asarray(vectorize_sequences([[1, 4], [5, 0, 5]], dimension=6)),
            "repeated": np.asarray(vectorize_sequences([[3, 3, 3, 3], [7, 2, 7], [0, 0]], dimension=8)),
        }
    if vectorized_examples is None:
        vectorized_examples = _probe_vectorized_examples(vectorize_sequences)
    table = vectorized_examples["small"]
    assert table.shape == (2, 6), (
        f"For 2 reviews and dimension=6, the table should have the shape (2, 6); yours has {table.shape}"
    )
    bytes_each = table.dtype.itemsize
    assert bytes_each == 1, (
        f"Your table is one of {table.dtype}: {bytes_each} bytes a number, {bytes_each / 4:g} GB for 25,000 reviews. "
        "Give it the dtype of the question"
    )

@test_case(points=1, hidden=False)
def test_example_of_the_question(vectorized_examples, vectorize_sequences):
    """The example in the question comes out as shown there."""
    def _probe_vectorized_examples(vectorize_sequences):
        """The multi-hot tables of a few short reviews."""
        import numpy as np

        return {
            "small": np.asarray(vectorize_sequences([[1, 4], [5, 0, 5]], dimension=6)),
            "repeated": np.asarray(vectorize_sequences([[3, 3, 3, 3], [7, 2, 7], [0, 0]], dimension=8)),
        }
    if vectorized_examples is None:
        vectorized_examples = _probe_vectorized_examples(vectorize_sequences)
    found = vectorized_examples["small"].astype(float).tolist()
    assert found == [[0, 1, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1]], (
        f"[[1, 4], [5, 0, 5]] with dimension=6 should give the two rows in the question's table; yours gives {found}"
    )
