# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [raw]
# # ASSIGNMENT CONFIG
# name: custom_train_step
# init_cell: true
# check_all_cell: false
# export_cell:
#   pdf: false
#   run_tests: false
# generate:
#   pdf: false
# tests:
#   files: true
#   ok_format: false
# show_question_points: true

# %% [markdown]
# # Inside fit
#
# *A training step of your own: gradient tape, `train_step`, `@tf.function`.*
#
# `model.fit` has trained every network of yours so far. You handed over data and a number of epochs, and got a better
# network back. In this notebook you take the lid off. What `fit` does with one batch fits into one sentence:
#
# > predict, measure the loss, ask each weight in which direction the loss falls, take a small step that way.
#
# Here each part of that sentence becomes a few lines of your own:
#
# 1. a loss that Keras does not have, and a forward pass (questions 1 and 2),
# 2. the gradients and the update (questions 3 and 4),
# 3. all of it as the `train_step` of a model, so that `fit`, its progress bar and its callbacks work on top of *your*
#    step (questions 5 and 6),
# 4. the other way round: your own loop in place of `fit`, as fast as the original, with the same result (question 7),
# 5. something `fit` can't know that you need: what to do when a single bad row of data produces a gigantic step
#    (question 8).
#
# Why would anyone want that? Networks that compete with each other, that learn from rewards or copy a larger network
# are all trained with steps that differ from the usual one. Somebody wrote each of those steps out, just like this.
#
# **How to work.** Go from top to bottom and replace each `...` by your own code. Keep the names that are given: later
# cells, and the checks, look for them. Below each question a cell `grader.check("q1")` runs a few quick checks that
# tell you whether your answer has the right form. Passing them is a good sign, not yet full marks: when your notebook
# is graded, it is run afresh from the first cell to the last, and further checks look at what your code really does.
# What counts is **what a step does, not how you write it**. Before you hand in, restart the kernel and run everything
# once yourself. It takes about half a minute.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# ## The data
#
# We need something small, so that every experiment takes seconds: the Boston housing data, 506 districts of the Boston
# of the 1970s. Each is described by 13 numbers (rooms per house, distance to work, taxes, …); the target is the median
# price of its houses, in thousands of dollars. The 13 numbers live on very different scales, so each column is shifted
# and scaled with the mean and the standard deviation of the *training* rows.

# %%
(train_data, train_targets), (test_data, test_targets) = keras.datasets.boston_housing.load_data()

mean = train_data.mean(axis=0)
std = train_data.std(axis=0)
x_train = ((train_data - mean) / std).astype("float32")
x_test = ((test_data - mean) / std).astype("float32")
y_train = train_targets.astype("float32")
y_test = test_targets.astype("float32")

print("inputs:", x_train.shape, "to learn from,", x_test.shape, "to be judged on")
print("prices:", y_train.shape, y_train.dtype, "such as", y_train[:4])

# %% [markdown]
# Remember from this output that the prices come as a flat array of the shape `(404,)`. It will matter in a minute.
#
# *A word on where these numbers come from.* One of the 13 columns was computed from the share of Black inhabitants of a
# district, on the assumption that their number moves the price. Nobody should build a real price model on that, and
# scikit-learn has dropped the data set because of it. We use it for its size, to look at a training step and not to
# learn anything about houses.
#
# ## A loss of our own

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 4

# %% [markdown]
# ### Question 1: when being wrong is not the same in both directions
#
# Imagine that the network proposes **asking prices**. If the proposal is too high, the house takes longer to sell and
# the price comes down. If it is too low, the house is sold at once and the money is gone. So an error on the low side
# is worse than one on the high side, and the loss should say so. Ours is the mean squared error with a twist: **when
# the prediction is below the true price, the squared error counts three times.**
#
# | true price | prediction | error | squared | counts | makes |
# | --- | --- | --- | --- | --- | --- |
# | 20 | 22 | 2 too high | 4 | once | 4 |
# | 30 | 26 | 4 too low | 16 | three times | 48 |
#
# The loss of these two predictions is the mean of the last column, 26. (With true price and prediction exchanged it
# would be 14: unlike the mean squared error, this loss has an opinion on which of its arguments is which. The order
# `y_true, y_pred` is the one that Keras uses everywhere.)
#
# Two things to watch:
#
# * **Shapes.** The prices have the shape `(n,)`, but a network that ends in `Dense(1)` answers with a *column* of the
#   shape `(n, 1)`. Subtract one from the other and neither NumPy nor TensorFlow complains: they *broadcast*, which
#   means that every price meets every prediction, and you get a table of `(n, n)` differences. Its mean looks like a
#   loss, and a network trained on it learns to predict the same price for all houses. Your function should cope with
#   prices of the shape `(n,)` and of the shape `(n, 1)`.
# * **TensorFlow only.** In question 3, TensorFlow has to follow the calculation backwards, and it can't look into
#   NumPy. So use `tf.square`, `tf.where`, `tf.reduce_mean` (or their twins in `keras.ops`), and no `np.` or `.numpy()`
#   inside.

# %% [raw]
# # BEGIN SOLUTION


# %%
def asking_price_loss(y_true, y_pred):
    """Mean squared error in which a prediction below the true price counts three times.

    y_true: the n true prices, of the shape (n,) or (n, 1)
    y_pred: the n predictions, of the shape (n, 1)

    Returns a TensorFlow scalar.
    """
    # Hint: tf.reshape(values, (-1, 1)) makes a column of values, whatever their shape was before.
    # BEGIN SOLUTION
    error = tf.reshape(y_true, (-1, 1)) - y_pred
    weight = tf.where(error > 0, 3.0, 1.0)
    return tf.reduce_mean(weight * tf.square(error))
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_loss_is_one_number(loss_examples):
    """The loss of a batch is a single number."""
    loss = loss_examples["question"]
    assert loss.dtype.kind == "f", f"The loss should be a number; yours is {loss}. Does the function return it?"
    assert loss.shape == (), f"The loss should be one number, a tensor of the shape (); yours has the shape {loss.shape}"

