from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_model_takes_houses_and_gives_one_number_each(model, train_data):
    """The model takes a row of features and answers with one number."""
    import keras
    import numpy as np

    assert isinstance(model, keras.Model), f"model should be a Keras model; it is {type(model).__name__}. Does build_model return it?"
    assert model.get_weights(), "The model has no weights yet: tell it the size of its input with keras.Input(shape=...)"
    answers = np.asarray(model.predict(np.zeros((3, train_data.shape[1]), dtype="float32"), verbose=0))
    assert answers.shape == (3, 1), f"For 3 rows the model should give answers of the shape (3, 1); yours gives {answers.shape}"

@test_case(points=1, hidden=True,
    failure_message="Compare the shapes in model.summary() with the question: how many layers, how many units in each, how many parameters in total?")
def test_layer_sizes(model, train_data):
    """The weights are those of Dense layers of 64, 64 and 1 units, biases included, and there are no others."""
    n = train_data.shape[1]
    shapes = [tuple(weights.shape) for weights in model.get_weights()]
    assert shapes == [(n, 64), (64,), (64, 64), (64,), (64, 1), (1,)], f"the weights have the shapes {shapes}"

@test_case(points=1, hidden=True,
    failure_message="Which numbers can your network answer with, and which can it never reach? Check the activation of each layer, the last one above all.")
def test_what_the_network_computes(model, train_data):
    """With its own weights, the model computes relu, relu and then a plain sum, however it was written down."""
    import numpy as np

    weights = [np.asarray(w, dtype="float64") for w in model.get_weights()]
    assert len(weights) == 6, f"{len(weights)} arrays of weights instead of three matrices and three biases"
    x = np.random.default_rng(0).normal(size=(200, train_data.shape[1])).astype("float32")
    found = np.asarray(model.predict(x, verbose=0), dtype="float64").ravel()
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    distance = float(np.max(np.abs(found - expected)))
    assert distance < 1e-3 * max(1, float(np.max(np.abs(expected)))), (
        f"outputs from {found.min():.3f} to {found.max():.3f} differ by up to {distance:.3f} from those of relu, relu, linear"
    )

@test_case(points=1, hidden=True,
    failure_message="Compare your call of compile with the question, word by word: loss, metric, optimiser, learning rate.")
def test_compiled_as_asked(model):
    """Loss mse, a metric mae, RMSprop with its default learning rate, however each is spelt."""
    from fairmark.checks import compiled

    found = compiled(model)
    assert found.loss.name == "mean_squared_error", f"the loss is {found.loss.name}"
    assert "mean_absolute_error" in found.metrics, f"the metrics are {found.metrics}"
    assert found.optimizer == "rmsprop", f"the optimiser is {found.optimizer}"
    rate = found.optimizer_settings["learning_rate"]
    assert isinstance(rate, float) and abs(rate - 0.001) < 1e-6, f"the learning rate is {rate}"

@test_case(points=1, hidden=True,
    failure_message="Call build_model twice: the two models should have nothing in common, each with layers, weights and an optimiser of its own.")
def test_each_call_builds_anew(fresh_models, build_model):
    """Two calls of build_model give two models that share neither weights nor optimiser."""
    def _probe_fresh_models(build_model):
        """What two models made by two calls have in common."""
        first, second = build_model(), build_model()
        shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
        return {
            "same_object": first is second,
            "shared_variables": len(shared),
            "same_optimizer": first.optimizer is not None and first.optimizer is second.optimizer,
        }
    if fresh_models is None:
        fresh_models = _probe_fresh_models(build_model)
    assert not fresh_models["same_object"], "two calls of build_model gave one and the same model"
    assert fresh_models["shared_variables"] == 0, f"the two models share {fresh_models['shared_variables']} variables"
    assert not fresh_models["same_optimizer"], "the two models share their optimiser"
