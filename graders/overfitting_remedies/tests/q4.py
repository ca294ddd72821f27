from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0, hidden=False)
def test_penalty_is_a_number(first_penalties, penalty, both_model):
    """The penalty is one number, and 0 if both factors are."""
    def _probe_first_penalties(penalty, both_model):
        """The penalty of a network as it is: for factors of 0, and for large ones."""
        return {"free": penalty(both_model, 0.0, 0.0), "paid": penalty(both_model, 0.1, 0.1)}
    if first_penalties is None:
        first_penalties = _probe_first_penalties(penalty, both_model)
    import numpy as np

    assert np.size(first_penalties["free"]) == 1, f"penalty should return one number; it returns {first_penalties['free']!r}"
    assert float(first_penalties["free"]) == 0, f"With both factors 0 the penalty should be 0; yours is {first_penalties['free']}"
    assert float(first_penalties["paid"]) > 0, f"With l1=0.1 and l2=0.1 there should be something to pay; yours is {first_penalties['paid']}"

@test_case(points=1, hidden=True,
    failure_message="Set all weights of a network to 0 but for a few in each hidden kernel, and work the formula out on paper. Does your function agree?")
def test_formula(penalty_examples, penalty, build_both):
    """With weights in the hidden kernels only, the penalty is l1 times their absolute sum plus l2 times their squares."""
    def _probe_penalty_examples(penalty, build_both):
        """Penalties of a new network whose weights are set by a formula; the factors come first.

    "hidden": all weights are 0 but for the hidden kernels; "biases": all biases are 5 besides;
    "output": instead, the kernel of the output layer is 50.
    """
        import numpy as np

        network = build_both()
        shapes = [weights.shape for weights in network.get_weights()]
        kernels = [place for place, shape in enumerate(shapes) if len(shape) == 2]

        def weights(bias, output):
            arrays = [np.full(shape, bias if len(shape) == 1 else output, dtype="float32") for shape in shapes]
            for place in kernels[:-1]:
                numbers = np.arange(arrays[place].size) % 7 - 2
                arrays[place] = (numbers / 10).reshape(shapes[place]).astype("float32")
            return arrays

        facts = {"shapes": [list(shape) for shape in shapes]}
        for name, bias, output in [("hidden", 0, 0), ("biases", 5, 0), ("output", 0, 50)]:
            network.set_weights(weights(bias, output))
            factors = [(0.0, 0.02), (0.003, 0.0), (0.003, 0.02)]
            facts[name] = [[l1, l2, float(penalty(network, l1, l2))] for l1, l2 in factors]
        return facts
    if penalty_examples is None:
        penalty_examples = _probe_penalty_examples(penalty, build_both)
    import numpy as np

    shapes = [tuple(shape) for shape in penalty_examples["shapes"]]
    kernels = [(np.arange(np.prod(shape)) % 7 - 2) / 10 for shape in shapes if len(shape) == 2][:-1]
    absolute = sum(float(np.abs(kernel).sum()) for kernel in kernels)
    squared = sum(float(np.square(kernel).sum()) for kernel in kernels)
    for l1, l2, found in penalty_examples["hidden"]:
        expected = l1 * absolute + l2 * squared
        assert abs(found - expected) <= 1e-3 * expected, f"l1={l1}, l2={l2}: found {found:.4f}; the formula gives {expected:.4f}"

@test_case(points=1, hidden=True,
    failure_message="Which of the six arrays of weights are kernels? Change another one: your penalty should stay as it was.")
def test_biases_are_free(penalty_examples, penalty, build_both):
    """Large biases leave the student's own penalty as it was without them."""
    def _probe_penalty_examples(penalty, build_both):
        """Penalties of a new network whose weights are set by a formula; the factors come first.

    "hidden": all weights are 0 but for the hidden kernels; "biases": all biases are 5 besides;
    "output": instead, the kernel of the output layer is 50.
    """
        import numpy as np

        network = build_both()
        shapes = [weights.shape for weights in network.get_weights()]
        kernels = [place for place, shape in enumerate(shapes) if len(shape) == 2]

        def weights(bias, output):
            arrays = [np.full(shape, bias if len(shape) == 1 else output, dtype="float32") for shape in shapes]
            for place in kernels[:-1]:
                numbers = np.arange(arrays[place].size) % 7 - 2
                arrays[place] = (numbers / 10).reshape(shapes[place]).astype("float32")
            return arrays

        facts = {"shapes": [list(shape) for shape in shapes]}
        for name, bias, output in [("hidden", 0, 0), ("biases", 5, 0), ("output", 0, 50)]:
            network.set_weights(weights(bias, output))
            factors = [(0.0, 0.02), (0.003, 0.0), (0.003, 0.02)]
            facts[name] = [[l1, l2, float(penalty(network, l1, l2))] for l1, l2 in factors]
        return facts
    if penalty_examples is None:
        penalty_examples = _probe_penalty_examples(penalty, build_both)
    for (l1, l2, before), (_, _, found) in zip(penalty_examples["hidden"], penalty_examples["biases"]):
        assert abs(found - before) <= 1e-3 * abs(before), f"l1={l1}, l2={l2}: with biases of 5 it grows from {before:.4f} to {found:.4f}"

@test_case(points=1, hidden=True,
    failure_message="Which of the layers pay a penalty, and which does not? Your function counts a kernel that should be free.")
def test_output_layer_is_free(penalty_examples, penalty, build_both):
    """Large weights in the output layer leave the student's own penalty as it was without them."""
    def _probe_penalty_examples(penalty, build_both):
        """Penalties of a new network whose weights are set by a formula; the factors come first.

    "hidden": all weights are 0 but for the hidden kernels; "biases": all biases are 5 besides;
    "output": instead, the kernel of the output layer is 50.
    """
        import numpy as np

        network = build_both()
        shapes = [weights.shape for weights in network.get_weights()]
        kernels = [place for place, shape in enumerate(shapes) if len(shape) == 2]

        def weights(bias, output):
            arrays = [np.full(shape, bias if len(shape) == 1 else output, dtype="float32") for shape in shapes]
            for place in kernels[:-1]:
                numbers = np.arange(arrays[place].size) % 7 - 2
                arrays[place] = (numbers / 10).reshape(shapes[place]).astype("float32")
            return arrays

        facts = {"shapes": [list(shape) for shape in shapes]}
        for name, bias, output in [("hidden", 0, 0), ("biases", 5, 0), ("output", 0, 50)]:
            network.set_weights(weights(bias, output))
            factors = [(0.0, 0.02), (0.003, 0.0), (0.003, 0.02)]
            facts[name] = [[l1, l2, float(penalty(network, l1, l2))] for l1, l2 in factors]
        return facts
    if penalty_examples is None:
        penalty_examples = _probe_penalty_examples(penalty, build_both)
    for (l1, l2, before), (_, _, found) in zip(penalty_examples["hidden"], penalty_examples["output"]):
        assert abs(found - before) <= 1e-3 * abs(before), (
            f"l1={l1}, l2={l2}: with output weights of 50 it grows from {before:.4f} to {found:.4f}"
        )
