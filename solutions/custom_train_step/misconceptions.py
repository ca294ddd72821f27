"""Wrong answers that students really give, each a small edit of the reference that costs points in its own question."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="prices_broadcast",
        question="q1",
        advice="A flat `(n,)` minus a column `(n, 1)` is a table of `(n, n)` differences: make a column of the prices.",
        old="tf.reshape(y_true, (-1, 1))",
        new="y_true",
    ),
    Misconception(
        name="high_side_counts_more",
        question="q1",
        advice="Your loss punishes what is too high; a prediction is too low when true price minus prediction is positive.",
        old="error > 0",
        new="error < 0",
    ),
    Misconception(
        name="sum_instead_of_mean",
        question="q1",
        advice="A sum grows with the size of the batch, and the steps grow with it: take the mean.",
        old="tf.reduce_mean",
        new="tf.reduce_sum",
    ),
    Misconception(
        name="loss_leaves_tensorflow",
        question="q1",
        advice="A tape can't follow a calculation into NumPy: stay with `tf.` operations until the loss is there.",
        old="return tf.reduce_mean(weight * tf.square(error))",
        new="return np.mean(weight.numpy() * error.numpy() ** 2)",
    ),
    Misconception(
        name="answers_without_training_mode",
        question="q2",
        advice="Without `training=True` the network answers as in use, by its moving averages.",
        old="network(x_batch, training=True)",
        new="network(x_batch)",
    ),
    Misconception(
        name="first_loss_with_arguments_swapped",
        question="q2",
        advice="The true prices come first: `asking_price_loss(y_true, y_pred)`.",
        old="asking_price_loss(y_batch, prices_in_training)",
        new="asking_price_loss(prices_in_training, y_batch)",
    ),
    Misconception(
        name="first_loss_pasted",
        question="q2",
        advice="A number copied from an earlier run does not belong to this network: let the code calculate it.",
        old="float(asking_price_loss(y_batch, prices_in_training))",
        new="1693.2719",
    ),
    Misconception(
        name="answers_pasted",
        question="q2",
        advice="These answers belong to another network: each run begins with new random weights, so call the network.",
        old="network(x_batch, training=False)",
        new="tf.constant([[0.0686], [0.5815], [-0.0487], [0.3015]] * 8)",
    ),
    Misconception(
        name="forward_pass_outside_the_tape",
        question="q3",
        advice="The tape knows nothing of what happened before the `with`: call the model inside it.",
        old="""\
with tf.GradientTape() as tape:
    predictions = model(x, training=True)
    loss = loss_fn(y, predictions)
""",
        new="""\
predictions = model(x, training=True)
with tf.GradientTape() as tape:
    loss = loss_fn(y, predictions)
""",
    ),
    Misconception(
        name="gradients_without_training_mode",
        question="q3",
        advice="This is the forward pass of a training step: `model(x, training=True)`.",
        old="training=True",
        new="",
    ),
    Misconception(
        name="loss_with_arguments_swapped",
        question="q3",
        advice="`loss_fn` takes the true values first, then the predictions.",
        old="loss_fn(y, predictions)",
        new="loss_fn(predictions, y)",
    ),
    Misconception(
        name="gradients_of_the_averages_too",
        question="q3",
        advice="`model.weights` holds the moving averages, too, which have no gradient: use `trainable_variables`.",
        old="model.trainable_variables",
        new="model.weights",
    ),
    Misconception(
        name="gradients_not_applied",
        question="q4",
        advice="`variable = variable - …` only rebinds a name and leaves the model alone: let the optimiser apply.",
        old="optimizer.apply(gradients, model.trainable_variables)",
        new="""\
for gradient, variable in zip(gradients, model.trainable_variables):
    variable = variable - optimizer.learning_rate * gradient
