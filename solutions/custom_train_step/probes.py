"""What the tests of this topic ask a student's own functions, classes and models.

Each function is a probe: its parameters name variables of the student, and it is called when the question is checked.
A probe stands alone (its source travels into the test files), holds no expected answer, and returns small plain values
and arrays. What the student's code raises is the test's failure, so nothing is caught here.

Several probes train the same small network: three inputs, batch normalisation, one output, all weights fixed. Its loss
is the percentage error, which tells its arguments apart.
"""


def loss_examples(asking_price_loss):
    """The loss of the question's two houses (both shapes equal), and of flat prices with a column of predictions."""
    import numpy as np
    import tensorflow as tf

    prices, predictions = tf.constant([[20.0], [30.0]]), tf.constant([[22.0], [26.0]])
    facts = {"question": np.asarray(asking_price_loss(prices, predictions))}
    rng = np.random.default_rng(1)
    for name, rows in [("single", 1), ("five", 5), ("thirty", 30)]:
        flat = rng.uniform(10, 50, rows).astype("float32")
        column = rng.uniform(10, 50, (rows, 1)).astype("float32")
        facts[f"{name}_prices"], facts[f"{name}_predictions"] = flat, column
        facts[name] = np.asarray(asking_price_loss(tf.constant(flat), tf.constant(column)))
    return facts


def loss_slope(asking_price_loss):
    """How the loss changes with each of four predictions, as TensorFlow works it out; "none" if it can't."""
    import numpy as np
    import tensorflow as tf

    prices = np.array([[20.0], [30.0], [25.0], [41.0]], dtype="float32")
    predictions = tf.Variable(np.array([[22.0], [26.0], [24.0], [50.0]], dtype="float32"))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.convert_to_tensor(asking_price_loss(tf.constant(prices), predictions)))
    slope = tape.gradient(loss, predictions)
    return {
        "prices": prices,
        "predictions": predictions.numpy(),
        "slope": "none" if slope is None else np.asarray(slope),
    }


def loss_of_answers(asking_price_loss, prices_in_training, y_batch):
    """What the student's own loss says about the student's own answers."""
    import numpy as np
    import tensorflow as tf

    answers = tf.constant(np.asarray(prices_in_training), dtype="float32")
    return {"loss": float(np.mean(asking_price_loss(y_batch, tf.reshape(answers, (-1, 1)))))}


def gradients_of_a_batch(loss_and_gradients):
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


def updated_weights(update):
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


def custom_fits(new_model):
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


def stopped_fits(StopBelow):
    """After how many epochs the callback stops a plain model, and the model's mae if nobody stops it."""
    import keras
    import numpy as np

    x = np.array([[1.0], [2.0], [3.0], [4.0]], dtype="float32")
    inputs = keras.Input(shape=(1,))
    network = keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="zeros")(inputs))
    network.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse", metrics=["mae"])
    before = network.get_weights()

    def curve(callbacks):
        network.set_weights(before)
        history = network.fit(x, 10 * x, batch_size=4, epochs=10, shuffle=False, verbose=0, callbacks=callbacks)
        return [float(mae) for mae in history.history["mae"]]

    mae = curve([])
    target = (mae[4] + mae[5]) / 2
    return {
        "mae": mae,
        "target": target,
        "epochs": len(curve([StopBelow(target)])),
        "epochs_without_reaching_it": len(curve([StopBelow(0.0)])),
    }


def steps_of_model(model):
    """How many steps the model's optimiser has taken."""
    return {"steps": int(model.optimizer.iterations)}


def own_loops(train):
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


def clipped_examples(clip_gradients):
    """Three gradients of unlike lengths, clipped to a short and to a generous length; zeros, clipped."""
    import numpy as np
    import tensorflow as tf

    gradients = [
        np.array([[3.0, -4.0], [0.0, 2.0]], dtype="float32"),
        np.array([0.5, -0.25, 0.125], dtype="float32"),
        np.array([[12.0]], dtype="float32"),
    ]
    zeros = [np.zeros_like(gradient) for gradient in gradients]

    def clipped(arrays, max_norm):
        return [np.asarray(gradient) for gradient in clip_gradients([tf.constant(a) for a in arrays], max_norm)]

    return {
        "gradients": gradients,
        "long": clipped(gradients, 2.0),
        "short": clipped(gradients, 1000.0),
        "zero": clipped(zeros, 2.0),
    }


def inputs():
    """The arrays on which a model that cannot be rebuilt is asked for its predictions."""
    import keras

    (x_train, _), (x_test, _) = keras.datasets.boston_housing.load_data()
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return {
        "x_train": ((x_train - mean) / std).astype("float32"),
        "x_test": ((x_test - mean) / std).astype("float32"),
    }
