from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0, hidden=False)
def test_penalties_are_there(l1_model, l2_model, both_model):
    """Three Keras models with as many parameters as the reference, each with something to pay."""
    import keras

    for name, model in [("l1_model", l1_model), ("l2_model", l2_model), ("both_model", both_model)]:
        assert isinstance(model, keras.Model), f"{name} should be a Keras model; it is {type(model).__name__}"
        parameters = model.count_params()
        assert parameters == 160_305, f"{name} should have as many parameters as the reference, 160,305; it has {parameters:,}"
        paying = [layer.name for layer in model.layers if getattr(layer, "losses", [])]
        assert paying, f"No layer of {name} pays a penalty: look at the parameter kernel_regularizer of Dense"
