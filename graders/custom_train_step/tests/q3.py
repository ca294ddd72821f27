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

@test_case(points=1, hidden=True,
    failure_message="The loss you return should be loss_fn's of the batch. In which order does loss_fn take its arguments?")
def test_loss(gradients_of_a_batch, loss_and_gradients):
    """The loss is loss_fn(y_true, y_pred), with predictions of either mode: the mode has a test of its own."""
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
    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    expected = [
        float(
            reference_step(
                facts["network"], facts["before"], facts["x"], facts["y"], training=training,
                loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
            ).loss
        )
        for training in (True, False)
    ]
    found = float(facts["loss"])
    assert any(abs(found - loss) < 1e-3 * loss for loss in expected), f"the loss is {found:g} instead of {expected[0]:g}"

@test_case(points=2, hidden=True,
    failure_message="Each gradient should say how the loss changes with that variable. Is the forward pass on the tape, and the loss too?")
def test_gradients(gradients_of_a_batch, loss_and_gradients):
    """The gradients are those of the loss, in the order of the trainable variables, in either mode."""
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
    import numpy as np

    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    found = facts["gradients"]
    missing = sum(isinstance(gradient, str) for gradient in found)
    assert not missing, f"{missing} of {len(found)} gradients are None"
    distances = []
    for training in (True, False):
        expected = reference_step(
            facts["network"], facts["before"], facts["x"], facts["y"], training=training,
            loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
        ).gradients
        assert len(found) == len(expected), f"{len(found)} gradients for {len(expected)} trainable variables"
        shapes = [np.shape(gradient) for gradient in found]
        assert shapes == [np.shape(gradient) for gradient in expected], f"the gradients have the shapes {shapes}"
        largest = max(float(np.max(np.abs(gradient))) for gradient in expected)
        distances.append(max(float(np.max(np.abs(np.subtract(f, e)))) for f, e in zip(found, expected)) / largest)
    assert min(distances) < 1e-3, f"the gradients differ from those of the loss by {min(distances):.1%} of the largest"

@test_case(points=1, hidden=True,
    failure_message="While a network is being trained, it has to be told so: once a batch. Which argument of the forward pass does that?")
def test_one_forward_pass_in_training_mode(gradients_of_a_batch, loss_and_gradients):
    """The moving averages are those after one forward pass in training mode, and no weight is trained yet."""
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
    import numpy as np

    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    expected = reference_step(
        facts["network"], facts["before"], facts["x"], facts["y"], training=True,
        loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
    ).weights
    for trainable, before, after, wanted in zip(facts["trainable"], facts["before"], facts["after"], expected):
        if trainable:
            assert np.array_equal(after, before), "the trainable weights have changed already"
        else:
            distance = float(np.max(np.abs(np.subtract(after, wanted))))
            assert distance < 1e-4, f"the moving averages are {distance:.4f} away from those after one pass in training mode"