# %%
""" # BEGIN TEST CONFIG
points: 1
""" # END TEST CONFIG
def test_example_of_the_question(loss_examples):
    """The two houses of the question's table have a loss of 26."""
    found = float(loss_examples["question"])
    assert abs(found - 26) < 1e-3, f"For the two houses in the question's table the loss should be 26; yours is {found:g}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Compare the first price with the first prediction only, the second with the second, and so on: look at the shape of the difference when prices are flat and predictions a column."
""" # END TEST CONFIG
def test_flat_prices_meet_a_column_of_predictions(loss_examples):
    """Prices of the shape (n,) and predictions of the shape (n, 1) are compared one to one."""
    import numpy as np

    for name in ["five", "single", "thirty"]:
        y, p = np.asarray(loss_examples[f"{name}_prices"], "float64"), np.asarray(loss_examples[f"{name}_predictions"], "float64")
        error = y - p[:, 0]
        expected = float(np.mean(np.where(error > 0, 3, 1) * error**2))
        found = float(np.mean(loss_examples[name]))
        assert abs(found - expected) < 1e-3 * expected, f"{len(y)} flat prices and a column of predictions: {found:g} instead of {expected:g}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "TensorFlow must be able to follow your loss backwards: each prediction should know in which direction the loss falls. Is everything calculated with TensorFlow?"
""" # END TEST CONFIG
def test_loss_can_be_followed_backwards(loss_slope):
    """The gradient of the loss with respect to the predictions is there, and is that of the formula."""
    import numpy as np

    y, p = (np.asarray(loss_slope[name], "float64").ravel() for name in ["prices", "predictions"])
    error = y - p
    expected = -2 * np.where(error > 0, 3, 1) * error / len(y)
    assert not isinstance(loss_slope["slope"], str), "TensorFlow finds no way from the loss back to the predictions"
    found = np.asarray(loss_slope["slope"], "float64").ravel()
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-4), f"the slope is {found.round(3).tolist()} instead of {expected.round(3).tolist()}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## A forward pass
#
# This is the network for the rest of the notebook. `build_graph` returns the two ends of a graph of layers: the tensor
# that goes in and the one that comes out. `keras.Model` makes a model of them, and later so will a class of your own.
#
# Between the Dense layers there is a `BatchNormalization`. It shifts and scales each of the 64 numbers that arrive
# there to mean 0 and standard deviation 1, which lets the network learn faster. But mean and standard deviation *of
# what*? That depends on what the network is doing:
#
# * **in training** (`training=True`): of the batch at hand. In passing, it keeps a moving average of them (that is
#   where `momentum` comes in: an average over the last ten batches or so);
# * **in use** (`training=False`, the default): of that moving average, for in use there may be only a single row.
#
# So one and the same network has two ways of answering, and the flag `training` chooses. `fit` and `predict` set it for
# you; whoever writes a step of their own has to do it themselves.


# %%
def build_graph():
    """Return the input and the output tensor of a new network for 13 numbers and one price."""
    inputs = keras.Input(shape=(13,))
    hidden = keras.layers.Dense(64, activation="relu")(inputs)
    hidden = keras.layers.BatchNormalization(momentum=0.9)(hidden)
    hidden = keras.layers.Dense(64, activation="relu")(hidden)
    return inputs, keras.layers.Dense(1)(hidden)


network = keras.Model(*build_graph())
x_batch, y_batch = x_train[:32], y_train[:32]

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 3

# %% [markdown]
# ### Question 2: two ways of answering
#
# A model can be called like a function: `network(x, training=...)` returns a tensor with its answers. That is all there
# is to a forward pass. Compute for the 32 districts in `x_batch`, with the network as it is now, before it has learnt
# anything:
#
# * `prices_in_use`: its answers in use, the way `predict` would give them. Do this one first: calling the network in
#   training mode moves its averages, and with them what it answers in use;
# * `prices_in_training`: its answers in training mode;
# * `first_loss`: your loss of the answers in *training* mode, compared with the true prices `y_batch`, as a plain
#   `float`.

# %% [raw]
# # BEGIN SOLUTION

# %%
prices_in_use = network(x_batch, training=False)  # SOLUTION
prices_in_training = network(x_batch, training=True)  # SOLUTION
first_loss = float(asking_price_loss(y_batch, prices_in_training))  # SOLUTION

print("true prices:           ", y_batch[:5])
print("answers in use:        ", np.ravel(prices_in_use)[:5])
print("answers in training:   ", np.ravel(prices_in_training)[:5])
print("loss before any step:  ", first_loss)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_an_answer_for_each_district(prices_in_use, prices_in_training, first_loss):
    """Both sets of answers hold 32 numbers, and the loss is one number."""
    import numpy as np

    for name, prices in [("prices_in_use", prices_in_use), ("prices_in_training", prices_in_training)]:
        assert np.size(prices) == 32, f"{name} should hold an answer for each of the 32 districts; its shape is {np.shape(prices)}"
    assert np.size(first_loss) == 1, f"first_loss should be one number; it is {first_loss!r}"
    assert np.asarray(first_loss).dtype.kind == "f", f"first_loss should be a float; it is {first_loss!r}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "prices_in_use should be what the network itself answers for x_batch, in the way it answers when it is not being trained."
