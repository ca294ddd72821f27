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

@test_case(points=1, hidden=True,
    failure_message="In build_l1, which layers pay, for which of their weights, and with which factor? The table in the question says it.")
def test_l1(l1_model):
    """The kernels of both hidden layers pay L1 with the factor 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(l1_model, "Dense")]
    asked = [penalty(keras.regularizers.L1(0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

@test_case(points=1, hidden=True,
    failure_message="In build_l2, which layers pay, for which of their weights, and with which factor? The table in the question says it.")
def test_l2(l2_model):
    """The kernels of both hidden layers pay L2 with the factor 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(l2_model, "Dense")]
    asked = [penalty(keras.regularizers.L2(0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

@test_case(points=1, hidden=True,
    failure_message="In build_both, which layers pay, and which factor is for the absolute values, which for the squares? The table in the question says it.")
def test_both(both_model):
    """The kernels of both hidden layers pay L1 with 0.0001 and L2 with 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(both_model, "Dense")]
    asked = [penalty(keras.regularizers.L1L2(l1=0.0001, l2=0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

@test_case(points=1, hidden=True,
    failure_message="Apart from the penalties on kernels, the three networks should be the reference network. Does anything else in them pay, such as biases or outputs?")
def test_nothing_else_differs(l1_model, l2_model, both_model, reference_model):
    """But for the kernels' penalties, the three are the reference network: no biases or activities pay."""
    from fairmark.checks import assert_same_architecture, layers, penalty

    for name, model in [("l1_model", l1_model), ("l2_model", l2_model), ("both_model", both_model)]:
        for layer in layers(model):
            assert layer.bias_penalty == penalty(None), f"{name}: the biases of a layer pay {layer.bias_penalty}"
            assert layer.activity_penalty == penalty(None), f"{name}: the outputs of a layer pay {layer.activity_penalty}"
        assert_same_architecture(model, reference_model, ignoring=("regularizers", "initializers"))
