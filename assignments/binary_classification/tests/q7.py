from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=0, hidden=False)
def test_best_epoch_is_one_of_the_epochs(best_epoch, history):
    """best_epoch is a whole number that names one of the epochs."""
    import numpy as np

    value = np.asarray(best_epoch)
    is_whole = value.size == 1 and value.dtype.kind in "iuf" and value == np.round(value)
    assert is_whole, f"best_epoch should be a whole number; it is {best_epoch!r}"
    last = len(history.history["loss"])
    assert 1 <= value <= last, f"best_epoch should be between 1 and {last}; it is {best_epoch}"

@test_case(points=0, hidden=False)
def test_accuracy_gap_is_a_share(accuracy_gap):
    """accuracy_gap is a number between -1 and 1."""
    import numpy as np

    value = np.asarray(accuracy_gap)
    assert value.size == 1 and value.dtype.kind in "iuf", f"accuracy_gap should be one number; it is {accuracy_gap!r}"
    assert -1 <= value <= 1, f"accuracy_gap should be a share, between -1 and 1; it is {accuracy_gap}"
