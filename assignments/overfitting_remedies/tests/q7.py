from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=0, hidden=False)
def test_dropout_model_is_trained(dropout_model, dropout_history):
    """dropout_model is a Keras model with as many parameters as the reference, dropout_history its history."""
    import keras

    assert isinstance(dropout_model, keras.Model), f"dropout_model should be a Keras model; it is {type(dropout_model).__name__}"
    parameters = dropout_model.count_params()
    assert parameters == 160_305, f"Dropout adds no parameters: there should be 160,305; your network has {parameters:,}"
    curves = getattr(dropout_history, "history", None)
    assert isinstance(curves, dict), f"dropout_history should be what train(...) returns; it is {type(dropout_history).__name__}"
