from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=0, hidden=False)
def test_result_is_an_error(final_model, test_mae):
    """final_model is a Keras model and test_mae one positive number."""
    import keras
    import numpy as np

    assert isinstance(final_model, keras.Model), f"final_model should be a Keras model; it is {type(final_model).__name__}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be one number; it is {test_mae!r}"
    assert np.asarray(test_mae).item() > 0, f"An error is positive; yours is {test_mae}"
