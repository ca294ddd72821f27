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
