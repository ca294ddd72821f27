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

@test_case(points=1, hidden=True,
    failure_message="Where does batch normalisation stand in your network, and where should it: after which layers, and after which not?")
def test_place_of_batch_normalisation(batch_norm_model, reference_model):
    """Batch normalisation stands after each hidden layer, before or after relu, and nowhere else."""
    import keras

    from fairmark.checks import architecture, layers

    output = layers(reference_model)[-1].activation
    found = architecture(batch_norm_model).without("initializers", "trainable")
    asked = []
    for order in ["after relu", "before relu"]:
        tensor = entrance = keras.Input((10_000,))
        for _ in range(2):
            tensor = keras.layers.Dense(16)(tensor)
            steps = [keras.layers.Activation("relu"), keras.layers.BatchNormalization()]
            for step in steps if order == "after relu" else steps[::-1]:
                tensor = step(tensor)
        model = keras.Model(entrance, keras.layers.Dense(1, activation=output)(tensor))
        asked.append(architecture(model).without("initializers", "trainable"))
    assert found in asked, found.difference(asked[0])

@test_case(points=1, hidden=True,
    failure_message="Compare the numbers of trainable and non-trainable parameters in batch_norm_model.summary() with the question.")
def test_only_the_averages_are_not_trained(batch_norm_model):
    """All parameters are trained but for the moving mean and variance of each normalised unit."""
    from fairmark.checks import layers, parameters

    counted = parameters(batch_norm_model)
    averages = sum(layer.parameters // 2 for layer in layers(batch_norm_model, "BatchNormalization"))
    assert averages, "there is no batch normalisation in the network"
    assert counted.non_trainable == averages, (
        f"{counted.non_trainable} of {counted.total:,} parameters are not trained; the averages are {averages}"
    )

@test_case(points=1, hidden=True,
    failure_message="Ask batch_norm_model for its loss on the validation reviews: does batch_norm_history end with that number?")
def test_batch_norm_history_belongs_to_the_model(batch_norm_model, batch_norm_history):
    """The last validation loss of the history is the cross-entropy of the model on the validation rows."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    last = float(curve(batch_norm_history, "val_loss")[-1])
    found = binary_cross_entropy(batch_norm_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(last - found) < 0.01, f"the history ends with a validation loss of {last:.4f}; that of batch_norm_model is {found:.4f}"
