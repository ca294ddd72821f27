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
