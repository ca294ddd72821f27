from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0, hidden=False)
def test_model_takes_reviews_and_gives_one_number_each(model):
    """The model takes vectors of 10,000 numbers and answers each with one number."""
    import numpy as np

    is_model = hasattr(model, "count_params")
    assert is_model, f"model should be a Keras model; it is {type(model).__name__}. Does build_model return it?"
    assert model.get_weights(), "The model has no weights yet: tell it the size of its input with keras.Input(shape=...)"
    answers = model.predict(np.zeros((3, 10_000), dtype="float32"), verbose=0)
    assert answers.shape == (3, 1), f"For 3 reviews the model should give answers of the shape (3, 1); yours gives {answers.shape}"

@test_case(points=1, hidden=True,
    failure_message="Compare the shapes in model.summary() with the question: how many layers, how many units in each, how many parameters in total?")
def test_layer_sizes(model):
    """The model has Dense layers of 16, 16 and 1 units on 10,000 inputs, biases included."""
    from fairmark.checks import layers, parameters

    units = [layer.units for layer in layers(model, "Dense")]
    assert units == [16, 16, 1], f"the model has the layers {', '.join(map(str, layers(model)))}"
    assert parameters(model).total == 160_305, f"the model has {parameters(model).total:,} parameters"

@test_case(points=2, hidden=True,
    failure_message="Feed your model a few reviews and look at the answers: are they probabilities that differ from review to review? Check the activation of each layer.")
def test_what_the_network_computes(model):
    """With its own weights, the model computes sigmoid(relu(relu(x)))), however it was written down."""
    import numpy as np

    from fairmark.checks import layers, predictions

    rng = np.random.default_rng(0)
    x = (rng.random((64, 10_000)) < 0.02).astype("float32")
    found = predictions(model, x).ravel()

    weights = [np.asarray(w, dtype="float64") for w in model.get_weights()]
    assert len(weights) == 6, f"{len(weights)} arrays of weights instead of three matrices and three biases"
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = 1 / (1 + np.exp(-(hidden @ weights[4] + weights[5]).ravel()))
    distance = float(np.max(np.abs(found - expected)))
    assert distance < 1e-3, (
        f"outputs from {found.min():.3f} to {found.max():.3f} differ by up to {distance:.3f} from those of relu, relu, sigmoid; "
        f"the layers are {', '.join(map(str, layers(model)))}"
    )

@test_case(points=1, hidden=True,
    failure_message="Call build_model twice: the two models should have nothing in common, each with layers and weights of its own.")
def test_each_call_builds_anew(fresh_models, build_model):
    """Two calls of build_model give two models that share no weights."""
    def _probe_fresh_models(build_model):
        """What two models made by two calls have in common."""
        first, second = build_model(), build_model()
        shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
        return {
            "same_object": first is second,
            "shared_variables": len(shared),
            "parameters": [first.count_params(), second.count_params()],
        }
    if fresh_models is None:
        fresh_models = _probe_fresh_models(build_model)
    assert fresh_models["parameters"] == [160_305, 160_305], f"two calls gave models of {fresh_models['parameters']} parameters"
    assert not fresh_models["same_object"], "two calls of build_model gave one and the same model"
    assert fresh_models["shared_variables"] == 0, f"the two models share {fresh_models['shared_variables']} variables"
