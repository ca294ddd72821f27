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

@test_case(points=1, hidden=True,
    failure_message="How many epochs does the question ask for?")
def test_number_of_epochs(history):
    """Training ran for 20 epochs."""
    epochs = len(history.history["loss"])
    assert epochs == 20, f"trained for {epochs} epochs"

@test_case(points=1, hidden=True,
    failure_message="An epoch should go through the 15,000 reviews that are left for training, 512 at a time: how many steps is that?")
def test_steps_in_an_epoch(history, validation_replay, model, partial_x_train, x_val, y_val):
    """An epoch goes through the student's own training part in batches of 512."""
    def _probe_validation_replay(model, partial_x_train, x_val, y_val):
        """The model's loss on the student's own validation set, and how many steps it has taken."""
        return {
            "loss": float(model.evaluate(x_val, y_val, batch_size=512, verbose=0, return_dict=True)["loss"]),
            "validation_rows": len(x_val),
            "training_rows": len(partial_x_train),
            "steps_taken": int(model.optimizer.iterations),
        }
    if validation_replay is None:
        validation_replay = _probe_validation_replay(model, partial_x_train, x_val, y_val)
    rows = validation_replay["training_rows"]
    expected = -(-rows // 512)
    epochs = len(history.history["loss"])
    found = {history.params.get("steps"), validation_replay["steps_taken"] / epochs}
    assert expected in found, f"{sorted(map(str, found))} steps an epoch; {rows} reviews in batches of 512 are {expected}"

@test_case(points=1, hidden=True,
    failure_message="After each epoch the network should be asked about the 10,000 reviews you put aside for this, and about no others.")
def test_validated_on_the_validation_set(history, validation_replay, model, partial_x_train, x_val, y_val):
    """The last validation loss is the model's loss on x_val, and every validation accuracy is a share of its rows."""
    def _probe_validation_replay(model, partial_x_train, x_val, y_val):
        """The model's loss on the student's own validation set, and how many steps it has taken."""
        return {
            "loss": float(model.evaluate(x_val, y_val, batch_size=512, verbose=0, return_dict=True)["loss"]),
            "validation_rows": len(x_val),
            "training_rows": len(partial_x_train),
            "steps_taken": int(model.optimizer.iterations),
        }
    if validation_replay is None:
        validation_replay = _probe_validation_replay(model, partial_x_train, x_val, y_val)
    curve, replayed = history.history["val_loss"], validation_replay["loss"]
    # A callback may have put the best epoch's weights back; then it is the smallest loss that the model repeats.
    assert any(abs(loss - replayed) < 2e-3 * max(1, abs(replayed)) for loss in (curve[-1], min(curve))), (
        f"the last validation loss is {curve[-1]:.4f}, but the model's loss on x_val, y_val is {replayed:.4f}"
    )
    rows = validation_replay["validation_rows"]
    for name, curve in history.history.items():
        if name.startswith("val_") and "acc" in name:
            counts = [value * rows for value in curve]
            assert all(abs(count - round(count)) < 0.05 for count in counts), (
                f"{name} holds values that no count of {rows} reviews can give, such as {curve[0]:.6f}"
            )
