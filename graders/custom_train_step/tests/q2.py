from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_an_answer_for_each_district(prices_in_use, prices_in_training, first_loss):
    """Both sets of answers hold 32 numbers, and the loss is one number."""
    import numpy as np

    for name, prices in [("prices_in_use", prices_in_use), ("prices_in_training", prices_in_training)]:
        assert np.size(prices) == 32, f"{name} should hold an answer for each of the 32 districts; its shape is {np.shape(prices)}"
    assert np.size(first_loss) == 1, f"first_loss should be one number; it is {first_loss!r}"
    assert np.asarray(first_loss).dtype.kind == "f", f"first_loss should be a float; it is {first_loss!r}"

@test_case(points=1, hidden=True,
    failure_message="prices_in_use should be what the network itself answers for x_batch, in the way it answers when it is not being trained.")
def test_answers_in_use(network, prices_in_use):
    """The answers are the network's own with its moving averages, those it starts with or those it has now."""
    import keras
    import numpy as np

    from fairmark.data import load

    (x_train, _), _ = load("boston_housing")
    x = ((x_train - x_train.mean(axis=0)) / x_train.std(axis=0)).astype("float32")[:32]
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    expected = [np.ravel(copy(x, training=False))]
    for layer in copy.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(np.zeros(layer.moving_mean.shape))
            layer.moving_variance.assign(np.ones(layer.moving_variance.shape))
    expected.append(np.ravel(copy(x, training=False)))
    found = np.ravel(np.asarray(prices_in_use))
    distance = min(float(np.max(np.abs(found - answers))) for answers in expected)
    assert distance < 1e-3, f"the answers are up to {distance:.4f} away from what this network answers in use"

@test_case(points=1, hidden=True,
    failure_message="prices_in_training should be what the network itself answers for x_batch while it is being trained.")
def test_answers_in_training(network, prices_in_training):
    """The answers are the network's own, normalised by the statistics of the batch."""
    import keras
    import numpy as np

    from fairmark.data import load

    (x_train, _), _ = load("boston_housing")
    x = ((x_train - x_train.mean(axis=0)) / x_train.std(axis=0)).astype("float32")[:32]
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    expected = np.ravel(copy(x, training=True))
    distance = float(np.max(np.abs(np.ravel(np.asarray(prices_in_training)) - expected)))
    assert distance < 1e-3, f"the answers are up to {distance:.4f} away from what this network answers in training"

@test_case(points=1, hidden=True,
    failure_message="first_loss should be your loss of the true prices and the answers in training mode. Which of the two does the loss expect first?")
def test_first_loss(first_loss, prices_in_training, loss_of_answers, asking_price_loss, y_batch):
    """The loss is that of the student's own answers, by the formula or by the student's own function."""
    def _probe_loss_of_answers(asking_price_loss, prices_in_training, y_batch):
        """What the student's own loss says about the student's own answers."""
        import numpy as np
        import tensorflow as tf

        answers = tf.constant(np.asarray(prices_in_training), dtype="float32")
        return {"loss": float(np.mean(asking_price_loss(y_batch, tf.reshape(answers, (-1, 1)))))}
    if loss_of_answers is None:
        loss_of_answers = _probe_loss_of_answers(asking_price_loss, prices_in_training, y_batch)
    import numpy as np

    from fairmark.data import load

    (_, y_train), _ = load("boston_housing")
    error = y_train[:32] - np.ravel(np.asarray(prices_in_training, "float64"))
    expected = [float(np.mean(np.where(error > 0, 3, 1) * error**2)), loss_of_answers["loss"]]
    exchanged = float(np.mean(np.where(error < 0, 3, 1) * error**2))
    found = np.asarray(first_loss).item()
    hint = ", and that is what they have with prices and answers exchanged" if abs(found - exchanged) < 1e-3 * exchanged else ""
    assert any(abs(found - loss) < 1e-3 * abs(loss) for loss in expected), (
        f"first_loss is {found:g}{hint}; these answers have a loss of {expected[0]:g}"
    )
