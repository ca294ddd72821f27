# %% [markdown]
# Loss *and* metrics given to `compile`, `compute_loss` and `compute_metrics` by keyword, `keras.ops` throughout.

# %% question="q1"
from keras import ops


def asking_price_loss(y_true, y_pred):
    """With keras.ops."""
    error = ops.ravel(y_pred) - ops.ravel(y_true)
    return ops.average(ops.square(error), weights=None) + 2 * ops.mean(ops.square(ops.minimum(error, 0)))


# %% question="q2"
prices_in_use = ops.squeeze(network(x_batch), axis=-1)
prices_in_training = network(x_batch, training=True)
first_loss = ops.convert_to_numpy(asking_price_loss(y_true=y_batch, y_pred=prices_in_training)).item()

# %% question="q3"
def loss_and_gradients(model, loss_fn, x, y):
    """A tape that watches nothing but the trainable variables."""
    with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
        tape.watch([variable.value for variable in model.trainable_variables])
        predictions = model(ops.convert_to_tensor(x), training=True)
        loss = loss_fn(y_true=y, y_pred=predictions)
    gradients = [tape.gradient(loss, variable.value) for variable in model.trainable_variables]
    del tape
    return float(loss), gradients


# %% question="q4"
def update(model, optimizer, gradients):
    """The optimiser is told its variables first, and then takes the gradients alone."""
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    optimizer.apply(gradients)


# %% question="q5"
class CustomTrainStepModel(keras.Model):
    """Everything that compile was given is used."""

    def train_step(self, data):
        """Follow Keras's own step."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=True)
        self._loss_tracker.update_state(loss)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)


def new_model(inputs, outputs, optimizer, loss_fn):
    """Return a model compiled with loss and metrics."""
    model = CustomTrainStepModel(inputs, outputs, name="custom")
    model.compile(optimizer, loss_fn, metrics=["mae"])
    return model


# %% question="q6"
def StopBelow(target):
    """Return a callback that remembers the target by closure."""

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = bool(logs["mae"] < target)

    return Stop()


model = new_model(*build_graph(), keras.optimizers.Adam(learning_rate=0.005), asking_price_loss)
history = model.fit(
    tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(404).batch(32),
    epochs=60,
    callbacks=StopBelow(2.5),
    verbose=0,
)
test_mae = model.evaluate(x_test, y_test, verbose=0, return_dict=True)["mae"]

# %% question="q7"
def train(model, loss_fn, optimizer, x, y, epochs, batch_size):
    """The whole epoch is one graph, loop included."""
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size)
    loss_mean, error_mean = keras.metrics.Mean(), keras.metrics.Mean()

    @tf.function
    def epoch():
        for inputs, prices in batches:
            with tf.GradientTape() as tape:
                answers = model(inputs, training=True)
                loss = loss_fn(prices, answers)
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
            loss_mean.update_state(loss)
            error_mean.update_state(ops.abs(prices - ops.squeeze(answers, axis=-1)))

    losses, errors = [], []
    for _ in range(epochs):
        loss_mean.reset_state()
        error_mean.reset_state()
        epoch()
        losses.append(float(loss_mean.result()))
        errors.append(float(error_mean.result()))
    return dict(loss=losses, mae=errors)


# %% question="q8"
def clip_gradients(gradients, max_norm):
    """With a condition instead of a minimum."""
    norm = tf.linalg.global_norm(gradients)
    if norm <= max_norm:
        return gradients
    return [ops.multiply(gradient, max_norm / norm) for gradient in gradients]
