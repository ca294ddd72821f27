from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_results_are_a_loss_and_a_share(final_model, test_loss, test_accuracy):
    """final_model is a Keras model, test_loss a number and test_accuracy a share."""
    import numbers

    import keras

    assert isinstance(final_model, keras.Model), f"final_model should be a Keras model; it is {type(final_model).__name__}"
    assert isinstance(test_loss, numbers.Real) and test_loss >= 0, f"test_loss should be a number; it is {test_loss!r}"
    assert isinstance(test_accuracy, numbers.Real) and 0 <= test_accuracy <= 1, (
        f"test_accuracy should be a share between 0 and 1; it is {test_accuracy!r}"
    )