""",
    ),
    Misconception(
        name="pairs_in_the_wrong_order",
        question="q4",
        advice="`apply_gradients` takes pairs of gradient and variable, in this order.",
        old="optimizer.apply(gradients, model.trainable_variables)",
        new="optimizer.apply_gradients(zip(model.trainable_variables, gradients))",
    ),
    Misconception(
        name="optimiser_bypassed",
        question="q4",
        advice="Subtracting the gradients yourself leaves out what the optimiser remembers: call `optimizer.apply`.",
        old="optimizer.apply(gradients, model.trainable_variables)",
        new="""\
for gradient, variable in zip(gradients, model.trainable_variables):
    variable.assign_sub(optimizer.learning_rate * gradient)
""",
    ),
    Misconception(
        name="raw_loss_returned",
        question="q5",
        advice="You return the loss of the last batch: return the tracker's `result()`, the mean of the epoch.",
        old='{"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}',
        new='{"loss": loss, "mae": self.mae_metric.result()}',
        survives="because Keras 3's fit reports the metrics' own results wherever the names agree: no epoch shows it",
    ),
    Misconception(
        name="global_trackers",
        question="q5",
        advice="Metrics outside the model are never reset, so an epoch contains all before it: make them in `__init__`.",
        old=None,
        new="""\
loss_tracker = keras.metrics.Mean(name="loss")
mae_metric = keras.metrics.MeanAbsoluteError(name="mae")


