from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_model_takes_houses_and_gives_one_number_each(model, train_data):
    """The model takes a row of features and answers with one number."""
    import keras
    import numpy as np

    assert isinstance(model, keras.Model), f"model should be a Keras model; it is {type(model).__name__}. Does build_model return it?"
    assert model.get_weights(), "The model has no weights yet: tell it the size of its input with keras.Input(shape=...)"
    answers = np.asarray(model.predict(np.zeros((3, train_data.shape[1]), dtype="float32"), verbose=0))
    assert answers.shape == (3, 1), f"For 3 rows the model should give answers of the shape (3, 1); yours gives {answers.shape}"
