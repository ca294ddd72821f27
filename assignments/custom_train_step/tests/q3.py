from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0, hidden=False)
def test_a_gradient_for_each_trainable_variable(gradients_of_a_batch, loss_and_gradients):
    """The loss is a number, and each trainable variable has a gradient of its own shape."""
    def _probe_gradients_of_a_batch(loss_and_gradients):
        """Loss and gradients of six rows, and the network's weights before and after the call."""
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(3)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(6, 3)).astype("float32"), rng.uniform(1, 6, 6).astype("float32")

        loss, gradients = loss_and_gradients(network, percentage_error, x, y)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "after": network.get_weights(),
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "trainable_shapes": [list(variable.shape) for variable in network.trainable_variables],
            "loss": np.asarray(loss),
            "gradients": ["none" if gradient is None else np.asarray(gradient) for gradient in gradients],
        }
    if gradients_of_a_batch is None:
        gradients_of_a_batch = _probe_gradients_of_a_batch(loss_and_gradients)
    facts = gradients_of_a_batch
    assert list(facts["loss"].shape) == [], f"The loss should be one number; yours has the shape {facts['loss'].shape}"
    wanted, found = facts["trainable_shapes"], facts["gradients"]
    assert len(found) == len(wanted), f"The network of this check has {len(wanted)} trainable variables; you return {len(found)} gradients"
    for number, (shape, gradient) in enumerate(zip(wanted, found), start=1):
        assert not isinstance(gradient, str), (
            f"Gradient {number} is None: the tape finds no way from the loss to that variable. Was the whole way recorded?"
        )
        assert list(gradient.shape) == list(shape), f"Gradient {number} should have the shape {tuple(shape)}; yours has {gradient.shape}"
