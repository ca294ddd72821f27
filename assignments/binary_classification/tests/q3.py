from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0, hidden=False)
def test_model_takes_reviews_and_gives_one_number_each(model):
    """The model takes vectors of 10,000 numbers and answers each with one number."""
    import numpy as np

    is_model = hasattr(model, "count_params")
    assert is_model, f"model should be a Keras model; it is {type(model).__name__}. Does build_model return it?"
    assert model.get_weights(), "The model has no weights yet: tell it the size of its input with keras.Input(shape=...)"
    answers = model.predict(np.zeros((3, 10_000), dtype="float32"), verbose=0)
    assert answers.shape == (3, 1), f"For 3 reviews the model should give answers of the shape (3, 1); yours gives {answers.shape}"
