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
