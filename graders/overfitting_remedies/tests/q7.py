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

@test_case(points=1, hidden=True,
    failure_message="How many of a hundred values should be dropped, and what is it that Dropout(...) takes: what is dropped, or what is kept?")
def test_dropout_rate(dropout_model):
    """Every dropout layer drops 40 %."""
    from fairmark.checks import layers

    rates = [layer.rate for layer in layers(dropout_model, "Dropout")]
    assert rates, "there is no dropout in the network"
    assert all(abs(rate - 0.4) < 1e-6 for rate in rates), f"the rates are {rates}"

@test_case(points=1, hidden=True,
    failure_message="Where does dropout stand in your network, and where should it: after which layers, and after which not?")
def test_place_of_dropout(dropout_model, reference_model):
    """Dropout of any rate stands after each hidden layer (before or after relu, which is the same), and nowhere else."""
    import keras

    from fairmark.checks import architecture, layers

    rates = [layer.rate for layer in layers(dropout_model, "Dropout")]
    output = layers(reference_model)[-1].activation
    found = architecture(dropout_model).without("initializers")
    asked = []
    for order in ["after relu", "before relu"]:
        tensor = entrance = keras.Input((10_000,))
        for place in range(2):
            tensor = keras.layers.Dense(16)(tensor)
            steps = [keras.layers.Activation("relu"), keras.layers.Dropout(rates[min(place, len(rates) - 1)] if rates else 0.4)]
            for step in steps if order == "after relu" else steps[::-1]:
                tensor = step(tensor)
        model = keras.Model(entrance, keras.layers.Dense(1, activation=output)(tensor))
        asked.append(architecture(model).without("initializers"))
    assert found in asked, found.difference(asked[0])

@test_case(points=1, hidden=True,
    failure_message="Ask dropout_model for its loss on the validation reviews: does dropout_history end with that number?")
def test_dropout_history_belongs_to_the_model(dropout_model, dropout_history):
    """The last validation loss of the history is the cross-entropy of the model on the validation rows."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    last = float(curve(dropout_history, "val_loss")[-1])
    found = binary_cross_entropy(dropout_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(last - found) < 0.01, f"the history ends with a validation loss of {last:.4f}; that of dropout_model is {found:.4f}"