""" # END TEST CONFIG
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

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "prices_in_training should be what the network itself answers for x_batch while it is being trained."
""" # END TEST CONFIG
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

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "first_loss should be your loss of the true prices and the answers in training mode. Which of the two does the loss expect first?"
""" # END TEST CONFIG
def test_first_loss(first_loss, prices_in_training, loss_of_answers):
    """The loss is that of the student's own answers, by the formula or by the student's own function."""
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

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# The network has random weights, so its answers are near 0 and have nothing to do with the prices. And the two ways of
# answering disagree about the same rows, though nothing was learnt in between. A step that asks for the wrong one of
# them still runs, and still lowers a loss. But nobody keeps the moving averages then, and the batch normalisation goes
# on normalising with the values it was born with.
#
# ## Gradients, and a step
#
# **If you type what older notes show.** Keras 3 has renamed a few things you may remember. What raises an error here
# (or, in the last two rows, warns that its days are numbered), and what it is called today:
#
# | older notes | today |
# | --- | --- |
# | `SGD(lr=0.01)` | `SGD(learning_rate=0.01)` |
# | `optimizer.minimize(loss, variables)` | gradients from a tape, then `optimizer.apply(gradients, variables)` |
# | `optimizer.weights` | `optimizer.variables` |
# | `metric.reset_states()` | `metric.reset_state()` |
# | `keras.backend.square`, `keras.backend.mean`, … | `tf.square`, `tf.reduce_mean`, … or `keras.ops.square`, `keras.ops.mean`, … |
# | `self.compiled_loss(y, y_pred)` in a `train_step` | `self.compute_loss(x, y, y_pred)` |
# | `self.compiled_metrics.update_state(y, y_pred)` | `self.compute_metrics(x, y, y_pred)`, or metrics of your own |
#
# `optimizer.apply_gradients(zip(gradients, variables))` still works, and does the same as `optimizer.apply`.

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 4

# %% [markdown]
# ### Question 3: which way is down?
#
# Press *record*, calculate, ask for the derivative: a **gradient tape** notes down every operation of TensorFlow while
# it runs, and plays the notes backwards afterwards. The smallest example there is:
#
# ```python
# w = tf.Variable(3.0)
# with tf.GradientTape() as tape:
#     loss = tf.square(w)
# tape.gradient(loss, w)      # the derivative of w² at w = 3: 6
# ```
#
# The tape notes what happens *inside* the `with`, and nothing else. It can't find its way from a loss back to the
# weights if any part of the way was walked before it started to record; what it returns then is `None`.
#
# Write `loss_and_gradients` for any model and any loss. The forward pass is one of **training**, and there should be
# exactly one of it (a second one would move the averages of the batch normalisation twice). The gradients are those of
# the model's *trainable* variables, `model.trainable_variables`, in that order. The moving averages are variables too,
# but no gradient teaches them anything.
#
# The loss arrives as an argument, so call `loss_fn`, and mind the order in which it takes its arguments.

# %% [raw]
# # BEGIN SOLUTION


# %%
def loss_and_gradients(model, loss_fn, x, y):
    """Make a forward pass in training mode and follow it backwards. No weight is trained yet.

    model: a Keras model
    loss_fn: a function of the true and the predicted values, loss_fn(y_true, y_pred), that returns a scalar
    x, y: a batch of inputs and true values

    Returns the loss (a scalar) and a list with one gradient for each of model.trainable_variables.
    """
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_fn(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    return loss, gradients
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_a_gradient_for_each_trainable_variable(gradients_of_a_batch):
    """The loss is a number, and each trainable variable has a gradient of its own shape."""
    facts = gradients_of_a_batch
    assert list(facts["loss"].shape) == [], f"The loss should be one number; yours has the shape {facts['loss'].shape}"
    wanted, found = facts["trainable_shapes"], facts["gradients"]
    assert len(found) == len(wanted), f"The network of this check has {len(wanted)} trainable variables; you return {len(found)} gradients"
    for number, (shape, gradient) in enumerate(zip(wanted, found), start=1):
        assert not isinstance(gradient, str), (
            f"Gradient {number} is None: the tape finds no way from the loss to that variable. Was the whole way recorded?"
        )
        assert list(gradient.shape) == list(shape), f"Gradient {number} should have the shape {tuple(shape)}; yours has {gradient.shape}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "The loss you return should be loss_fn's of the batch. In which order does loss_fn take its arguments?"
""" # END TEST CONFIG
def test_loss(gradients_of_a_batch):
    """The loss is loss_fn(y_true, y_pred), with predictions of either mode: the mode has a test of its own."""
    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    expected = [
        float(
            reference_step(
                facts["network"], facts["before"], facts["x"], facts["y"], training=training,
                loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
            ).loss
        )
        for training in (True, False)
    ]
    found = float(facts["loss"])
    assert any(abs(found - loss) < 1e-3 * loss for loss in expected), f"the loss is {found:g} instead of {expected[0]:g}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Each gradient should say how the loss changes with that variable. Is the forward pass on the tape, and the loss too?"
""" # END TEST CONFIG
def test_gradients(gradients_of_a_batch):
    """The gradients are those of the loss, in the order of the trainable variables, in either mode."""
    import numpy as np

    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    found = facts["gradients"]
    missing = sum(isinstance(gradient, str) for gradient in found)
    assert not missing, f"{missing} of {len(found)} gradients are None"
    distances = []
    for training in (True, False):
        expected = reference_step(
            facts["network"], facts["before"], facts["x"], facts["y"], training=training,
            loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
        ).gradients
        assert len(found) == len(expected), f"{len(found)} gradients for {len(expected)} trainable variables"
        shapes = [np.shape(gradient) for gradient in found]
        assert shapes == [np.shape(gradient) for gradient in expected], f"the gradients have the shapes {shapes}"
        largest = max(float(np.max(np.abs(gradient))) for gradient in expected)
        distances.append(max(float(np.max(np.abs(np.subtract(f, e)))) for f, e in zip(found, expected)) / largest)
    assert min(distances) < 1e-3, f"the gradients differ from those of the loss by {min(distances):.1%} of the largest"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "While a network is being trained, it has to be told so: once a batch. Which argument of the forward pass does that?"
""" # END TEST CONFIG
def test_one_forward_pass_in_training_mode(gradients_of_a_batch):
    """The moving averages are those after one forward pass in training mode, and no weight is trained yet."""
    import numpy as np

    from fairmark.checks import reference_step

    facts = gradients_of_a_batch
    expected = reference_step(
        facts["network"], facts["before"], facts["x"], facts["y"], training=True,
        loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
    ).weights
    for trainable, before, after, wanted in zip(facts["trainable"], facts["before"], facts["after"], expected):
        if trainable:
            assert np.array_equal(after, before), "the trainable weights have changed already"
        else:
            distance = float(np.max(np.abs(np.subtract(after, wanted))))
            assert distance < 1e-4, f"the moving averages are {distance:.4f} away from those after one pass in training mode"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 3

