from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_results_are_a_loss_and_a_share(final_model, test_loss, test_accuracy):
    """final_model is a Keras model, test_loss a number and test_accuracy a share."""
    import numpy as np

    is_model = hasattr(final_model, "count_params")
    assert is_model, f"final_model should be a Keras model; it is {type(final_model).__name__}"
    for name, value in [("test_loss", test_loss), ("test_accuracy", test_accuracy)]:
        is_number = np.size(value) == 1 and np.asarray(value).dtype.kind in "iuf"
        assert is_number and value >= 0, f"{name} should be one number, 0 or more; it is {value!r}"
    assert test_accuracy <= 1, f"test_accuracy should be a share between 0 and 1; it is {test_accuracy!r}"
