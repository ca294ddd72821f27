# %% [markdown]
# One helper does the step for the class and for the loop; the graph function stands outside `train`.

# %% question="q2"
prices_in_use = network(x_batch).numpy().flatten()
prices_in_training = network(tf.constant(x_batch), training=True)
first_loss = asking_price_loss(y_batch, prices_in_training)
print("loss before any step:", float(first_loss))

# %% question="q3"
def predictions_loss_gradients(model, loss_fn, x, y):
    """The three things a step knows."""
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_fn(y, predictions)
    return predictions, loss, tape.gradient(loss, model.trainable_variables)


def loss_and_gradients(model, loss_fn, x, y):
    """Two of the three."""
    return predictions_loss_gradients(model, loss_fn, x, y)[1:]


# %% question="q4"
def update(model, optimizer, gradients):
    """Pairs, one by one."""
    pairs = []
    for gradient, variable in zip(gradients, model.trainable_variables):
        pairs.append((gradient, variable))
    optimizer.apply_gradients(pairs)


# %% question="q5"
class CustomTrainStepModel(keras.Model):
    """Loss and metrics come with the model; Keras's own are left alone."""

    def __init__(self, inputs, outputs, loss_fn=None, **settings):
        super().__init__(inputs=inputs, outputs=outputs, **settings)
        self.loss_fn = loss_fn
        self.accounts = [keras.metrics.Mean(name="loss"), keras.metrics.MeanAbsoluteError(name="mae")]

    @property
    def metrics(self):
        """All accounts."""
        return self.accounts

    def train_step(self, data):
        """Let the helpers of questions 3 and 4 work."""
        x, y = data
        predictions, loss, gradients = predictions_loss_gradients(self, self.loss_fn, x, y)
        update(self, self.optimizer, gradients)
        self.accounts[0].update_state(loss)
        self.accounts[1].update_state(y, predictions)
        return {account.name: account.result() for account in self.accounts}


def new_model(inputs, outputs, optimizer, loss_fn):
    """Return a compiled model that knows its loss."""
    model = CustomTrainStepModel(inputs, outputs, loss_fn=loss_fn)
    model.compile(optimizer=optimizer)
    return model


# %% question="q6"
class StopBelow(keras.callbacks.Callback):
    """Ends the training when good enough."""

    def __init__(self, target):
        super().__init__()
        self.good_enough = lambda logs: logs["mae"] < target

    def on_epoch_end(self, epoch, logs=None):
        """Ask."""
        self.model.stop_training = self.model.stop_training or self.good_enough(logs)


model = new_model(*build_graph(), optimizer=keras.optimizers.Adam(5e-3), loss_fn=asking_price_loss)
history = model.fit(x=x_train, y=y_train, epochs=60, callbacks=[StopBelow(2.5), keras.callbacks.TerminateOnNaN()], verbose=0)
test_mae = np.abs(model.predict(x_test, verbose=0).ravel() - y_test).mean()

# %% question="q7"
@tf.function
def graph_step(model, loss_fn, optimizer, x, y):
    """One step for any model, as a graph."""
    predictions, loss, gradients = predictions_loss_gradients(model, loss_fn, x, y)
    update(model, optimizer, gradients)
    return loss, tf.reduce_mean(tf.abs(tf.reshape(y, (-1, 1)) - predictions))


def train(model, loss_fn, optimizer, x, y, epochs, batch_size):
    """Python does the accounts."""
    optimizer.build(model.trainable_variables)
    curves = {"loss": [], "mae": []}
    for _ in range(epochs):
        accounts = []
        start = 0
        while start < len(x):
            stop = min(start + batch_size, len(x))
            loss, mae = graph_step(model, loss_fn, optimizer, x[start:stop], y[start:stop])
            accounts.append((float(loss), float(mae)))
            start = stop
        curves["loss"].append(sum(loss for loss, _ in accounts) / len(accounts))
        curves["mae"].append(sum(mae for _, mae in accounts) / len(accounts))
    return curves


# %% question="q8"
def clip_gradients(gradients, max_norm):
    """Written with NumPy's eyes, calculated by TensorFlow."""
    total = 0.0
    for gradient in gradients:
        total = total + tf.reduce_sum(gradient * gradient)
    factor = tf.minimum(1.0, tf.math.divide_no_nan(max_norm, tf.sqrt(total)))
    return [gradient * tf.where(total > 0.0, factor, 1.0) for gradient in gradients]