# %% [markdown]
# ### Question 4: a step
#
# A gradient says in which direction the loss *grows*, so a step goes the other way. How far is the optimiser's
# business: plain gradient descent subtracts the learning rate times the gradient; with momentum, or with Adam, the
# steps before have a say as well. That memory lives in the optimiser. So hand it the gradients and let it do the
# update, rather than subtracting anything yourself.
#
# Write `update`. Every gradient must meet the variable it belongs to; `model.trainable_variables` is the order they
# come in.

# %% [raw]
# # BEGIN SOLUTION


# %%
def update(model, optimizer, gradients):
    """Let the optimiser take one step with the model's trainable variables.

    gradients: a list with one gradient for each of model.trainable_variables
    """
    # BEGIN SOLUTION
    optimizer.apply(gradients, model.trainable_variables)
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_something_moves(updated_weights):
    """After a step, the trainable weights are no longer what they were."""
    import numpy as np

    moved = any(not np.array_equal(before, after) for before, after in zip(updated_weights["before"], updated_weights["once"]))
    assert moved, "After update(model, optimizer, gradients) all weights are what they were before: nobody has applied the gradients."

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Try your function with SGD and a learning rate of 0.1: each trainable weight should go down by 0.1 times its own gradient, and no other weight should change."
""" # END TEST CONFIG
def test_first_step(updated_weights):
    """Under gradient descent, each trainable weight goes down by the learning rate times its gradient."""
    import numpy as np

    facts = updated_weights
    gradients = iter(facts["gradients"])
    for trainable, before, after in zip(facts["trainable"], facts["before"], facts["once"]):
        expected = before - 0.1 * next(gradients) if trainable else before
        distance = float(np.max(np.abs(after - expected)))
        kind = "trainable" if trainable else "non-trainable"
        assert distance < 1e-5, f"a {kind} variable of the shape {before.shape} is {distance:.4f} away from where the step should lead"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Optimisers remember: with momentum, the second step goes further than the first. Does the optimiser itself take your step?"
""" # END TEST CONFIG
def test_second_step_remembers_the_first(updated_weights):
    """With a momentum of 0.9, the second step with the same gradients is 1.9 times as long as the first."""
    import numpy as np

    facts = updated_weights
    assert facts["iterations"] == 2, f"after two updates the optimiser has counted {facts['iterations']} steps"
    for trainable, before, once, twice in zip(facts["trainable"], facts["before"], facts["once"], facts["twice"]):
        if trainable:
            distance = float(np.max(np.abs((twice - once) - 1.9 * (once - before))))
            assert distance < 1e-5, f"a second step is {distance:.4f} away from 1.9 times the first"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# Forward pass, loss, gradients, update: that is a training step, and here a new network takes forty of them, all on the
# same 32 districts. Watch the loss fall.

# %%
learner = keras.Model(*build_graph())
optimizer = keras.optimizers.Adam(learning_rate=0.003)
for step in range(1, 41):
    loss, gradients = loss_and_gradients(learner, asking_price_loss, x_batch, y_batch)
    update(learner, optimizer, gradients)
    if step % 5 == 0:
        print(f"step {step:2d}: loss {float(loss):7.2f}")

# %% [markdown]
# ## Your step inside Keras
#
# To train on all batches, for many epochs, with a progress bar, with validation and callbacks, you *could* write loops
# around this. In question 7 you will. But `fit` has all of that already, and it calls a single method for each batch:
# `train_step`. Replace that method, and everything else keeps working.

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 7

# %% [markdown]
# ### Question 5: a model with its own training step
#
# Write the class `CustomTrainStepModel`. `fit` calls `train_step(data)` with a batch of inputs and true values, and
# expects a dictionary in return: the numbers for its progress bar and its history. Your step should
#
# 1. do what questions 3 and 4 did, with the model itself in the role of `model` (`self(x, training=True)` is its
#    forward pass), with the optimiser given to `compile` (`self.optimizer`) and the loss given to `compile`
#    (`self.compute_loss(x, y, y_pred)` calls it for you);
# 2. keep account: `loss` and `mae` (the mean absolute error, in thousands of dollars) of the predictions just made;
# 3. return both, as `{"loss": ..., "mae": ...}`.
#
# **Keeping account** deserves a thought. What a person wants to read after an epoch is the mean over *all* its batches.
# The loss of the last batch alone jumps up and down from epoch to epoch, by the luck of who was in it. Metric objects
# do the averaging: `update_state` puts something in, `result` returns the mean of all that was put in, and
# `reset_state` begins anew.
#
# ```python
# tracker = keras.metrics.Mean()
# tracker.update_state(10.0)
# tracker.update_state(20.0)
# tracker.result()            # 15
# ```
#
# Likewise `keras.metrics.MeanAbsoluteError`, whose `update_state` takes true and predicted values. And who begins anew
# with every epoch? Keras does, with the metrics that the property `metrics` lists, and with no others. (Keras's
# own property lists all metrics that you assign to `self`. The one in the skeleton takes its place, so name both of
# yours there.) A tracker that is not listed is never reset: its second epoch still contains the first.
#
# The skeleton follows the lecture. You may add, change or drop methods as long as `new_model` returns a compiled model
# of the class that works on the given graph; the checks call `new_model` with graphs, optimisers and losses of their
# own, and look at what `fit` does with it.

# %% [raw]
# # BEGIN SOLUTION


