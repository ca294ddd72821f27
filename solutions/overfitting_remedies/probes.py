"""What the tests of this topic ask a student's own functions and networks.

Each function is a probe: its parameters name variables of the student, and it is called when the question is checked.
A probe stands alone (its source travels into the test files), holds no expected answer, and returns small plain values
and arrays. What the student's code raises is the test's failure, so nothing is caught here.
"""


def answer_shapes(build_small, build_large):
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


def other_sizes(build_small, build_large):
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


def losses_by_size(small_model, large_model, x_val, y_val):
    """The loss of both networks on the validation reviews."""
    return {
        name: float(model.evaluate(x_val, y_val, batch_size=1_000, verbose=0, return_dict=True)["loss"])
        for name, model in [("small", small_model), ("large", large_model)]
    }


def turning_examples(turning_epoch):
    """Where a few short lists of losses turn."""
    losses = {
        "inside": [0.6, 0.4, 0.3, 0.5, 0.7],
        "at_once": [0.4, 0.5],
        "not_yet": [0.9, 0.8, 0.7, 0.6],
        "zigzag": [0.9, 0.5, 0.8, 0.6, 0.4, 0.6, 0.5, 0.7],
    }
    return {name: float(turning_epoch(values)) for name, values in losses.items()}


def first_penalties(penalty, both_model):
    """The penalty of a network as it is: for factors of 0, and for large ones."""
    return {"free": penalty(both_model, 0.0, 0.0), "paid": penalty(both_model, 0.1, 0.1)}


def penalty_examples(penalty, build_both):
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


def first_cross_entropies(cross_entropy):
    """The cross-entropy of four probabilities of 0.5, for both shapes of p."""
    import numpy as np

    y, p = np.array([1.0, 0.0, 0.0, 1.0], dtype="float32"), np.full(4, 0.5, dtype="float32")
    return {"shape (4,)": cross_entropy(y, p), "shape (4, 1)": cross_entropy(y, p.reshape(4, 1))}


def cross_entropy_examples(cross_entropy):
    """The cross-entropy of a few probabilities, flat and as a column, and of perfectly certain ones."""
    import numpy as np

    y = np.array([1, 0, 1, 1, 0], dtype="float32")
    p = np.array([0.9, 0.2, 0.4, 0.99, 0.7], dtype="float32")
    return {
        "y": y,
        "p": p,
        "flat": float(cross_entropy(y, p)),
        "column": float(cross_entropy(y, p.reshape(-1, 1))),
        "certain_right": float(cross_entropy(y, y.copy())),
        "certain_wrong": float(cross_entropy(y, 1 - y)),
    }


def own_cross_entropies(cross_entropy, l1_model, l2_model, x_val, y_val):
    """What the student's own function says about both networks' answers to the validation reviews."""
    return {
        name: float(cross_entropy(y_val, model.predict(x_val, batch_size=1_000, verbose=0)))
        for name, model in [("l1", l1_model), ("l2", l2_model)]
    }


def dropout_shapes(dropout):
    """The shapes of a few arrays before and after dropout."""
    import numpy as np

    shapes = [(7,), (3, 4), (2, 3, 4)]
    return [[list(shape), list(np.shape(dropout(np.ones(shape), 0.5, np.random.default_rng(0))))] for shape in shapes]


def dropout_examples(dropout):
    """What dropout multiplies each entry by, at several rates; and whether it touches anything else."""
    import numpy as np

    x = np.random.default_rng(2).uniform(0.5, 1.5, (200, 250))
    before = x.copy()
    factors = [
        [rate, (np.asarray(dropout(x.copy(), rate, np.random.default_rng(3))) / before).astype("float32")]
        for rate in [0.2, 0.7]
    ]
    once, again, other = (np.asarray(dropout(x.copy(), 0.2, np.random.default_rng(seed))) == 0 for seed in [4, 4, 5])
    nothing_dropped = np.asarray(dropout(x.copy(), 0.0, np.random.default_rng(6)))
    dropout(x, 0.2, np.random.default_rng(7))
    return {
        "factors": factors,
        "x_unchanged": bool(np.array_equal(x, before)),
        "rate_0_unchanged": bool(np.allclose(nothing_dropped, before)),
        "same_seed_same_zeros": bool(np.array_equal(once, again)),
        "other_seed_same_zeros": bool(np.array_equal(once, other)),
    }


def own_comparison(cross_entropy, networks, x_train, y_train, x_val, y_val):
    """What the student's own function says about every network's answers to both sets of reviews."""
    return {
        name: {
            "training": float(cross_entropy(y_train, model.predict(x_train, batch_size=1_000, verbose=0))),
            "validation": float(cross_entropy(y_val, model.predict(x_val, batch_size=1_000, verbose=0))),
        }
        for name, model in networks.items()
    }


def inputs():
    """The arrays on which a model that cannot be rebuilt is asked for its predictions."""
    import keras
    import numpy as np

    (sequences, _), _ = keras.datasets.imdb.load_data(num_words=10_000)
    table = np.zeros((10_000, 10_000), dtype="uint8")
    for row, sequence in enumerate(sequences[:10_000]):
        table[row, sequence] = 1
    return {"x_val": table[:5_000], "x_train": table[5_000:]}
