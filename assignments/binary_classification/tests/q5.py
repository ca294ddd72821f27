from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_history_has_training_and_validation_curves(history):
    """`history` is what fit returned, with a curve for training and one for validation."""
    curves = getattr(history, "history", None)
    assert isinstance(curves, dict), f"history should be what model.fit(...) returns; it is {type(history).__name__}"
    assert "loss" in curves, f"There is no loss of training among the curves: {sorted(curves)}"
    assert "val_loss" in curves, f"There is no loss of validation among the curves {sorted(curves)}: did you pass validation_data?"
