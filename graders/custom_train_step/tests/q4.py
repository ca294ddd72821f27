from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0, hidden=False)
def test_something_moves(updated_weights, update):
    """After a step, the trainable weights are no longer what they were."""
    def _probe_updated_weights(update):
        """The weights before, after one and after two updates with the same invented gradients, under momentum."""
        import keras
        import numpy as np
        import tensorflow as tf

        rng = np.random.default_rng(4)
        inputs = keras.Input(shape=(3,))
        network = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.BatchNormalization()(inputs)))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        gradients = [rng.normal(size=variable.shape).astype("float32") for variable in network.trainable_variables]
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)

        weights = [network.get_weights()]
        for _ in range(2):
            update(network, optimizer, [tf.constant(gradient) for gradient in gradients])
            weights.append(network.get_weights())
        return {
            "before": weights[0],
            "once": weights[1],
            "twice": weights[2],
            "gradients": gradients,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "iterations": int(optimizer.iterations),
        }
    if updated_weights is None:
        updated_weights = _probe_updated_weights(update)
    import numpy as np

    moved = any(not np.array_equal(before, after) for before, after in zip(updated_weights["before"], updated_weights["once"]))
    assert moved, "After update(model, optimizer, gradients) all weights are what they were before: nobody has applied the gradients."

@test_case(points=2, hidden=True,
    failure_message="Try your function with SGD and a learning rate of 0.1: each trainable weight should go down by 0.1 times its own gradient, and no other weight should change.")
def test_first_step(updated_weights, update):
    """Under gradient descent, each trainable weight goes down by the learning rate times its gradient."""
    def _probe_updated_weights(update):
        """The weights before, after one and after two updates with the same invented gradients, under momentum."""
        import keras
        import numpy as np
        import tensorflow as tf

        rng = np.random.default_rng(4)
        inputs = keras.Input(shape=(3,))
        network = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.BatchNormalization()(inputs)))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        gradients = [rng.normal(size=variable.shape).astype("float32") for variable in network.trainable_variables]
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)

        weights = [network.get_weights()]
        for _ in range(2):
            update(network, optimizer, [tf.constant(gradient) for gradient in gradients])
            weights.append(network.get_weights())
        return {
            "before": weights[0],
            "once": weights[1],
            "twice": weights[2],
            "gradients": gradients,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "iterations": int(optimizer.iterations),
        }
    if updated_weights is None:
        updated_weights = _probe_updated_weights(update)
    import numpy as np

    facts = updated_weights
    gradients = iter(facts["gradients"])
    for trainable, before, after in zip(facts["trainable"], facts["before"], facts["once"]):
        expected = before - 0.1 * next(gradients) if trainable else before
        distance = float(np.max(np.abs(after - expected)))
        kind = "trainable" if trainable else "non-trainable"
        assert distance < 1e-5, f"a {kind} variable of the shape {before.shape} is {distance:.4f} away from where the step should lead"

@test_case(points=1, hidden=True,
    failure_message="Optimisers remember: with momentum, the second step goes further than the first. Does the optimiser itself take your step?")
def test_second_step_remembers_the_first(updated_weights, update):
    """With a momentum of 0.9, the second step with the same gradients is 1.9 times as long as the first."""
    def _probe_updated_weights(update):
        """The weights before, after one and after two updates with the same invented gradients, under momentum."""
        import keras
        import numpy as np
        import tensorflow as tf

        rng = np.random.default_rng(4)
        inputs = keras.Input(shape=(3,))
        network = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.BatchNormalization()(inputs)))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        gradients = [rng.normal(size=variable.shape).astype("float32") for variable in network.trainable_variables]
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)

        weights = [network.get_weights()]
        for _ in range(2):
            update(network, optimizer, [tf.constant(gradient) for gradient in gradients])
            weights.append(network.get_weights())
        return {
            "before": weights[0],
            "once": weights[1],
            "twice": weights[2],
            "gradients": gradients,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "iterations": int(optimizer.iterations),
        }
    if updated_weights is None:
        updated_weights = _probe_updated_weights(update)
    import numpy as np

    facts = updated_weights
    assert facts["iterations"] == 2, f"after two updates the optimiser has counted {facts['iterations']} steps"
    for trainable, before, once, twice in zip(facts["trainable"], facts["before"], facts["once"], facts["twice"]):
        if trainable:
            distance = float(np.max(np.abs((twice - once) - 1.9 * (once - before))))
            assert distance < 1e-5, f"a second step is {distance:.4f} away from 1.9 times the first"
