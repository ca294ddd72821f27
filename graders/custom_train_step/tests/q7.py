from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=0, hidden=False)
def test_two_curves(own_loops, train):
    """train returns a loss and a mae for each epoch."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    curves = own_loops["both"]["curves"]
    for name in ["loss", "mae"]:
        assert name in curves, f'train should return a dictionary with "loss" and "mae"; yours has {sorted(curves)}'
        assert len(curves[name]) == 2, f"After 2 epochs, {name} should hold 2 numbers; yours holds {len(curves[name])}"

@test_case(points=2, hidden=True,
    failure_message="Count the batches of an epoch on paper, of 22 rows in batches of 4 say: which batches are there, in which order, and does the model take the optimiser's step for each?")
def test_weights_after_training(own_loops, train):
    """The trainable weights are those of a plain loop over 22 rows in batches of 4, with momentum, in either mode."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    import keras
    import numpy as np
    import tensorflow as tf

    facts = own_loops
    network, x, y = facts["network"], facts["x"], facts["y"]
    loss_fn = keras.losses.MeanAbsolutePercentageError()
    distances = []
    for training in (True, False):
        network.set_weights(facts["before"])
        optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
        for start in [*range(0, len(x), 4)] * 2:
            with tf.GradientTape() as tape:
                loss = loss_fn(y[start : start + 4], network(x[start : start + 4], training=training))
            optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        weights = zip(facts["trainable"], facts["many"]["after"], network.get_weights())
        distances.append(max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if trainable))
    assert min(distances) < 1e-3, f"a trainable weight is {min(distances):.4f} away from where the same loop by hand leads"

@test_case(points=1, hidden=True,
    failure_message="Your loop trains the network: does the network know, in every step, once?")
def test_forward_pass_in_training_mode(own_loops, train):
    """After one batch, the moving averages are those after one forward pass in training mode."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    import numpy as np

    from fairmark.checks import reference_step

    facts = own_loops
    expected = reference_step(
        facts["network"], facts["before"], facts["x"][:4], facts["y"][:4], training=True,
        loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
    ).weights
    weights = zip(facts["trainable"], facts["first"]["after"], expected)
    distance = max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if not trainable)
    assert distance < 1e-4, f"the moving averages are {distance:.5f} away from those after one pass in training mode"

@test_case(points=1, hidden=True,
    failure_message="What is reported for an epoch of two batches should be the mean of what is reported for each of them.")
def test_curves_are_means_over_the_batches(own_loops, train):
    """Loss and mae of the first epoch are the means of those that the same function reports for each batch alone."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    for name in ["loss", "mae"]:
        (first,), (second,) = own_loops["first"]["curves"][name], own_loops["second"]["curves"][name]
        found, expected = own_loops["both"]["curves"][name][0], (first + second) / 2
        assert abs(found - expected) < 1e-4 * abs(expected), (
            f"alone the two batches have a {name} of {first:g} and {second:g}; for an epoch of both train reports {found:g}"
        )

@test_case(points=1, hidden=True,
    failure_message="What is reported for the second epoch should be about the second epoch only. Who resets your metrics?")
def test_each_epoch_begins_anew(own_loops, train):
    """The second epoch of one call reports what one epoch from the same weights reports in a call of its own."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    for name in ["loss", "mae"]:
        found, (alone,) = own_loops["both"]["curves"][name][1], own_loops["again"]["curves"][name]
        assert abs(found - alone) < 1e-4 * abs(alone), f"{name} of the second epoch is {found:g}; by itself that epoch has {alone:g}"

@test_case(points=1, hidden=True,
    failure_message="Put a print into your step: how often does it print? With @tf.function in the right place, Python runs it once for each size of batch, not once for each batch.")
def test_step_runs_as_a_graph(own_loops, train):
    """Python runs the loss a few times, when graphs are made, and not once for each of the 12 batches."""
    def _probe_own_loops(train):
        """Five calls of train on one network: what each reported, and the weights it left behind.

    "first" and "second" take one batch each, one after the other; "both" takes the two for two epochs; "again" begins
    where one epoch of both leads; "many" takes 22 rows, the last batch half full, with an optimiser that remembers.
    """
        import keras
        import numpy as np
        import tensorflow as tf

        calls = []

        @tf.autograph.experimental.do_not_convert  # nothing in it needs converting, and TensorFlow would say so
        def percentage_error(y_true, y_pred):
            calls.append(1)  # Python code: it runs when a graph is made, not when a graph runs
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(6)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        network = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(22, 3)).astype("float32"), rng.uniform(1, 6, 22).astype("float32")

        def run(weights, first, last, epochs, momentum):
            network.set_weights(weights)
            optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=momentum)
            optimizer.build(network.trainable_variables)  # for a step that is shared by all calls of train
            curves = train(network, percentage_error, optimizer, x[first:last], y[first:last], epochs, 4)
            plain = {name: [float(np.mean(value)) for value in values] for name, values in curves.items()}
            return {"curves": plain, "after": network.get_weights()}

        first = run(before, 0, 4, 1, 0.0)
        second = run(first["after"], 4, 8, 1, 0.0)
        calls.clear()
        many = run(before, 0, 22, 2, 0.9)  # in between, lest TensorFlow warns of graphs made too often
        calls_of_many = len(calls)
        both = run(before, 0, 8, 2, 0.0)
        again = run(second["after"], 0, 8, 1, 0.0)
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "first": first,
            "second": second,
            "both": both,
            "again": again,
            "many": many,
            "python_calls_of_the_loss": calls_of_many,
        }
    if own_loops is None:
        own_loops = _probe_own_loops(train)
    calls = own_loops["python_calls_of_the_loss"]
    assert calls < 12, f"in 12 steps over batches of two sizes, Python called the loss {calls} times"
