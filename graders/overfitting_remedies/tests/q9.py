from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=0, hidden=False)
def test_early_history(early_model, early_history):
    """early_model is a Keras model, early_history has a validation loss for each of at most 20 epochs."""
    import keras

    assert isinstance(early_model, keras.Model), f"early_model should be a Keras model; it is {type(early_model).__name__}"
    curves = getattr(early_history, "history", None)
    assert isinstance(curves, dict), f"early_history should be what train(...) returns; it is {type(early_history).__name__}"
    assert 1 <= len(curves["val_loss"]) <= 20, f"At most 20 epochs are asked; yours are {len(curves['val_loss'])}"

@test_case(points=1, hidden=True,
    failure_message="Go through the validation losses of early_history by hand: after which epoch have two in a row brought no improvement?")
def test_stopped_when_asked(early_history):
    """Training ended after the second epoch in a row without a new lowest validation loss, or after 20."""
    from fairmark.checks import curve, epochs_run

    losses = [float(loss) for loss in curve(early_history, "val_loss")]
    best, waited, end = float("inf"), 0, 20
    for epoch, loss in enumerate(losses, start=1):
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == 2:
            end = epoch
            break
    shown = ", ".join(f"{loss:.3f}" for loss in losses)
    assert epochs_run(early_history) == end, f"{len(losses)} epochs; with these losses it should end after epoch {end}: {shown}"

@test_case(points=2, hidden=True,
    failure_message="Compare the two last lines that your cell prints. Does the network have the weights of its best epoch, or those of the last one?")
def test_best_weights_are_restored(early_model, early_history):
    """The cross-entropy of the model is the lowest validation loss of its history, not the last."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    losses = curve(early_history, "val_loss")
    found = binary_cross_entropy(early_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(found - losses.min()) < 5e-4, (
        f"early_model has a validation loss of {found:.4f}; the lowest of its history is {losses.min():.4f}, the last {losses[-1]:.4f}"
    )