# %%
class CustomTrainStepModel(keras.Model):
    """A Keras model whose training step is written out.

    It is made of the two ends of a graph: CustomTrainStepModel(inputs=..., outputs=...)
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A tracker for the loss and a metric for the mean absolute error.
        # BEGIN SOLUTION
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
        # END SOLUTION

    @property
    def metrics(self):
        """The list of metrics that Keras resets at the beginning of each epoch."""
        # BEGIN SOLUTION
        return [self.loss_tracker, self.mae_metric]
        # END SOLUTION

    def train_step(self, data):
        """Learn from one batch, data = (x, y), and return {"loss": ..., "mae": ...} of the epoch so far."""
        x, y = data
        # BEGIN SOLUTION
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)

        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}
        # END SOLUTION


def new_model(inputs, outputs, optimizer, loss_fn):
    """Return a compiled CustomTrainStepModel on the graph from inputs to outputs."""
    model = CustomTrainStepModel(inputs=inputs, outputs=outputs)
    model.compile(optimizer=optimizer, loss=loss_fn)
    return model


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_fit_reports_loss_and_mae(custom_fits):
    """fit works with the model, and its history has a loss and a mae."""
    reported = sorted(custom_fits["runs"][0]["logs"])
    for name in ["loss", "mae"]:
        assert name in reported, f'train_step should return a dictionary with "loss" and "mae"; fit reports {reported}'

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "After one batch, the trainable weights should be where the optimiser's step on the loss leads. Are the gradients applied, and are they those of the right loss?"
""" # END TEST CONFIG
def test_weights_after_a_batch(custom_fits):
    """fit over one batch moves the trainable weights as the reference step does, in either mode."""
    import numpy as np

    from fairmark.checks import reference_step

    facts = custom_fits
    distances = []
    for training in (True, False):
        expected = reference_step(
            facts["network"], facts["before"], facts["x"][:4], facts["y"][:4], training=training,
            loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
        ).weights
        weights = zip(facts["trainable"], facts["runs"][0]["after"], expected)
        distances.append(max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if trainable))
    assert min(distances) < 1e-4, f"a trainable weight is {min(distances):.5f} away from where the step should lead"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "In a training step the network has to know that it is being trained, and it should see each batch once. Compare its forward pass with that of question 3."
""" # END TEST CONFIG
def test_forward_pass_in_training_mode(custom_fits):
    """The moving averages are those after one forward pass in training mode."""
    import numpy as np

    from fairmark.checks import reference_step

    facts = custom_fits
    expected = reference_step(
        facts["network"], facts["before"], facts["x"][:4], facts["y"][:4], training=True,
        loss="mean_absolute_percentage_error", optimizer=("sgd", {"learning_rate": 0.01}),
    ).weights
    weights = zip(facts["trainable"], facts["runs"][0]["after"], expected)
    distance = max(float(np.max(np.abs(np.subtract(f, e)))) for trainable, f, e in weights if not trainable)
    assert distance < 1e-4, f"the moving averages are {distance:.5f} away from those after one pass in training mode"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "For a single batch, mae should be the mean distance between the true values and the predictions that the step has just made."
""" # END TEST CONFIG
def test_mae_of_one_batch(custom_fits):
    """For one batch, mae is that of the predictions of the weights before the step, in either mode."""
    import numpy as np

    facts = custom_fits
    network, y = facts["network"], np.asarray(facts["y"][:4], "float64").ravel()
    expected = []
    for training in (True, False):
        network.set_weights(facts["before"])
        answers = np.ravel(np.asarray(network(facts["x"][:4], training=training), "float64"))
        expected.append(float(np.mean(np.abs(y - answers))))
    found = facts["runs"][0]["logs"]["mae"]
    assert any(abs(found - mae) < 1e-3 * mae for mae in expected), f"mae is {found:g} instead of {expected[0]:g}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "After an epoch of several batches, loss should be the mean over all of them. What does your step return, and who does the averaging?"
""" # END TEST CONFIG
def test_loss_is_averaged_over_the_epoch(custom_fits):
    """The loss of an epoch of two batches is the mean of those that the same model reports for each alone."""
    first, both, second, _ = [run["logs"]["loss"] for run in custom_fits["runs"]]
    expected = (first + second) / 2
    assert abs(both - expected) < 1e-4 * abs(expected), (
        f"alone the two batches have losses of {first:g} and {second:g}; for an epoch of both the model reports {both:g}"
    )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "After an epoch of several batches, mae should be the mean over all of them, not that of the last one."
""" # END TEST CONFIG
def test_mae_is_averaged_over_the_epoch(custom_fits):
    """The mae of an epoch of two batches is the mean of those that the same model reports for each alone."""
    first, both, second, _ = [run["logs"]["mae"] for run in custom_fits["runs"]]
    expected = (first + second) / 2
    assert abs(both - expected) < 1e-4 * abs(expected), (
        f"alone the two batches have a mae of {first:g} and {second:g}; for an epoch of both the model reports {both:g}"
    )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What is reported for an epoch should not depend on the epochs before it. Does Keras know all your metrics, so that it can reset them?"
""" # END TEST CONFIG
def test_metrics_begin_anew(custom_fits):
    """From the same weights on the same batch, the model reports the same, whatever it was fitted on in between."""
    first, again = custom_fits["runs"][0]["logs"], custom_fits["runs"][3]["logs"]
    for name in ["loss", "mae"]:
        assert abs(first[name] - again[name]) < 1e-4 * abs(first[name]), (
            f"{name} of one and the same batch is {first[name]:g} at first, and {again[name]:g} after other batches"
        )

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q6
# points: 4

# %% [markdown]
# ### Question 6: fit, with a callback
#
# Now everything that `fit` offers works on top of your step. Callbacks, for instance: objects whose methods `fit` calls
# at fixed moments. After each epoch it calls `on_epoch_end(epoch, logs)`, where `logs` holds what your `train_step`
# returned.
#
# 1. Write the callback `StopBelow(target)`. It ends the training after the first epoch whose **`mae`** is below
#    `target`. A callback reaches the model it watches as `self.model`, and a training ends when somebody sets
#    `self.model.stop_training = True`.
# 2. Train `model` on `x_train`, `y_train` in batches of **32** for **at most 60 epochs**, with `StopBelow(2.5)`. Keep
#    what `fit` returns as `history`.
# 3. Judge it: `test_mae` is the mean absolute error of `model.predict(x_test)`, as a plain `float`. (`evaluate` has a
#    step of its own, `test_step`, which never updates your metrics unless you write that, too: it would report 0 for
#    both. So calculate the error yourself, and remember the shapes.)

# %% [raw]
# # BEGIN SOLUTION


# %%
class StopBelow(keras.callbacks.Callback):
    """Ends the training after the first epoch whose mae is below the target."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def on_epoch_end(self, epoch, logs=None):
        """Look at what was reported for the epoch: logs["loss"] and logs["mae"]."""
        # BEGIN SOLUTION
        if logs["mae"] < self.target:
            self.model.stop_training = True
        # END SOLUTION


