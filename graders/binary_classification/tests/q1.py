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

@test_case(points=1, hidden=True,
    failure_message="A checklist says whether a word occurs, not how often: think of a review that uses one word many times.")
def test_repeated_words_are_ticked_once(vectorized_examples, vectorize_sequences):
    """A word that occurs many times is ticked once, and words of one review leave the other rows alone."""
    def _probe_vectorized_examples(vectorize_sequences):
        """The multi-hot tables of a few short reviews."""
        import numpy as np

        return {
            "small": np.asarray(vectorize_sequences([[1, 4], [5, 0, 5]], dimension=6)),
            "repeated": np.asarray(vectorize_sequences([[3, 3, 3, 3], [7, 2, 7], [0, 0]], dimension=8)),
        }
    if vectorized_examples is None:
        vectorized_examples = _probe_vectorized_examples(vectorize_sequences)
    import numpy as np

    found = vectorized_examples["repeated"].astype(float)
    assert found.shape == (3, 8), f"shape {found.shape} for 3 reviews and dimension=8"
    expected = np.zeros((3, 8))
    expected[0, 3] = expected[1, 2] = expected[1, 7] = expected[2, 0] = 1
    assert np.array_equal(found, expected), f"three reviews with repeated words gave {found.tolist()}"

@test_case(points=1, hidden=True,
    failure_message="With the default dimension, every word number from 0 to 9,999 needs a column of its own, the last one included.")
def test_first_and_last_word(default_examples, vectorize_sequences):
    """By default there are 10,000 columns, and the first and the last word each have theirs."""
    def _probe_default_examples(vectorize_sequences):
        """The shape, and the places that are not 0, of a table with the default dimension."""
        import numpy as np

        table = np.asarray(vectorize_sequences([[9_999], [9_999, 0]]))
        return {
            "shape": list(table.shape),
            "ticked": [[int(i) for i in place] for place in np.argwhere(table)[:20]],
        }
    if default_examples is None:
        default_examples = _probe_default_examples(vectorize_sequences)
    shape, ticked = default_examples["shape"], default_examples["ticked"]
    assert list(shape) == [2, 10_000], f"shape {shape} for 2 reviews and the default dimension"
    assert [list(place) for place in ticked] == [[0, 9_999], [1, 0], [1, 9_999]], f"non-zero entries at {ticked}"

@test_case(points=1, hidden=True,
    failure_message="Try your function on the smallest inputs there are: no reviews at all, and a review without words.")
def test_nothing_to_vectorize(empty_examples, vectorize_sequences):
    """No reviews give a table without rows; a review without words gives a row of zeros."""
    def _probe_empty_examples(vectorize_sequences):
        """The multi-hot tables of no reviews, and of reviews of which one has no words."""
        import numpy as np

        return {
            "no_reviews": np.asarray(vectorize_sequences([], dimension=6)),
            "no_words": np.asarray(vectorize_sequences([[], [2]], dimension=6)),
        }
    if empty_examples is None:
        empty_examples = _probe_empty_examples(vectorize_sequences)
    no_reviews, no_words = empty_examples["no_reviews"], empty_examples["no_words"]
    assert no_reviews.shape == (0, 6), f"shape {no_reviews.shape} for no reviews and dimension=6"
    assert no_words.astype(float).tolist() == [[0] * 6, [0, 0, 1, 0, 0, 0]], f"[[], [2]] gave {no_words.tolist()}"
