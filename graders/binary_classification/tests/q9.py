from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=0, hidden=False)
def test_one_word_for_each_number(decoded_examples, decode_review):
    """decode_review gives a string with one word, or a question mark, for each number."""
    def _probe_decoded_examples(decode_review):
        """A few short reviews in words: for each, how many numbers it has and the text."""
        reviews = {
            "empty": [],
            "special": [0, 1, 2, 3],
            "frequent": list(range(4, 24)),
            "mixed": [1, 4, 2, 9_999, 5, 10**7],
        }
        return {name: [len(review), decode_review(review)] for name, review in reviews.items()}
    if decoded_examples is None:
        decoded_examples = _probe_decoded_examples(decode_review)
    for name, (length, text) in decoded_examples.items():
        assert isinstance(text, str), f"decode_review should return a string; for the {name} review it returns {type(text).__name__}"
        assert len(text.split()) == length, f"A review of {length} numbers should give {length} words; the {name} review gives {text!r}"

@test_case(points=0, hidden=False)
def test_answers_have_the_right_form(decoded_review, prediction):
    """decoded_review is a string, prediction a probability."""
    import numpy as np

    assert isinstance(decoded_review, str), f"decoded_review should be a string; it is {type(decoded_review).__name__}"
    assert np.size(prediction) == 1 and np.asarray(prediction).dtype.kind == "f", f"prediction should be a float; it is {prediction!r}"
    value = np.asarray(prediction).item()
    assert 0 <= value <= 1, f"prediction should be a probability; it is {value}"

@test_case(points=1, hidden=True,
    failure_message="Decode a short list of numbers by hand with the table in the question, special numbers included, and compare it with what your function says.")
def test_decoding(decoded_examples, decode_review):
    """Ranks are shifted by 3, and numbers that stand for no word become question marks."""
    def _probe_decoded_examples(decode_review):
        """A few short reviews in words: for each, how many numbers it has and the text."""
        reviews = {
            "empty": [],
            "special": [0, 1, 2, 3],
            "frequent": list(range(4, 24)),
            "mixed": [1, 4, 2, 9_999, 5, 10**7],
        }
        return {name: [len(review), decode_review(review)] for name, review in reviews.items()}
    if decoded_examples is None:
        decoded_examples = _probe_decoded_examples(decode_review)
    from fairmark.data import word_index

    words = {rank + 3: word for word, rank in word_index("imdb").items()}
    cases = {"empty": [], "special": [0, 1, 2, 3], "frequent": list(range(4, 24)), "mixed": [1, 4, 2, 9_999, 5, 10**7]}
    for name, sequence in cases.items():
        found = decoded_examples[name][1].split()
        expected = [words.get(number, "?") for number in sequence]
        assert found == expected, f"{sequence} was decoded as {found} instead of {expected}"

@test_case(points=1, hidden=True,
    failure_message="decoded_review should be the first review of the test set, from its beginning to its end, in words.")
def test_decoded_review(decoded_review):
    """decoded_review is the first test review, with the offset of 3."""
    from fairmark.data import load, word_index

    _, (test_sequences, _) = load("imdb")
    words = {rank + 3: word for word, rank in word_index("imdb").items()}
    expected = [words.get(int(number), "?") for number in test_sequences[0]]
    assert decoded_review.split() == expected, f"it begins with {decoded_review[:60]!r}, not with {' '.join(expected)[:60]!r}"

@test_case(points=1, hidden=True,
    failure_message="prediction should be what final_model says about that same review: its output for the first row of x_test.")
def test_prediction(final_model, prediction):
    """prediction is the output of final_model for the first test review."""
    import keras
    import numpy as np

    from fairmark.checks import predictions
    from fairmark.data import load, multi_hot

    (train_sequences, _), (test_sequences, _) = load("imdb")
    expected = predictions(final_model, multi_hot(test_sequences)).ravel()[0]
    found = np.asarray(prediction).item()
    if abs(found - expected) >= 1e-3:
        # A model without a graph was asked about the test reviews only.
        other = predictions(final_model, multi_hot(train_sequences[:1])).item() if isinstance(final_model, keras.Model) else -1
        of_what = "its answer to the first training review" if abs(found - other) < 1e-3 else "another number"
        raise AssertionError(f"prediction is {found:.4f}, {of_what}; final_model says {expected:.4f} about the first test review")
