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

@test_case(points=1, hidden=True,
    failure_message="Find the lowest point in your figure: on which of the four curves, and what is the number of that epoch if the first is 1?")
def test_best_epoch(best_epoch, history):
    """best_epoch is an epoch at which the student's own validation loss is smallest, counted from 1."""
    import numpy as np

    def smallest(key):
        curve = history.history[key]
        return [epoch for epoch, loss in enumerate(curve, start=1) if loss == min(curve)]

    found, lowest = np.asarray(best_epoch).item(), smallest("val_loss")
    reason = "another epoch"
    if found + 1 in lowest:
        reason = "one too few"
    elif found in smallest("loss"):
        reason = "where the training loss is smallest"
    assert found in lowest, f"best_epoch is {found} ({reason}); the validation loss of this history is smallest at {lowest}"

@test_case(points=1, hidden=True,
    failure_message="The gap is between two accuracies of the last epoch, the one on reviews the network has trained on minus the one on reviews it has not.")
def test_accuracy_gap(accuracy_gap, history):
    """accuracy_gap is training minus validation accuracy after the last epoch of the student's own history."""
    import numpy as np

    curves = history.history
    gaps = {
        key: curves[key][-1] - curves[f"val_{key}"][-1] for key in curves if key != "loss" and f"val_{key}" in curves
    }
    found = np.asarray(accuracy_gap).item()
    # Rounded to two decimals, as the question writes its 0.25, it is right as well.
    right = any(abs(found - gap) < 1e-3 or abs(found - round(gap, 2)) < 1e-6 for gap in gaps.values())
    reason = "the wrong way round" if any(abs(found + gap) < 1e-3 for gap in gaps.values()) else "another number"
    assert right, f"accuracy_gap is {found} ({reason}); this history says {gaps}"
