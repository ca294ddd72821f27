# %% [markdown]
# A base class with hooks, `stateless` bookkeeping in Python, `train_on_batch`'s relatives left alone; few lines a function.

# %% question="q1"
LOW, HIGH = 3.0, 1.0


def asking_price_loss(y_true, y_pred):
    """Weights by a mask."""
    difference = tf.subtract(y_pred, tf.reshape(tf.cast(y_true, y_pred.dtype), tf.shape(y_pred)))
    low = tf.cast(difference < 0, tf.float32)
    return tf.math.reduce_mean((low * LOW + (1 - low) * HIGH) * tf.pow(difference, 2))


# %% question="q4"
def update(model, optimizer, gradients):
    """Keras's name for both lists."""
    optimizer.apply(grads=gradients, trainable_variables=model.trainable_variables)


# %% question="q5"
class StepModel(keras.Model):
    """Does one step; what to report is left to others."""

    def learn(self, x, y):
        """Take a step and return loss and predictions."""
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred)
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return loss, y_pred


class CustomTrainStepModel(StepModel):
    """Reports loss and mae."""

    def compile(self, **settings):
        """Make the metrics when the model is compiled."""
        super().compile(**settings)
        self.reported_loss = keras.metrics.Mean(name="loss")
        self.reported_mae = keras.metrics.Mean(name="mae")

    @property
    def metrics(self):
        """Both."""
        return [self.reported_loss, self.reported_mae]

    @tf.function
    def train_step(self, data):
        """Learn and report."""
        x, y = data[0], data[1]
        loss, y_pred = self.learn(x, y)
        self.reported_loss(loss)
        self.reported_mae(keras.losses.mean_absolute_error(tf.reshape(y, (-1, 1)), y_pred))
        return {"loss": self.reported_loss.result(), "mae": self.reported_mae.result()}

    def test_step(self, data):
        """Report on data that is not learnt from."""
        x, y = data
        y_pred = self(x, training=False)
        self.reported_loss(self.compute_loss(x, y, y_pred))
        self.reported_mae(keras.losses.mean_absolute_error(tf.reshape(y, (-1, 1)), y_pred))
        return {"loss": self.reported_loss.result(), "mae": self.reported_mae.result()}


def new_model(inputs, outputs, optimizer, loss_fn):
    """Return a compiled model."""
    model = CustomTrainStepModel(inputs=inputs, outputs=outputs)
    model.compile(optimizer=optimizer, loss=loss_fn, run_eagerly=False)
    return model


# %% question="q6"
class StopBelow(keras.callbacks.Callback):
    """Ends the training by the history's last entry."""

    def __init__(self, target):
        super().__init__()
        self.limit = float(target)

    def on_epoch_end(self, epoch, logs=None):
        """Compare."""
        if float(logs["mae"]) < self.limit:
            self.model.stop_training = True


model = new_model(*build_graph(), keras.optimizers.Adam(learning_rate=0.005), asking_price_loss)
history = model.fit(x_train, y_train, batch_size=32, epochs=60, callbacks=[StopBelow(2.5)], validation_data=(x_test, y_test), verbose=0)
test_mae = history.history["val_mae"][-1]

# %% question="q7"
class Loop:
    """The loop as an object, its step a graph."""

    def __init__(self, model, loss_fn, optimizer):
        self.model, self.loss_fn, self.optimizer = model, loss_fn, optimizer
        self.loss, self.mae = keras.metrics.Mean(), keras.metrics.MeanAbsoluteError()

    @tf.function
    def step(self, x, y):
        """One batch."""
        with tf.GradientTape() as tape:
            y_pred = self.model(x, training=True)
            loss = self.loss_fn(y, y_pred)
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.model.trainable_variables), self.model.trainable_variables)
        )
        self.loss.update_state(loss)
        self.mae.update_state(y, y_pred)

    def epoch(self, x, y, batch_size):
        """All batches."""
        for metric in (self.loss, self.mae):
            metric.reset_state()
        steps = int(np.ceil(len(x) / batch_size))
        for number in range(steps):
            rows = slice(number * batch_size, (number + 1) * batch_size)
            self.step(x[rows], y[rows])
        return self.loss.result().numpy(), self.mae.result().numpy()


def train(model, loss_fn, optimizer, x, y, epochs, batch_size):
    """Run the loop."""
    loop = Loop(model, loss_fn, optimizer)
    losses, maes = zip(*[loop.epoch(x, y, batch_size) for _ in range(epochs)])
    return {"loss": list(losses), "mae": list(maes)}


# %% question="q8"
def clip_gradients(gradients, max_norm):
    """A list comprehension and a minimum."""
    norm = sum(float(tf.reduce_sum(g**2)) for g in gradients) ** 0.5
    return [g * min(1.0, max_norm / norm) if norm else g for g in gradients]
