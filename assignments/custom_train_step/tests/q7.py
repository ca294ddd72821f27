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