model = new_model(*build_graph(), keras.optimizers.Adam(learning_rate=0.005), asking_price_loss)

history = model.fit(x_train, y_train, batch_size=32, epochs=60, callbacks=[StopBelow(2.5)], verbose=2)  # SOLUTION

test_mae = float(np.mean(np.abs(y_test - model.predict(x_test, verbose=0)[:, 0])))  # SOLUTION

print("mean absolute error on the test set, in thousands of dollars:", test_mae)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_history_and_error_have_the_right_form(history, test_mae):
    """`history` is what fit returned, and test_mae a number."""
    import numpy as np

    curves = getattr(history, "history", None)
    assert isinstance(curves, dict), f"history should be what model.fit(...) returns; it is {type(history).__name__}"
    assert "mae" in curves, f"There is no mae in the history: {sorted(curves)}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be a float; it is {test_mae!r}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Try your callback on any compiled model with the metric mae: training should end right after the first epoch with a mae below the target, and go on to the end if there is none."
""" # END TEST CONFIG
def test_callback(stopped_fits):
    """A plain Keras model stops after the first epoch whose mae is below the target, and not otherwise."""
    curve, target = stopped_fits["mae"], stopped_fits["target"]
    expected = next(epoch for epoch, mae in enumerate(curve, start=1) if mae < target)
    found = stopped_fits["epochs"]
    assert found == expected, f"with a target of {target:.3f} training ends after epoch {found} instead of {expected}; mae: {curve}"
    unreachable = stopped_fits["epochs_without_reaching_it"]
    assert unreachable == len(curve), f"with a target of 0 training ends after epoch {unreachable} instead of {len(curve)}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "All 404 training rows in batches of 32, at most 60 epochs, and an end as soon as mae is below 2.5: does your history look like that?"
""" # END TEST CONFIG
def test_training(history, steps_of_model):
    """An epoch has 13 steps, and training ended with the first mae below 2.5 or after 60 epochs."""
    maes = history.history["mae"]
    epochs, steps = len(maes), steps_of_model["steps"]
    assert steps == 13 * epochs, f"{steps} steps in {epochs} epochs; 404 rows in batches of 32 are 13 an epoch"
    early = [epoch for epoch, mae in enumerate(maes[:-1], start=1) if mae < 2.5]
    assert not early, f"mae was below 2.5 after epoch {early[0]} already; training went on until epoch {epochs}" if early else ""
    assert epochs <= 60, f"trained for {epochs} epochs"
    assert maes[-1] < 2.5 or epochs == 60, f"training ended after epoch {epochs} with a mae of {maes[-1]:.3f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "test_mae should be the mean distance between each price of the test set and the model's own prediction for that same row, as the model is now."
""" # END TEST CONFIG
def test_reported_error_is_that_of_the_model(model, test_mae):
    """test_mae is what the model's weights give on the test set."""
    from fairmark.checks import mean_absolute_error
    from fairmark.data import load

    (x_train, _), (x_test, y_test) = load("boston_housing")
    x = ((x_test - x_train.mean(axis=0)) / x_train.std(axis=0)).astype("float32")
    expected = float(mean_absolute_error(model, x, y_test))
    assert abs(test_mae - expected) < 2e-3 * expected, f"test_mae is {test_mae:.4f}; the model's is {expected:.4f}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %%
figure, axes = plt.subplots(figsize=(7, 4))
epochs = range(1, len(history.history["mae"]) + 1)
axes.plot(epochs, history.history["mae"], "o-", label="training")
axes.axhline(2.5, color="grey", linestyle="--", label="target")
axes.set_xlabel("epoch")
axes.set_ylabel("mean absolute error (thousands of dollars)")
axes.legend()
plt.show()

answers = model.predict(x_train, verbose=0)[:, 0]
print(f"predictions above the true price: {np.mean(answers > y_train):.0%} of the training rows")

# %% [markdown]
# **Look at the last line.** A network trained on the plain mean squared error takes no side: it is too high about as
# often as too low. Yours leans to the high side, because its loss told it to. That is what a loss of one's own is for.
#
# It is also the moment to see what a slip in the order of its arguments would have done. With
# `asking_price_loss(y_pred, y_true)` the network leans to the *low* side, and nothing else looks wrong: the loss falls,
# `mae` falls, the callback stops. Mistakes of this kind are found only by those who ask what the numbers mean.
#
# ## The loop without fit

# %% [raw]
# # BEGIN QUESTION
# name: q7
# points: 6

