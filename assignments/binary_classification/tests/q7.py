from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=0, hidden=False)
def test_best_epoch_is_one_of_the_epochs(best_epoch, history):
    """best_epoch is a whole number that names one of the epochs."""
    import numbers

    assert isinstance(best_epoch, numbers.Real) and best_epoch == int(best_epoch), f"best_epoch should be a whole number; it is {best_epoch!r}"
    last = len(history.history["loss"])
    assert 1 <= best_epoch <= last, f"best_epoch should be between 1 and {last}; it is {best_epoch}"

@test_case(points=0, hidden=False)
def test_accuracy_gap_is_a_share(accuracy_gap):
    """accuracy_gap is a number between -1 and 1."""
    import numbers

    assert isinstance(accuracy_gap, numbers.Real), f"accuracy_gap should be one number; it is {accuracy_gap!r}"
    assert -1 <= accuracy_gap <= 1, f"accuracy_gap should be a share, between -1 and 1; it is {accuracy_gap}"
