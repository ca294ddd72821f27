from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_histories_have_validation_curves(small_history, large_history):
    """Both histories are what train returned."""
    for name, history in [("small_history", small_history), ("large_history", large_history)]:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"{name} should be what train(...) returns; it is {type(history).__name__}"
        assert "val_loss" in curves, f"There is no val_loss in {name}, only {sorted(curves)}"

@test_case(points=0, hidden=False)
def test_overfits_last_is_a_network(overfits_last):
    """overfits_last is the name of one of the three networks."""
    assert isinstance(overfits_last, str), f"overfits_last should be a name in quotes; it is {overfits_last!r}"
    assert overfits_last in ("small", "reference", "large"), f"There is no network called {overfits_last!r} here"

@test_case(points=1, hidden=True,
    failure_message="Ask each network for its loss on the validation reviews: does its own history end with that number?")
def test_each_history_belongs_to_its_network(small_history, large_history, losses_by_size, small_model, large_model, x_val, y_val):
    """The last validation loss of each history is the loss of that very network."""
    def _probe_losses_by_size(small_model, large_model, x_val, y_val):
        """The loss of both networks on the validation reviews."""
        return {
            name: float(model.evaluate(x_val, y_val, batch_size=1_000, verbose=0, return_dict=True)["loss"])
            for name, model in [("small", small_model), ("large", large_model)]
        }
    if losses_by_size is None:
        losses_by_size = _probe_losses_by_size(small_model, large_model, x_val, y_val)
    from fairmark.checks import curve

    for name, history in [("small", small_history), ("large", large_history)]:
        last, replayed = float(curve(history, "val_loss")[-1]), losses_by_size[name]
        assert abs(last - replayed) < 2e-3 * max(1, abs(replayed)), (
            f"{name}_history ends with a validation loss of {last:.4f}; that of {name}_model is {replayed:.4f}"
        )

@test_case(points=1, hidden=True,
    failure_message="Call turning_epoch with short lists, such as [0.6, 0.4, 0.5] and [0.3, 0.4], and count by hand, beginning with 1.")
def test_turning_epoch(turning_examples, turning_epoch):
    """turning_epoch gives the place of the smallest loss, counted from 1."""
    def _probe_turning_examples(turning_epoch):
        """Where a few short lists of losses turn."""
        losses = {
            "inside": [0.6, 0.4, 0.3, 0.5, 0.7],
            "at_once": [0.4, 0.5],
            "not_yet": [0.9, 0.8, 0.7, 0.6],
            "zigzag": [0.9, 0.5, 0.8, 0.6, 0.4, 0.6, 0.5, 0.7],
        }
        return {name: float(turning_epoch(values)) for name, values in losses.items()}
    if turning_examples is None:
        turning_examples = _probe_turning_examples(turning_epoch)
    expected = {"inside": 3, "at_once": 1, "not_yet": 4, "zigzag": 5}
    for name, epoch in expected.items():
        assert turning_examples[name] == epoch, f"{name}: found epoch {turning_examples[name]} instead of {epoch}"

@test_case(points=1, hidden=True,
    failure_message="Look for the lowest point of each of the three curves in your figure: which lies furthest to the right?")
def test_overfits_last(overfits_last, small_history, reference_history, large_history):
    """The answer agrees with the student's own three histories (any of those that tie)."""
    from fairmark.checks import best_epoch

    histories = {"small": small_history, "reference": reference_history, "large": large_history}
    turns = {name: best_epoch(history, "val_loss") for name, history in histories.items()}
    latest = [name for name, epoch in turns.items() if epoch == max(turns.values())]
    assert overfits_last in latest, f"overfits_last is {overfits_last!r}; these histories turn at {turns}"
