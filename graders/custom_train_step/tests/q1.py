from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_loss_is_one_number(loss_examples, asking_price_loss):
    """The loss of a batch is a single number."""
    def _probe_loss_examples(asking_price_loss):
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
    if loss_examples is None:
        loss_examples = _probe_loss_examples(asking_price_loss)
    loss = loss_examples["question"]
    assert loss.dtype.kind == "f", f"The loss should be a number; yours is {loss}. Does the function return it?"
    assert loss.shape == (), f"The loss should be one number, a tensor of the shape (); yours has the shape {loss.shape}"

@test_case(points=1, hidden=False)
def test_example_of_the_question(loss_examples, asking_price_loss):
    """The two houses of the question's table have a loss of 26."""
    def _probe_loss_examples(asking_price_loss):
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
    if loss_examples is None:
        loss_examples = _probe_loss_examples(asking_price_loss)
    found = float(loss_examples["question"])
    assert abs(found - 26) < 1e-3, f"For the two houses in the question's table the loss should be 26; yours is {found:g}"

@test_case(points=2, hidden=True,
    failure_message="Compare the first price with the first prediction only, the second with the second, and so on: look at the shape of the difference when prices are flat and predictions a column.")
def test_flat_prices_meet_a_column_of_predictions(loss_examples, asking_price_loss):
    """Prices of the shape (n,) and predictions of the shape (n, 1) are compared one to one."""
    def _probe_loss_examples(asking_price_loss):
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
    if loss_examples is None:
        loss_examples = _probe_loss_examples(asking_price_loss)
    import numpy as np

    for name in ["five", "single", "thirty"]:
        y, p = np.asarray(loss_examples[f"{name}_prices"], "float64"), np.asarray(loss_examples[f"{name}_predictions"], "float64")
        error = y - p[:, 0]
        expected = float(np.mean(np.where(error > 0, 3, 1) * error**2))
        found = float(np.mean(loss_examples[name]))
        assert abs(found - expected) < 1e-3 * expected, f"{len(y)} flat prices and a column of predictions: {found:g} instead of {expected:g}"

@test_case(points=1, hidden=True,
    failure_message="TensorFlow must be able to follow your loss backwards: each prediction should know in which direction the loss falls. Is everything calculated with TensorFlow?")
def test_loss_can_be_followed_backwards(loss_slope, asking_price_loss):
    """The gradient of the loss with respect to the predictions is there, and is that of the formula."""
    def _probe_loss_slope(asking_price_loss):
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
    if loss_slope is None:
        loss_slope = _probe_loss_slope(asking_price_loss)
    import numpy as np

    y, p = (np.asarray(loss_slope[name], "float64").ravel() for name in ["prices", "predictions"])
    error = y - p
    expected = -2 * np.where(error > 0, 3, 1) * error / len(y)
    assert not isinstance(loss_slope["slope"], str), "TensorFlow finds no way from the loss back to the predictions"
    found = np.asarray(loss_slope["slope"], "float64").ravel()
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-4), f"the slope is {found.round(3).tolist()} instead of {expected.round(3).tolist()}"
