from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_batch_norm_model_is_trained(batch_norm_model, batch_norm_history):
    """batch_norm_model is a Keras model, batch_norm_history its history."""
    import keras

    assert isinstance(batch_norm_model, keras.Model), (
        f"batch_norm_model should be a Keras model; it is {type(batch_norm_model).__name__}"
    )
    curves = getattr(batch_norm_history, "history", None)
    assert isinstance(curves, dict), f"batch_norm_history should be what train(...) returns; it is {type(batch_norm_history).__name__}"
