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
