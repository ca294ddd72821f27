from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_fit_reports_loss_and_mae(custom_fits, new_model):
    """fit works with the model, and its history has a loss and a mae."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    reported = sorted(custom_fits["runs"][0]["logs"])
    for name in ["loss", "mae"]:
        assert name in reported, f'train_step should return a dictionary with "loss" and "mae"; fit reports {reported}'

@test_case(points=2, hidden=True,
    failure_message="After one batch, the trainable weights should be where the optimiser's step on the loss leads. Are the gradients applied, and are they those of the right loss?")
def test_weights_after_a_batch(custom_fits, new_model):
    """fit over one batch moves the trainable weights as the reference step does, in either mode."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    import numpy as np

    from fairmark.checks import reference_step

    facts = custom_fits
    distances = []
    for training in (True, False):
        expected = reference_step(
            facts["network"], facts["before"], facts["x"][:4], facts["y"][:4], training=training,
            loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
        ).weights
        weights = zip(facts["trainable"], facts["runs"][0]["after"], expected)
        distances.append(max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if trainable))
    assert min(distances) < 1e-4, f"a trainable weight is {min(distances):.5f} away from where the step should lead"

@test_case(points=1, hidden=True,
    failure_message="In a training step the network has to know that it is being trained, and it should see each batch once. Compare its forward pass with that of question 3.")
def test_forward_pass_in_training_mode(custom_fits, new_model):
    """The moving averages are those after one forward pass in training mode."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    import numpy as np

    from fairmark.checks import reference_step

    facts = custom_fits
    expected = reference_step(
        facts["network"], facts["before"], facts["x"][:4], facts["y"][:4], training=True,
        loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
    ).weights
    weights = zip(facts["trainable"], facts["runs"][0]["after"], expected)
    distance = max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if not trainable)
    assert distance < 1e-4, f"the moving averages are {distance:.5f} away from those after one pass in training mode"

@test_case(points=1, hidden=True,
    failure_message="For a single batch, mae should be the mean distance between the true values and the predictions that the step has just made.")
def test_mae_of_one_batch(custom_fits, new_model):
    """For one batch, mae is that of the predictions of the weights before the step, in either mode."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    import numpy as np

    facts = custom_fits
    network, y = facts["network"], np.asarray(facts["y"][:4], "float64").ravel()
    expected = []
    for training in (True, False):
        network.set_weights(facts["before"])
        answers = np.ravel(np.asarray(network(facts["x"][:4], training=training), "float64"))
        expected.append(float(np.mean(np.abs(y - answers))))
    found = facts["runs"][0]["logs"]["mae"]
    assert any(abs(found - mae) < 1e-3 * mae for mae in expected), f"mae is {found:g} instead of {expected[0]:g}"

@test_case(points=1, hidden=True,
    failure_message="After an epoch of several batches, loss should be the mean over all of them. What does your step return, and who does the averaging?")
def test_loss_is_averaged_over_the_epoch(custom_fits, new_model):
    """The loss of an epoch of two batches is the mean of those that the same model reports for each alone."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    first, both, second, _ = [run["logs"]["loss"] for run in custom_fits["runs"]]
    expected = (first + second) / 2
    assert abs(both - expected) < 1e-4 * abs(expected), (
        f"alone the two batches have losses of {first:g} and {second:g}; for an epoch of both the model reports {both:g}"
    )

@test_case(points=1, hidden=True,
    failure_message="After an epoch of several batches, mae should be the mean over all of them, not that of the last one.")
def test_mae_is_averaged_over_the_epoch(custom_fits, new_model):
    """The mae of an epoch of two batches is the mean of those that the same model reports for each alone."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    first, both, second, _ = [run["logs"]["mae"] for run in custom_fits["runs"]]
    expected = (first + second) / 2
    assert abs(both - expected) < 1e-4 * abs(expected), (
        f"alone the two batches have a mae of {first:g} and {second:g}; for an epoch of both the model reports {both:g}"
    )

@test_case(points=1, hidden=True,
    failure_message="What is reported for an epoch should not depend on the epochs before it. Does Keras know all your metrics, so that it can reset them?")
def test_metrics_begin_anew(custom_fits, new_model):
    """From the same weights on the same batch, the model reports the same, whatever it was fitted on in between."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    first, again = custom_fits["runs"][0]["logs"], custom_fits["runs"][3]["logs"]
    for name in ["loss", "mae"]:
        assert abs(first[name] - again[name]) < 1e-4 * abs(first[name]), (
            f"{name} of one and the same batch is {first[name]:g} at first, and {again[name]:g} after other batches"
        )
