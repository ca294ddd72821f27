from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_networks_take_reviews(answer_shapes, build_small, build_large):
    """Both functions return Keras models that answer each review with one number."""
    def _probe_answer_shapes(build_small, build_large):
        """The type of what both functions return, and the shape of its answers to three reviews."""
        import keras
        import numpy as np

        facts = {}
        for name, build in [("small", build_small), ("large", build_large)]:
            network = build()
            is_model = isinstance(network, keras.Model)
            shape = list(network.predict(np.zeros((3, 10_000), dtype="float32"), verbose=0).shape) if is_model else None
            facts[name] = {"is_model": is_model, "type": type(network).__name__, "shape": shape}
        return facts
    if answer_shapes is None:
        answer_shapes = _probe_answer_shapes(build_small, build_large)
    for name, facts in answer_shapes.items():
        assert facts["is_model"], f"build_{name} should return a Keras model; it returns {facts['type']}. Is there a `return`?"
        assert facts["shape"] == [3, 1], (
            f"For 3 reviews the {name} network should give answers of the shape (3, 1); its answers: {facts['shape']}. "
            "Does it begin with keras.Input(shape=(10_000,)) and end with one unit?"
        )

@test_case(points=1, hidden=True,
    failure_message="Compare your small network with the table and with build_reference: sizes, activations, number of parameters.")
def test_small_network(other_sizes, reference_model, build_small, build_large):
    """The small network is 4-4-1 with relu, relu and the reference's output, however it was written down."""
    def _probe_other_sizes(build_small, build_large):
        """Of both networks: the shapes of the weights, and the answers once the weights are set by a formula."""
        import numpy as np

        x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float32")
        facts = {}
        for name, build in [("small", build_small), ("large", build_large)]:
            first, second = build(), build()
            shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
            shapes = [tuple(weights.shape) for weights in first.get_weights()]
            # Random, but the same for whoever knows the shapes; hidden values are neither all negative nor huge.
            rng = np.random.default_rng(1)
            first.set_weights([rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape) for shape in shapes])
            facts[name] = {
                "shapes": [list(shape) for shape in shapes],
                "answers": np.asarray(first.predict(x, verbose=0)),
                "shared_variables": len(shared),
            }
        return facts
    if other_sizes is None:
        other_sizes = _probe_other_sizes(build_small, build_large)
    import numpy as np

    from fairmark.checks import layers

    facts = other_sizes["small"]
    shapes = [tuple(shape) for shape in facts["shapes"]]
    assert shapes == [(10_000, 4), (4,), (4, 4), (4,), (4, 1), (1,)], f"the weights have the shapes {shapes}"

    # The probe has set these weights; what relu, relu and sigmoid make of them can be worked out.
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape).astype("float32") for shape in shapes]
    x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float64")
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    if layers(reference_model)[-1].activation == "sigmoid":  # else the whole notebook works with logits
        expected = 1 / (1 + np.exp(-expected))
    distance = float(np.max(np.abs(np.ravel(facts["answers"]) - expected)))
    assert distance < 1e-3, f"its answers differ by up to {distance:.3f} from those of relu, relu, sigmoid"

@test_case(points=1, hidden=True,
    failure_message="Compare your large network with the table and with build_reference: sizes, activations, number of parameters.")
def test_large_network(other_sizes, reference_model, build_small, build_large):
    """The large network is 512-512-1 with relu, relu and the reference's output, however it was written down."""
    def _probe_other_sizes(build_small, build_large):
        """Of both networks: the shapes of the weights, and the answers once the weights are set by a formula."""
        import numpy as np

        x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float32")
        facts = {}
        for name, build in [("small", build_small), ("large", build_large)]:
            first, second = build(), build()
            shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
            shapes = [tuple(weights.shape) for weights in first.get_weights()]
            # Random, but the same for whoever knows the shapes; hidden values are neither all negative nor huge.
            rng = np.random.default_rng(1)
            first.set_weights([rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape) for shape in shapes])
            facts[name] = {
                "shapes": [list(shape) for shape in shapes],
                "answers": np.asarray(first.predict(x, verbose=0)),
                "shared_variables": len(shared),
            }
        return facts
    if other_sizes is None:
        other_sizes = _probe_other_sizes(build_small, build_large)
    import numpy as np

    from fairmark.checks import layers

    facts = other_sizes["large"]
    shapes = [tuple(shape) for shape in facts["shapes"]]
    assert shapes == [(10_000, 512), (512,), (512, 512), (512,), (512, 1), (1,)], f"the weights have the shapes {shapes}"

    rng = np.random.default_rng(1)
    weights = [rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape).astype("float32") for shape in shapes]
    x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float64")
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    if layers(reference_model)[-1].activation == "sigmoid":
        expected = 1 / (1 + np.exp(-expected))
    distance = float(np.max(np.abs(np.ravel(facts["answers"]) - expected)))
    assert distance < 1e-3, f"its answers differ by up to {distance:.3f} from those of relu, relu, sigmoid"

@test_case(points=1, hidden=True,
    failure_message="Call one of your functions twice: the two networks should have nothing in common, each with layers and weights of its own.")
def test_each_call_builds_anew(other_sizes, build_small, build_large):
    """Two calls of the same function give two networks that share no weights."""
    def _probe_other_sizes(build_small, build_large):
        """Of both networks: the shapes of the weights, and the answers once the weights are set by a formula."""
        import numpy as np

        x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float32")
        facts = {}
        for name, build in [("small", build_small), ("large", build_large)]:
            first, second = build(), build()
            shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
            shapes = [tuple(weights.shape) for weights in first.get_weights()]
            # Random, but the same for whoever knows the shapes; hidden values are neither all negative nor huge.
            rng = np.random.default_rng(1)
            first.set_weights([rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape) for shape in shapes])
            facts[name] = {
                "shapes": [list(shape) for shape in shapes],
                "answers": np.asarray(first.predict(x, verbose=0)),
                "shared_variables": len(shared),
            }
        return facts
    if other_sizes is None:
        other_sizes = _probe_other_sizes(build_small, build_large)
    for name, facts in other_sizes.items():
        assert facts["shared_variables"] == 0, f"two networks of build_{name} share {facts['shared_variables']} variables"