# %% [markdown]
# ### Question 7: your own fit
#
# For complete control, write the loops as well. Your function `train` should do what `fit(..., shuffle=False)` does:
#
# * go through the rows **in their order**, `batch_size` at a time, for the given number of epochs. The last batch of an
#   epoch may be smaller than the others; `fit` learns from it, too;
# * take a training step for each batch, with the optimiser and the loss that are handed in;
# * return what was reported for each epoch: a dictionary with the two lists `"loss"` and `"mae"`, one plain `float` an
#   epoch. Each is a mean over the batches of *that* epoch, and this time there is no Keras to reset your metrics.
#
# **Speed.** Called as it stands, each operation of a step makes its own way from Python to TensorFlow and back. `fit`
# avoids that, and so should you: put the step into a function of its own and write `@tf.function` above it. At its
# first call TensorFlow runs the Python code once, notes down the operations as a *graph*, and from then on runs the
# graph. So whatever is plain Python inside (a `print`, say) happens during the noting down only, and whatever *creates
# variables* must stay outside: an optimiser or a metric that is made inside would be made anew with every graph, and
# TensorFlow refuses that with a `ValueError`. Define the step inside `train`, where it can see `model`, `optimizer` and
# the metrics.

# %% [raw]
# # BEGIN SOLUTION


# %%
def train(model, loss_fn, optimizer, x, y, epochs, batch_size):
    """Train the model as fit(x, y, epochs=..., batch_size=..., shuffle=False) would.

    model: a Keras model, need not be compiled
    loss_fn: loss_fn(y_true, y_pred) returns a scalar
    x, y: all inputs and true values

    Returns {"loss": [...], "mae": [...]} with a float for each epoch.
    """
    # Hint: range(0, len(x), batch_size) gives the row at which each batch begins.
    # BEGIN SOLUTION
    loss_tracker = keras.metrics.Mean()
    mae_metric = keras.metrics.MeanAbsoluteError()

    @tf.function
    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            y_pred = model(x_batch, training=True)
            loss = loss_fn(y_batch, y_pred)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        loss_tracker.update_state(loss)
        mae_metric.update_state(y_batch, y_pred)

    curves = {"loss": [], "mae": []}
    for epoch in range(epochs):
        loss_tracker.reset_state()
        mae_metric.reset_state()
        for start in range(0, len(x), batch_size):
            step(x[start : start + batch_size], y[start : start + batch_size])
        curves["loss"].append(float(loss_tracker.result()))
        curves["mae"].append(float(mae_metric.result()))
    return curves
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_two_curves(own_loops):
    """train returns a loss and a mae for each epoch."""
    curves = own_loops["both"]["curves"]
    for name in ["loss", "mae"]:
        assert name in curves, f'train should return a dictionary with "loss" and "mae"; yours has {sorted(curves)}'
        assert len(curves[name]) == 2, f"After 2 epochs, {name} should hold 2 numbers; yours holds {len(curves[name])}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Count the batches of an epoch on paper, of 22 rows in batches of 4 say: which batches are there, in which order, and does the model take the optimiser's step for each?"
""" # END TEST CONFIG
def test_weights_after_training(own_loops):
    """The trainable weights are those of a plain loop over 22 rows in batches of 4, with momentum, in either mode."""
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

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Your loop trains the network: does the network know, in every step, once?"
""" # END TEST CONFIG
def test_forward_pass_in_training_mode(own_loops):
    """After one batch, the moving averages are those after one forward pass in training mode."""
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

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What is reported for an epoch of two batches should be the mean of what is reported for each of them."
""" # END TEST CONFIG
def test_curves_are_means_over_the_batches(own_loops):
    """Loss and mae of the first epoch are the means of those that the same function reports for each batch alone."""
    for name in ["loss", "mae"]:
        (first,), (second,) = own_loops["first"]["curves"][name], own_loops["second"]["curves"][name]
        found, expected = own_loops["both"]["curves"][name][0], (first + second) / 2
        assert abs(found - expected) < 1e-4 * abs(expected), (
            f"alone the two batches have a {name} of {first:g} and {second:g}; for an epoch of both train reports {found:g}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What is reported for the second epoch should be about the second epoch only. Who resets your metrics?"
""" # END TEST CONFIG
def test_each_epoch_begins_anew(own_loops):
    """The second epoch of one call reports what one epoch from the same weights reports in a call of its own."""
    for name in ["loss", "mae"]:
        found, (alone,) = own_loops["both"]["curves"][name][1], own_loops["again"]["curves"][name]
        assert abs(found - alone) < 1e-4 * abs(alone), f"{name} of the second epoch is {found:g}; by itself that epoch has {alone:g}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Put a print into your step: how often does it print? With @tf.function in the right place, Python runs it once for each size of batch, not once for each batch."
