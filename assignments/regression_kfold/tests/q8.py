from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_best_epoch_is_one_of_the_epochs(best_epoch, average_mae_history):
    """best_epoch is a whole number that names one of the epochs."""
    import numbers

    assert isinstance(best_epoch, numbers.Real) and best_epoch == int(best_epoch), f"best_epoch should be a whole number; it is {best_epoch!r}"
    last = len(average_mae_history)
    assert 1 <= best_epoch <= last, f"best_epoch should be between 1 and {last}; it is {best_epoch}"
