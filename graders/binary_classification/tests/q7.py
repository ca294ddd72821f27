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

@test_case(points=1, hidden=True,
    failure_message="Find the lowest point in your figure: on which of the four curves, and what is the number of that epoch if the first is 1?")
def test_best_epoch(best_epoch, history):
    """best_epoch is an epoch at which the student's own validation loss is smallest, counted from 1."""
    curve = history.history["val_loss"]
    lowest = [epoch for epoch, loss in enumerate(curve, start=1) if loss == min(curve)]
    assert best_epoch in lowest, f"best_epoch is {best_epoch}; the validation loss of this history is smallest at {lowest}"

@test_case(points=1, hidden=True,
    failure_message="The gap is between two accuracies of the last epoch, the one on reviews the network has trained on minus the one on reviews it has not.")
def test_accuracy_gap(accuracy_gap, history):
    """accuracy_gap is training minus validation accuracy after the last epoch of the student's own history."""
    curves = history.history
    gaps = {
        key: curves[key][-1] - curves[f"val_{key}"][-1] for key in curves if key != "loss" and f"val_{key}" in curves
    }
    assert any(abs(accuracy_gap - gap) < 1e-3 for gap in gaps.values()), f"accuracy_gap is {accuracy_gap}; this history says {gaps}"
