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

@test_case(points=2, hidden=True,
    failure_message="Which epoch of the training does the first entry of smoothed_mae_history belong to? Count on from there to the lowest entry.")
def test_best_epoch(best_epoch, smoothed_mae_history):
    """best_epoch is the epoch of the lowest point of the student's own smoothed curve, which begins at epoch 11."""
    import numpy as np

    curve = np.asarray(smoothed_mae_history, dtype=float)
    lowest = [int(place) + 11 for place in np.flatnonzero(curve <= curve.min() * (1 + 1e-6))]
    assert best_epoch in lowest, f"best_epoch is {best_epoch}; the smoothed curve is lowest at {lowest}"