class CustomTrainStepModel(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        loss_tracker.update_state(loss)
        mae_metric.update_state(y, y_pred)
        return {"loss": loss_tracker.result(), "mae": mae_metric.result()}


def new_model(inputs, outputs, optimizer, loss_fn):
    model = CustomTrainStepModel(inputs=inputs, outputs=outputs)
    model.compile(optimizer=optimizer, loss=loss_fn)
    return model
""",
    ),
    Misconception(
        name="step_without_training_mode",
        question="q5",
        advice="Your train_step asks the network as if it were in use: `self(x, training=True)`.",
        old="self(x, training=True)",
        new="self(x)",
    ),
    Misconception(
        name="compute_loss_with_arguments_swapped",
        question="q5",
        advice="`compute_loss` takes the inputs, the true values and the predictions, in this order.",
        old="self.compute_loss(x, y, y_pred)",
        new="self.compute_loss(x, y_pred, y)",
    ),
    Misconception(
        name="step_never_taken",
        question="q5",
        advice="Your train_step works out the gradients and then forgets them: the optimiser has to apply them.",
        old="self.optimizer.apply(gradients, self.trainable_variables)",
        new="",
    ),
    Misconception(
        name="second_forward_pass_for_the_metric",
        question="q5",
        advice="You call the network again for the metric, after the step and at twice the cost: use what you have.",
        old="self.mae_metric.update_state(y, y_pred)",
        new="self.mae_metric.update_state(y, self(x, training=True))",
    ),
    Misconception(
        name="distances_broadcast",
        question="q5",
        advice="`y` is flat and `y_pred` a column, so `y - y_pred` is a table: `update_state(y, y_pred)` fits them.",
        old="self.mae_metric.update_state(y, y_pred)",
        new="self.mae_metric.update_state(tf.zeros_like(y - y_pred), y - y_pred)",
    ),
    Misconception(
        name="stops_on_the_loss",
        question="q6",
        advice="Your callback watches the loss; the target is one for `mae`.",
        old='logs["mae"]',
        new='logs["loss"]',
    ),
    Misconception(
        name="stops_above_the_target",
        question="q6",
        advice="Your callback stops while the error is still large: it should stop once `mae` is below the target.",
        old='logs["mae"] < self.target',
        new='logs["mae"] > self.target',
    ),
    Misconception(
        name="callback_forgotten",
        question="q6",
        advice="The callback was written but never handed to `fit`: `callbacks=[StopBelow(2.5)]`.",
        old="callbacks=[StopBelow(2.5)]",
        new="",
    ),
    Misconception(
        name="error_broadcast",
        question="q6",
        advice="`predict` answers with a column; subtracted from flat prices it gives a table: take `[:, 0]` first.",
        old="model.predict(x_test, verbose=0)[:, 0]",
        new="model.predict(x_test, verbose=0)",
    ),
    Misconception(
        name="judged_on_training_rows",
        question="q6",
        advice="This is the error on rows the model has learnt from; the test set tells what it can do.",
        old="y_test - model.predict(x_test, verbose=0)[:, 0]",
        new="y_train - model.predict(x_train, verbose=0)[:, 0]",
    ),
    Misconception(
        name="error_pasted",
        question="q6",
        advice="An error copied from an earlier run, or from the slides, is not that of this model: calculate it.",
        old="float(np.mean(np.abs(y_test - model.predict(x_test, verbose=0)[:, 0])))",
        new="2.5532",
    ),
    Misconception(
        name="optimizer_made_inside_the_graph",
        question="q7",
        advice="What creates variables can't live inside `@tf.function`: use the optimiser that `train` was given.",
        old="gradients = tape.gradient(loss, model.trainable_variables)",
        new="""\
optimizer = keras.optimizers.Adam(learning_rate=0.005)
gradients = tape.gradient(loss, model.trainable_variables)
""",
    ),
    Misconception(
        name="metrics_never_reset",
        question="q7",
        advice="In a loop of your own nobody resets metrics for you: call `reset_state()` when an epoch begins.",
        old="""\
loss_tracker.reset_state()
mae_metric.reset_state()
""",
        new="",
    ),
    Misconception(
        name="last_batch_left_out",
        question="q7",
        advice="The rows left over at the end of an epoch are a batch, too, if a smaller one.",
        old="range(0, len(x), batch_size)",
        new="range(0, len(x) - batch_size + 1, batch_size)",
    ),
    Misconception(
        name="loop_without_training_mode",
        question="q7",
        advice="Your loop asks the network as if it were in use: `model(x_batch, training=True)`.",
        old="training=True",
        new="",
    ),
    Misconception(
        name="no_graph",
        question="q7",
        advice="Your step runs in Python, operation by operation: write `@tf.function` above it.",
        old="tf.function",
        new="(lambda step: step)",
    ),
    Misconception(
        name="last_loss_reported",
        question="q7",
        advice="You report the loss of the last batch; an epoch's loss is the mean over its batches.",
        old="loss_tracker.update_state(loss)",
        new="loss_tracker.reset_state()\nloss_tracker.update_state(loss)",
    ),
    Misconception(
        name="step_of_the_loop_never_taken",
        question="q7",
        advice="Your loop works out the gradients and then forgets them: the optimiser has to apply them.",
        old="optimizer.apply(gradients, model.trainable_variables)",
        new="",
    ),
    Misconception(
        name="each_gradient_clipped",
        question="q8",
        advice="You clip each gradient by itself, which bends the step: measure all together and use a single factor.",
        old="""\
factor = max_norm / tf.maximum(norm, max_norm)
return [factor * gradient for gradient in gradients]
""",
        new="return [tf.clip_by_norm(gradient, max_norm) for gradient in gradients]",
    ),
    Misconception(
        name="clipped_by_value",
        question="q8",
        advice="You cut off single numbers; clipping by the global norm shortens the whole vector by one factor.",
        old="[factor * gradient for gradient in gradients]",
        new="[tf.clip_by_value(gradient, -max_norm, max_norm) for gradient in gradients]",
    ),
    Misconception(
        name="short_gradients_lengthened",
        question="q8",
        advice="Scaling to `max_norm` makes short gradients longer, zero ones `nan`: shorten only what is too long.",
        old="tf.maximum(norm, max_norm)",
        new="norm",
    ),
    Misconception(
        name="squared_norm",
        question="q8",
        advice="The length of a vector is the *root* of the sum of its squares.",
        old="tf.sqrt(sum(tf.reduce_sum(tf.square(gradient)) for gradient in gradients))",
        new="sum(tf.reduce_sum(tf.square(gradient)) for gradient in gradients)",
    ),
)