""" # END TEST CONFIG
def test_step_runs_as_a_graph(own_loops):
    """Python runs the loss a few times, when graphs are made, and not once for each of the 12 batches."""
    calls = own_loops["python_calls_of_the_loss"]
    assert calls < 12, f"in 12 steps over batches of two sizes, Python called the loss {calls} times"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# Is that really all `fit` does? Two networks with the same weights to start with, one for `fit` with your step in it
# and one for your loop; the same rows in the same order:

# %%
by_fit = new_model(*build_graph(), keras.optimizers.Adam(learning_rate=0.005), asking_price_loss)
by_loop = keras.Model(*build_graph())
by_loop.set_weights(by_fit.get_weights())

fit_loss = by_fit.fit(x_train, y_train, batch_size=32, epochs=8, shuffle=False, verbose=0).history["loss"]
loop_loss = train(by_loop, asking_price_loss, keras.optimizers.Adam(learning_rate=0.005), x_train, y_train, 8, 32)["loss"]

print("epoch   loss by fit   loss by your loop")
for epoch, (one, other) in enumerate(zip(fit_loss, loop_loss), start=1):
    print(f"{epoch:5d}   {one:11.4f}   {other:17.4f}")

# %% [markdown]
# The two columns should agree to several digits: there is no magic left in `fit`, it is your loop, plus comfort. (If
# they are a little apart from the first epoch on, look at the last batch of an epoch, which has 20 rows instead of 32.
# Whether it counts as much as the others in the mean is a matter of taste, but your class and your loop should share
# it.)
#
# ## One bad row

# %% [raw]
# # BEGIN QUESTION
# name: q8
# points: 4

# %% [markdown]
# ### Question 8: steps that are too long
#
# A comma in the wrong place, and one district costs a hundred times as much as it should. The squared error of that row
# is huge, and so is the gradient, and a single step can throw away what a hundred good ones have learnt.
#
# **Clipping by the global norm** is the usual safety belt. Take all gradients together as one long vector, with the
# length
#
# $$\text{norm} = \sqrt{\textstyle\sum_i g_i^2}\quad\text{over every number in every gradient.}$$
#
# If the length is greater than `max_norm`, shorten the whole vector to exactly `max_norm`. If not, leave it as it is.
# The point is that *every* gradient is multiplied by *the same* factor: the step becomes shorter, but keeps its
# direction. Clipping each gradient by itself would shorten some and not others, and the step would lead elsewhere.
#
# Write `clip_gradients`. It should also cope with gradients that are all zero: the answer is zeros then, not `nan`,
# which is what 0 divided by 0 gives.

# %% [raw]
# # BEGIN SOLUTION


# %%
def clip_gradients(gradients, max_norm):
    """Shorten gradients, taken together as one vector, to a length of at most max_norm.

    gradients: a list of tensors
    max_norm: a positive number

    Returns a list of tensors of the same shapes.
    """
    # BEGIN SOLUTION
    norm = tf.sqrt(sum(tf.reduce_sum(tf.square(gradient)) for gradient in gradients))
    factor = max_norm / tf.maximum(norm, max_norm)
    return [factor * gradient for gradient in gradients]
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_shapes_are_kept(clipped_examples):
    """There are as many gradients as before, each with its shape."""
    wanted = [tuple(gradient.shape) for gradient in clipped_examples["gradients"]]
    found = [tuple(gradient.shape) for gradient in clipped_examples["long"]]
    assert found == wanted, f"Gradients of the shapes {wanted} should keep them; yours have {found}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Measure the length of all clipped gradients together: is it max_norm? And do they still stand in the same proportion to each other?"
""" # END TEST CONFIG
def test_long_gradients_are_shortened_together(clipped_examples):
    """Gradients longer than max_norm are all multiplied by one factor, which makes their common length max_norm."""
    import numpy as np

    gradients, clipped = clipped_examples["gradients"], clipped_examples["long"]
    norm = float(np.sqrt(sum(np.sum(np.square(gradient, dtype="float64")) for gradient in gradients)))
    for gradient, found in zip(gradients, clipped):
        expected = gradient * (2.0 / norm)
        assert np.allclose(found, expected, rtol=1e-4, atol=1e-6), (
            f"a gradient of length {np.linalg.norm(gradient):.3f} out of {norm:.3f} was clipped to {np.linalg.norm(found):.3f}, max_norm is 2"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Gradients that are short enough should come back as they are, and not be made longer."
""" # END TEST CONFIG
def test_short_gradients_are_left_alone(clipped_examples):
    """Gradients shorter than max_norm come back unchanged."""
    import numpy as np

    for gradient, found in zip(clipped_examples["gradients"], clipped_examples["short"]):
        assert np.allclose(found, gradient, rtol=1e-4), (
            f"a gradient of length {np.linalg.norm(gradient):.3f} has become {np.linalg.norm(found):.3f}, though max_norm is 1000"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What does your function return for gradients that are zero everywhere?"
""" # END TEST CONFIG
def test_zero_gradients_stay_zero(clipped_examples):
    """Zeros stay zeros; nothing becomes nan."""
    import numpy as np

    found = [np.asarray(gradient).ravel().tolist() for gradient in clipped_examples["zero"]]
    assert all(value == 0 for values in found for value in values), f"gradients of zeros have become {found}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# Here is the comma in the wrong place. Your trained `model` takes one step of plain gradient descent on 32 districts:
# with the right prices, with one of them a hundred times too high, and with that same mistake but a clipped gradient.
# What the step has done to the model is measured on the right prices.

# %%
good_prices = y_train[:32]
bad_prices = good_prices.copy()
bad_prices[0] *= 100

start = model.get_weights()
loss_before, _ = loss_and_gradients(model, asking_price_loss, x_train[:32], good_prices)
print(f"loss before the step: {float(loss_before):.1f}")
for label, prices, max_norm in [
    ("right prices", good_prices, 1e9),
    ("one bad row", bad_prices, 1e9),
    ("one bad row, clipped", bad_prices, 1.0),
]:
    model.set_weights(start)
    _, gradients = loss_and_gradients(model, asking_price_loss, x_train[:32], prices)
    length = float(tf.linalg.global_norm(gradients))
    update(model, keras.optimizers.SGD(learning_rate=0.001), clip_gradients(gradients, max_norm))
    loss_after, _ = loss_and_gradients(model, asking_price_loss, x_train[:32], good_prices)
    print(f"{label:>20}: gradient of length {length:7.1f}, loss after the step {float(loss_after):8.1f}")
model.set_weights(start)

# %% [markdown]
# ## Looking back
#
# One wrong number among 32 prices, one step that nobody shortened, and what the training had gained is gone. Keras
# knows this safety belt, too: `keras.optimizers.Adam(global_clipnorm=1.0)` does what your function does. Its neighbour
# `clipnorm` clips *each* gradient by itself. Now you know why there are two of them, and which one keeps the direction.
#
# What to take along:
#
# * a training step is a forward pass with `training=True` on a tape, a loss, gradients, an update. Nothing else;
# * most mistakes in a step raise no error: shapes that broadcast, arguments exchanged, a flag left out, a metric that
#   is never reset. The loss falls anyway. So test a step as the checks here did: on a few rows, with known weights,
#   against what you have worked out by hand;
# * `train_step` changes what happens in a batch and keeps the comfort of `fit`; a loop of your own changes everything
#   and keeps nothing. Take the first whenever it is enough.
#
# If you have time (nothing here is graded): write a `test_step`, so that `evaluate` and `validation_data` report `mae`
# as well. Take the three out of `asking_price_loss`, put 9 in its place, and predict what share of the answers will be
# too high before you run it. Replace batch normalisation by `Dropout`: where does `training=True` matter now?
