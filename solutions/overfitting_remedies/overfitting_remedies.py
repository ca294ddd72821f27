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
# name: overfitting_remedies
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
# # Learning by heart, and what helps against it
#
# *Remedies for overfitting: size, weight penalties, dropout, batch normalisation, early stopping.*
#
# In the first notebook a small network read film reviews. After three or four passes through the training reviews it
# had learnt what there was to learn. From then on it learnt them *by heart*: the training loss went towards zero, the
# validation loss climbed. We stopped it there and moved on.
#
# This notebook stays at that moment. Half a dozen remedies belong to everybody's toolbox. You try each of them on
# the same network and the same reviews, and build two of them by hand to see what is inside:
#
# 1. a smaller network, and for contrast a much larger one (questions 1 and 2),
# 2. penalties for large weights, what they cost, and the trap they set for anyone who compares losses (questions 3 to 5),
# 3. dropout, by hand in NumPy and then as a layer (questions 6 and 7),
# 4. batch normalisation (question 8),
# 5. early stopping (question 9),
# 6. all of them side by side, and what *you* make of it (questions 10 and 11).
#
# **How to work.** Go from top to bottom and replace each `...` by your own code. Keep the names that are given: later
# cells, and the checks, look for them. Below most questions a cell `grader.check("q1")` runs a few quick checks that
# tell you whether your answer has the right form. Passing them is a good sign, not yet full marks: when your notebook
# is graded, it is run afresh from the first cell to the last, and further checks look at what your code really does.
# Question 11 is read by a person. Before you hand in, restart the kernel and run everything once yourself. It takes
# about a minute.
#
# **If you follow older slides or books:** some of their code no longer runs, or is written differently today.
#
# | written there | written today |
# | --- | --- |
# | `history.history["acc"]`, `"val_acc"` | `history.history["accuracy"]`, `"val_accuracy"` |
# | `Dense(16, input_shape=(10000,))` | `keras.Input(shape=(10_000,))` as the first entry of the list, then `Dense(16)` |
# | `K.sum(K.abs(w))` from `keras.backend` | `np.sum(np.abs(w))`, or `keras.ops.sum` inside a network |
# | `np.randint(...)`, `np.random.randint(0, high=2, size=...)` | with a generator `rng = np.random.default_rng()`: `rng.integers(0, 2, size=...)`, `rng.random(...)` |

# %%
import logging

import keras
import matplotlib.pyplot as plt
import numpy as np

logging.getLogger("tensorflow").setLevel(logging.ERROR)  # else it warns that there are many networks here

# %% [markdown]
# ## One experiment for all
#
# A comparison is fair if only one thing differs. So everything that the networks of this notebook have in common is
# ready-made, and you use it as it is.
#
# **The reviews.** 5,000 to learn from and 5,000 for validation, as multi-hot tables of `uint8`, one row a review. That
# is a third of what the first notebook trained on, on purpose: the fewer examples, the sooner a network knows them by
# heart. The test set stays closed. Here we compare and choose, and that is what the validation set is for.

# %%
(train_sequences, train_labels), _ = keras.datasets.imdb.load_data(num_words=10_000)


def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews: a table (reviews, dimension) of uint8, 1 where the review contains the word."""
    table = np.zeros((len(sequences), dimension), dtype="uint8")
    for row, sequence in enumerate(sequences):
        table[row, sequence] = 1
    return table


x_val = vectorize_sequences(train_sequences[:5_000])
y_val = train_labels[:5_000].astype("float32")
x_train = vectorize_sequences(train_sequences[5_000:10_000])
y_train = train_labels[5_000:10_000].astype("float32")

print("training:", x_train.shape, y_train.shape, "  validation:", x_val.shape, y_val.shape)

# %% [markdown]
# **The reference network** is the one of the first notebook, 10,000 inputs and Dense layers of 16, 16 and 1 units. Its
# last layer answers with a probability (`sigmoid`). Every network below is a variation of it.
#
# **The training.** `train` compiles a network, trains it and returns its history. The batches are smaller than in the
# first notebook (128 reviews instead of 512), so that eight epochs are enough to get deep into overfitting.


# %%
def build_reference():
    """Return a new, uncompiled network: 10,000 inputs, Dense layers of 16, 16 and 1 units."""
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def train(model, epochs=8, callbacks=()):
    """Compile and train `model` on the training reviews, watch it on the validation reviews, return its history."""
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model.fit(
        x_train,
        y_train,
        epochs=epochs,
        batch_size=128,
        validation_data=(x_val, y_val),
        validation_batch_size=1_000,  # validation takes no steps, so this is only quicker
        callbacks=list(callbacks),
        verbose=2,
    )


def draw(histories):
    """Draw the validation losses of several histories, given as a dictionary: name -> history."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for name, history in histories.items():
        losses = history.history["val_loss"]
        axes.plot(range(1, len(losses) + 1), losses, "o-", label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss on the validation reviews")
    axes.legend()
    plt.show()


reference_model = build_reference()
reference_history = train(reference_model)

# %% [markdown]
# There it is: `loss` falls in every epoch, almost to nothing; `val_loss` falls for a few epochs and then climbs. Two
# numbers tell how bad it is, and we shall ask every remedy about both:
#
# * **when** does the validation loss turn? Later is better: there is more to learn before the memorising begins;
# * **how far** does the network get away from the truth in the end, that is, how large is the gap between its loss on
#   reviews that it has trained on and its loss on reviews that it has not?
#
# One warning. `train` begins where the network stands, so calling it twice on one network means 16 epochs. Build the
# network and train it in the same cell; then running the cell again starts afresh.
#
# ## Smaller, and larger

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 3

# %% [markdown]
# ### Question 1: 4 units, 512 units
#
# Whoever has little memory is forced to look for rules. The most direct remedy is therefore a network with fewer
# parameters, and the surest way into overfitting is one with far more of them.
#
# Write two functions in the style of `build_reference`. Only the sizes of the two hidden layers change; activations and
# output layer stay as they are.
#
# | function | hidden layers | parameters |
# | --- | --- | --- |
# | `build_small` | 4 and 4 units | 40,029 |
# | `build_reference` (given) | 16 and 16 units | 160,305 |
# | `build_large` | 512 and 512 units | 5,383,681 |
#
# Each call should return a *new* network. Verify the number of parameters with `count_params()`, and one of them by
# hand: a Dense layer has inputs × units weights and a bias a unit.

# %% [raw]
# # BEGIN SOLUTION


# %%
def build_small():
    """Return a new, uncompiled network: 10,000 inputs, Dense layers of 4, 4 and 1 units."""
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


def build_large():
    """Return a new, uncompiled network: 10,000 inputs, Dense layers of 512, 512 and 1 units."""
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(512, activation="relu"),
            keras.layers.Dense(512, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


print("parameters:", build_small().count_params(), "and", build_large().count_params())

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_networks_take_reviews(answer_shapes):
    """Both functions return Keras models that answer each review with one number."""
    for name, facts in answer_shapes.items():
        assert facts["is_model"], f"build_{name} should return a Keras model; it returns {facts['type']}. Is there a `return`?"
        assert facts["shape"] == [3, 1], (
            f"For 3 reviews the {name} network should give answers of the shape (3, 1); its answers: {facts['shape']}. "
            "Does it begin with keras.Input(shape=(10_000,)) and end with one unit?"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Compare your small network with the table and with build_reference: sizes, activations, number of parameters."
""" # END TEST CONFIG
def test_small_network(other_sizes, reference_model):
    """The small network is 4-4-1 with relu, relu and the reference's output, however it was written down."""
    import numpy as np

    from fairmark.checks import layers

    facts = other_sizes["small"]
    shapes = [tuple(shape) for shape in facts["shapes"]]
    assert shapes == [(10_000, 4), (4,), (4, 4), (4,), (4, 1), (1,)], f"the weights have the shapes {shapes}"

    # The probe has set these weights; what relu, relu and sigmoid make of them can be worked out.
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape).astype("float32") for shape in shapes]
    x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float64")
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    if layers(reference_model)[-1].activation == "sigmoid":  # else the whole notebook works with logits
        expected = 1 / (1 + np.exp(-expected))
    distance = float(np.max(np.abs(np.ravel(facts["answers"]) - expected)))
    assert distance < 1e-3, f"its answers differ by up to {distance:.3f} from those of relu, relu, sigmoid"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Compare your large network with the table and with build_reference: sizes, activations, number of parameters."
""" # END TEST CONFIG
def test_large_network(other_sizes, reference_model):
    """The large network is 512-512-1 with relu, relu and the reference's output, however it was written down."""
    import numpy as np

    from fairmark.checks import layers

    facts = other_sizes["large"]
    shapes = [tuple(shape) for shape in facts["shapes"]]
    assert shapes == [(10_000, 512), (512,), (512, 512), (512,), (512, 1), (1,)], f"the weights have the shapes {shapes}"

    rng = np.random.default_rng(1)
    weights = [rng.normal(0, (2 / min(shape[0], 400)) ** 0.5, shape).astype("float32") for shape in shapes]
    x = (np.random.default_rng(0).random((32, 10_000)) < 0.02).astype("float64")
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    if layers(reference_model)[-1].activation == "sigmoid":
        expected = 1 / (1 + np.exp(-expected))
    distance = float(np.max(np.abs(np.ravel(facts["answers"]) - expected)))
    assert distance < 1e-3, f"its answers differ by up to {distance:.3f} from those of relu, relu, sigmoid"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Call one of your functions twice: the two networks should have nothing in common, each with layers and weights of its own."
""" # END TEST CONFIG
def test_each_call_builds_anew(other_sizes):
    """Two calls of the same function give two networks that share no weights."""
    for name, facts in other_sizes.items():
        assert facts["shared_variables"] == 0, f"two networks of build_{name} share {facts['shared_variables']} variables"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 3

# %% [markdown]
# ### Question 2: which of them overfits later?
#
# Build and train both: `small_model` and `small_history` with the usual 8 epochs, `large_model` and `large_history` with
# `epochs=4`. The large one needs about ten times as long for an epoch, and four are enough to see what becomes of it.
#
# Then let the code read the three histories:
#
# * `turning_epoch(losses)` returns the epoch, **counted from 1**, with the smallest of the losses: where learning ends and
#   learning by heart begins. If that is the last epoch, the network has not turned yet;
# * `overfits_last` is `"small"`, `"reference"` or `"large"`: the network whose validation loss turns latest.

# %% [raw]
# # BEGIN SOLUTION

# %%
small_model = build_small()  # SOLUTION
small_history = train(small_model)  # SOLUTION

large_model = build_large()  # SOLUTION
large_history = train(large_model, epochs=4)  # SOLUTION


def turning_epoch(losses):
    """Return the number of the epoch, from 1, with the smallest loss.

    losses: a list of numbers, the loss after epoch 1, after epoch 2, …
    """
    # BEGIN SOLUTION
    return int(np.argmin(losses)) + 1
    # END SOLUTION


# Hint: history.history["val_loss"] is the list you need. Compare all three networks.
# BEGIN SOLUTION
turning_epochs = {
    "small": turning_epoch(small_history.history["val_loss"]),
    "reference": turning_epoch(reference_history.history["val_loss"]),
    "large": turning_epoch(large_history.history["val_loss"]),
}
print(turning_epochs)
# END SOLUTION
overfits_last = max(turning_epochs, key=turning_epochs.get)  # SOLUTION

draw({"small": small_history, "reference": reference_history, "large": large_history})

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_histories_have_validation_curves(small_history, large_history):
    """Both histories are what train returned."""
    for name, history in [("small_history", small_history), ("large_history", large_history)]:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"{name} should be what train(...) returns; it is {type(history).__name__}"
        assert "val_loss" in curves, f"There is no val_loss in {name}, only {sorted(curves)}"

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_overfits_last_is_a_network(overfits_last):
    """overfits_last is the name of one of the three networks."""
    assert isinstance(overfits_last, str), f"overfits_last should be a name in quotes; it is {overfits_last!r}"
    assert overfits_last in ("small", "reference", "large"), f"There is no network called {overfits_last!r} here"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Ask each network for its loss on the validation reviews: does its own history end with that number?"
""" # END TEST CONFIG
def test_each_history_belongs_to_its_network(small_history, large_history, losses_by_size):
    """The last validation loss of each history is the loss of that very network."""
    from fairmark.checks import curve

    for name, history in [("small", small_history), ("large", large_history)]:
        last, replayed = float(curve(history, "val_loss")[-1]), losses_by_size[name]
        assert abs(last - replayed) < 2e-3 * max(1, abs(replayed)), (
            f"{name}_history ends with a validation loss of {last:.4f}; that of {name}_model is {replayed:.4f}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Call turning_epoch with short lists, such as [0.6, 0.4, 0.5] and [0.3, 0.4], and count by hand, beginning with 1."
""" # END TEST CONFIG
def test_turning_epoch(turning_examples):
    """turning_epoch gives the place of the smallest loss, counted from 1."""
    expected = {"inside": 3, "at_once": 1, "not_yet": 4, "zigzag": 5}
    for name, epoch in expected.items():
        assert turning_examples[name] == epoch, f"{name}: found epoch {turning_examples[name]} instead of {epoch}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Look for the lowest point of each of the three curves in your figure: which lies furthest to the right?"
""" # END TEST CONFIG
def test_overfits_last(overfits_last, small_history, reference_history, large_history):
    """The answer agrees with the student's own three histories (any of those that tie)."""
    from fairmark.checks import best_epoch

    histories = {"small": small_history, "reference": reference_history, "large": large_history}
    turns = {name: best_epoch(history, "val_loss") for name, history in histories.items()}
    latest = [name for name, epoch in turns.items() if epoch == max(turns.values())]
    assert overfits_last in latest, f"overfits_last is {overfits_last!r}; these histories turn at {turns}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# **What you should see.** The large network reaches its lowest point after one, two or three epochs, often with wild
# zigzags, and from there on it learns by heart, faster than the reference: compare what `loss` says about the two after
# four epochs. The small network takes about twice as long as the reference, and what follows is harmless so far: its curve stays nearly flat where the others climb.
#
# There is a price. Four units may be too few: in some runs one or two of them die (`relu` answers 0 to every review, so
# nothing flows back and they never recover), and then even the lowest point of the small network is much higher than
# that of the others. Too small to memorise can also mean too small to learn.
#
# ## Penalties for large weights

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 4

# %% [markdown]
# ### Question 3: L1, L2 and both
#
# To recognise one particular review, a network needs a few large weights on that review's rare words. Rules that hold
# for many reviews get by with small ones. So add to the loss a *penalty* for large weights: then a weight has to earn
# its size.
#
# * **L2**: factor × the sum of all squared weights. A large weight costs far more than two of half its size;
# * **L1**: factor × the sum of all absolute weights. The pull towards 0 is the same for small and large weights, so many
#   end up at (nearly) 0.
#
# Write three functions that build the reference network with penalties on the **kernels** (the weight matrices) of the
# **two hidden layers**, and on nothing else: not on biases, not on the layers' outputs ("activities"), not on the output
# layer.
#
# | function | L1 factor | L2 factor |
# | --- | --- | --- |
# | `build_l1` | 0.001 | – |
# | `build_l2` | – | 0.001 |
# | `build_both` | 0.0001 | 0.001 |
#
# Write the factors down: a regulariser given by its name only, such as `"l2"`, takes Keras's default, which is 0.01.
# The cell then builds `l1_model`, `l2_model` and `both_model`. The first two will be trained in question 5; `both_model` is
# for checking your formula in question 4.

# %% [raw]
# # BEGIN SOLUTION


# %%
def build_l1():
    """Return the reference network with an L1 penalty on the kernels of both hidden layers."""
    # Hint: Dense has a parameter kernel_regularizer. What it takes is in keras.regularizers: L1, L2, L1L2.
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1(0.001)),
            keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1(0.001)),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


def build_l2():
    """Return the reference network with an L2 penalty on the kernels of both hidden layers."""
    # BEGIN SOLUTION
    penalty_on = {"kernel_regularizer": keras.regularizers.L2(0.001)}
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu", **penalty_on),
            keras.layers.Dense(16, activation="relu", **penalty_on),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


def build_both():
    """Return the reference network with an L1 and an L2 penalty on the kernels of both hidden layers."""
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=0.0001, l2=0.001)),
            keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=0.0001, l2=0.001)),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


l1_model = build_l1()
l2_model = build_l2()
both_model = build_both()

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_penalties_are_there(l1_model, l2_model, both_model):
    """Three Keras models with as many parameters as the reference, each with something to pay."""
    import keras

    for name, model in [("l1_model", l1_model), ("l2_model", l2_model), ("both_model", both_model)]:
        assert isinstance(model, keras.Model), f"{name} should be a Keras model; it is {type(model).__name__}"
        parameters = model.count_params()
        assert parameters == 160_305, f"{name} should have as many parameters as the reference, 160,305; it has {parameters:,}"
        paying = [layer.name for layer in model.layers if getattr(layer, "losses", [])]
        assert paying, f"No layer of {name} pays a penalty: look at the parameter kernel_regularizer of Dense"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "In build_l1, which layers pay, for which of their weights, and with which factor? The table in the question says it."
""" # END TEST CONFIG
def test_l1(l1_model):
    """The kernels of both hidden layers pay L1 with the factor 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(l1_model, "Dense")]
    asked = [penalty(keras.regularizers.L1(0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "In build_l2, which layers pay, for which of their weights, and with which factor? The table in the question says it."
""" # END TEST CONFIG
def test_l2(l2_model):
    """The kernels of both hidden layers pay L2 with the factor 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(l2_model, "Dense")]
    asked = [penalty(keras.regularizers.L2(0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "In build_both, which layers pay, and which factor is for the absolute values, which for the squares? The table in the question says it."
""" # END TEST CONFIG
def test_both(both_model):
    """The kernels of both hidden layers pay L1 with 0.0001 and L2 with 0.001; the output layer pays nothing."""
    import keras

    from fairmark.checks import layers, penalty

    found = [layer.kernel_penalty for layer in layers(both_model, "Dense")]
    asked = [penalty(keras.regularizers.L1L2(l1=0.0001, l2=0.001))] * 2 + [penalty(None)]
    assert found == asked, f"the kernels pay: {', '.join(map(str, found))}; asked: {', '.join(map(str, asked))}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Apart from the penalties on kernels, the three networks should be the reference network. Does anything else in them pay, such as biases or outputs?"
""" # END TEST CONFIG
def test_nothing_else_differs(l1_model, l2_model, both_model, reference_model):
    """But for the kernels' penalties, the three are the reference network: no biases or activities pay."""
    from fairmark.checks import assert_same_architecture, layers, penalty

    for name, model in [("l1_model", l1_model), ("l2_model", l2_model), ("both_model", both_model)]:
        for layer in layers(model):
            assert layer.bias_penalty == penalty(None), f"{name}: the biases of a layer pay {layer.bias_penalty}"
            assert layer.activity_penalty == penalty(None), f"{name}: the outputs of a layer pay {layer.activity_penalty}"
        assert_same_architecture(model, reference_model, ignoring=("regularizers", "initializers"))

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 3

# %% [markdown]
# ### Question 4: the penalty, by hand
#
# Work out for yourself what Keras adds to the loss. Write `penalty(model, l1, l2)`: for the **kernels of the two hidden
# layers**,
#
# $$\text{penalty} = l_1 \sum_w |w| + l_2 \sum_w w^2 .$$
#
# Many textbooks write $\tfrac{\lambda}{2} \sum w^2$, for a handsome derivative. Keras does not; take the formula as it
# stands here.
#
# `model.get_weights()` gives all weights as a list of arrays, layer by layer: a kernel, its biases, the next kernel, and
# so on. Use the arrays and the two factors, not `model.losses`: that is what you can check yourself against.

# %% [raw]
# # BEGIN SOLUTION


# %%
def penalty(model, l1, l2):
    """Return the penalty on the kernels of the two hidden layers of `model`, as one number.

    model: one of the networks with Dense layers of 16, 16 and 1 units
    l1: the factor of the sum of absolute values
    l2: the factor of the sum of squares
    """
    # BEGIN SOLUTION
    kernels = [weights for weights in model.get_weights() if weights.ndim == 2]
    absolute = sum(np.sum(np.abs(kernel)) for kernel in kernels[:2])
    squared = sum(np.sum(np.square(kernel)) for kernel in kernels[:2])
    return float(l1 * absolute + l2 * squared)
    # END SOLUTION


print("by hand:", penalty(both_model, l1=0.0001, l2=0.001))
print("Keras:  ", float(sum(both_model.losses)))

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_penalty_is_a_number(first_penalties):
    """The penalty is one number, and 0 if both factors are."""
    import numpy as np

    assert np.size(first_penalties["free"]) == 1, f"penalty should return one number; it returns {first_penalties['free']!r}"
    assert float(first_penalties["free"]) == 0, f"With both factors 0 the penalty should be 0; yours is {first_penalties['free']}"
    assert float(first_penalties["paid"]) > 0, f"With l1=0.1 and l2=0.1 there should be something to pay; yours is {first_penalties['paid']}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Set all weights of a network to 0 but for a few in each hidden kernel, and work the formula out on paper. Does your function agree?"
""" # END TEST CONFIG
def test_formula(penalty_examples):
    """With weights in the hidden kernels only, the penalty is l1 times their absolute sum plus l2 times their squares."""
    import numpy as np

    shapes = [tuple(shape) for shape in penalty_examples["shapes"]]
    kernels = [(np.arange(np.prod(shape)) % 7 - 2) / 10 for shape in shapes if len(shape) == 2][:-1]
    absolute = sum(float(np.abs(kernel).sum()) for kernel in kernels)
    squared = sum(float(np.square(kernel).sum()) for kernel in kernels)
    for l1, l2, found in penalty_examples["hidden"]:
        expected = l1 * absolute + l2 * squared
        assert abs(found - expected) <= 1e-3 * expected, f"l1={l1}, l2={l2}: found {found:.4f}; the formula gives {expected:.4f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Which of the six arrays of weights are kernels? Change another one: your penalty should stay as it was."
""" # END TEST CONFIG
def test_biases_are_free(penalty_examples):
    """Large biases leave the student's own penalty as it was without them."""
    for (l1, l2, before), (_, _, found) in zip(penalty_examples["hidden"], penalty_examples["biases"]):
        assert abs(found - before) <= 1e-3 * abs(before), f"l1={l1}, l2={l2}: with biases of 5 it grows from {before:.4f} to {found:.4f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Which of the layers pay a penalty, and which does not? Your function counts a kernel that should be free."
""" # END TEST CONFIG
def test_output_layer_is_free(penalty_examples):
    """Large weights in the output layer leave the student's own penalty as it was without them."""
    for (l1, l2, before), (_, _, found) in zip(penalty_examples["hidden"], penalty_examples["output"]):
        assert abs(found - before) <= 1e-3 * abs(before), (
            f"l1={l1}, l2={l2}: with output weights of 50 it grows from {before:.4f} to {found:.4f}"
        )

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 3

# %% [markdown]
# ### Question 5: what `val_loss` hides
#
# Here is the trap. The loss that Keras reports for a network with penalties **contains the penalty**: `loss` as well as
# `val_loss`. The network may judge reviews better than the reference, and yet its `val_loss` is higher, because it pays
# for its weights. Comparing the two `val_loss` curves compares a price with a price plus tax.
#
# What we want to know is how good the *answers* are, and that is the cross-entropy alone. For a review with label $y$
# (0 or 1) and predicted probability $p$ it is
#
# $$-\left(y \log p + (1 - y) \log (1 - p)\right),$$
#
# and for many reviews it is the mean. Write `cross_entropy(y, p)`. Two things to take care of:
#
# * `y` has the shape `(n,)`, and `model.predict` returns `(n, 1)`. NumPy makes an `(n, n)` table of these two without a
#   word of warning. Your function should accept both shapes for `p`: flatten it first;
# * a network can be so certain that `p` is exactly 0 or 1 in the computer, and the logarithm of 0 is minus infinity. Keep
#   `p` between `1e-7` and `1 - 1e-7`; `np.clip` does that. (First turn `p` into `float64`: for `float32`, 1 − 1e-7 and 1
#   are hard to tell apart.)
#
# Then train `l1_model` and `l2_model`, and compute the cross-entropy of each on the validation reviews:
# `l1_cross_entropy` and `l2_cross_entropy`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def cross_entropy(y, p):
    """Return the mean binary cross-entropy as one number.

    y: the labels, an array (n,) of 0 and 1
    p: the predicted probabilities of label 1, an array (n,) or (n, 1)
    """
    # BEGIN SOLUTION
    p = np.clip(np.ravel(p).astype("float64"), 1e-7, 1 - 1e-7)
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))
    # END SOLUTION


l1_model, l2_model = build_l1(), build_l2()  # anew, so that this cell can be run again
l1_history = train(l1_model)  # SOLUTION
l2_history = train(l2_model)  # SOLUTION

# Hint: model.predict(x_val, verbose=0) gives the probabilities.
l1_cross_entropy = cross_entropy(y_val, l1_model.predict(x_val, verbose=0))  # SOLUTION
l2_cross_entropy = cross_entropy(y_val, l2_model.predict(x_val, verbose=0))  # SOLUTION

for name, history, paid, alone in [
    ("L1", l1_history, penalty(l1_model, l1=0.001, l2=0), l1_cross_entropy),
    ("L2", l2_history, penalty(l2_model, l1=0, l2=0.001), l2_cross_entropy),
]:
    print(f"{name}: val_loss {history.history['val_loss'][-1]:.4f} = cross-entropy {alone:.4f} + penalty {paid:.4f} ?")
print(f"reference: val_loss {reference_history.history['val_loss'][-1]:.4f}")

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_cross_entropy_is_a_number(first_cross_entropies):
    """cross_entropy gives one number; for probabilities of 0.5 it is log 2, whatever the labels."""
    import numpy as np

    for shape, value in first_cross_entropies.items():
        assert np.size(value) == 1, f"cross_entropy should return one number; for p of the {shape} it returns {value!r}"
        assert abs(float(value) - np.log(2)) < 1e-4, (
            f"Four probabilities of 0.5 should give log 2 = {np.log(2):.4f}; for p of the {shape} yours gives {float(value):.4f}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Take two reviews and work the cross-entropy out on paper; then call your function with p as a flat array and as a column."
""" # END TEST CONFIG
def test_cross_entropy(cross_entropy_examples):
    """The mean over the reviews, natural logarithm, the same for a flat p and for a column."""
    import numpy as np

    y, p = (np.asarray(cross_entropy_examples[name], dtype="float64") for name in ["y", "p"])
    expected = float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    for shape in ["flat", "column"]:
        found = float(cross_entropy_examples[shape])
        assert abs(found - expected) < 1e-4, f"p as {shape}: found {found:.4f}; the formula gives {expected:.4f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What does your function say about a network that is perfectly certain: p = 0 or p = 1, once right and once wrong?"
""" # END TEST CONFIG
def test_certain_answers(cross_entropy_examples):
    """Probabilities of exactly 0 and 1 cost nothing where they are right, and much but not infinity where wrong."""
    right, wrong = float(cross_entropy_examples["certain_right"]), float(cross_entropy_examples["certain_wrong"])
    assert abs(right) < 1e-4, f"certain and right costs {right}"
    assert 10 < wrong < 20, f"certain and wrong costs {wrong}; the logarithm of 1e-7 is about -16"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "l1_cross_entropy and l2_cross_entropy should say how good the trained networks' answers to the validation reviews are, and nothing else."
""" # END TEST CONFIG
def test_cross_entropies_of_the_networks(l1_model, l2_model, l1_cross_entropy, l2_cross_entropy, own_cross_entropies):
    """Each is the cross-entropy of the trained network on the validation rows, by the grader's function or the student's own."""
    import numpy as np

    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[:5_000]), labels[:5_000]
    for name, model, found in [("l1", l1_model, l1_cross_entropy), ("l2", l2_model, l2_cross_entropy)]:
        value = np.asarray(found, dtype="float64").item()
        expected = [binary_cross_entropy(model, x, y, from_logits=None), float(own_cross_entropies[name])]
        assert min(abs(value - right) for right in expected) < 2e-3, (
            f"{name}_cross_entropy is {value:.4f}; the answers of {name}_model to the validation reviews have {expected[0]:.4f}"
        )

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# **What you should see.** In both lines the sum is right (up to rounding; if not, look again at questions 4 and 5). And
# judge for yourself: by `val_loss`, the L1 network looks no better than the reference, in most runs worse. By cross-entropy
# alone, both networks with penalties give clearly *better* answers after eight epochs.
#
# The penalties work in different ways. The next cell counts how many weights of the first layer are (nearly) zero, and
# lists the words for which the L1 network has kept the largest ones.

# %%
word_of = {rank + 3: word for word, rank in keras.datasets.imdb.get_word_index().items()}


def first_kernel(model):
    """Return the weights of the first layer of `model`, an array (10000, units)."""
    return np.asarray(model.get_weights()[0])


for name, model in [("reference", reference_model), ("L2", l2_model), ("L1", l1_model)]:
    near_zero = np.mean(np.abs(first_kernel(model)) < 0.005)
    print(f"{name}: {near_zero:.0%} of the weights in the first layer are nearer to zero than 0.005")

largest = np.argsort(-np.abs(first_kernel(l1_model)).sum(axis=1))[:20]
print("the L1 network listens most to:", ", ".join(word_of.get(int(number), "?") for number in largest))

# %% [markdown]
# L2 makes all weights smaller. L1 gives most of them up altogether: of 10,000 words it keeps an ear for about a thousand,
# and you can read off which ones it values most. That is a remedy and an explanation in one.
#
# ## Dropout

# %% [raw]
# # BEGIN QUESTION
# name: q6
# points: 4

# %% [markdown]
# ### Question 6: dropout in NumPy
#
# A network that learns by heart relies on conspiracies: *these* two units together recognise *that* review. Dropout
# breaks conspiracies up. While the network trains, each value that a layer hands on is set to 0 with a certain
# probability, the **rate**. Every value is drawn for itself, and anew for each batch, so nobody can rely on anybody.
#
# When the network is *used*, nothing is dropped. Now the next layer would suddenly get more than it is used to: with a
# rate of 0.2, a quarter more on average. **Inverted dropout** settles this at once, during training: the values that stay
# are scaled up, so that the *expected* value of every entry is what it was without dropout. An entry `x` survives with
# probability `1 - rate` and is then multiplied by some factor: which factor makes the expected value `x` again?
#
# Write `dropout(x, rate, rng)`:
#
# * each entry of `x` becomes 0 with probability `rate`, **independently of all others**;
# * the entries that stay are scaled as described;
# * it returns a new array and leaves `x` as it is;
# * all randomness comes from `rng`, a generator made by `np.random.default_rng()`. Then whoever passes on a generator with
#   the same seed gets the same result.
#
# A slide you may know does this in two lines, `x *= np.random.randint(0, high=2, size=x.shape)` and `x /= 0.5`. It changes
# `x` itself, and it only works for a rate of 0.5, where several wrong formulas happen to give the right number as well.
# So try yours at another rate. (A generator has no `randint`. Look at `rng.random(size)` with its numbers from 0 to 1.)

# %% [raw]
# # BEGIN SOLUTION


# %%
def dropout(x, rate, rng):
    """Return a copy of `x` after inverted dropout, as it is done during training.

    x: an array of numbers, of any shape
    rate: the probability that an entry is dropped, at least 0 and less than 1
    rng: a NumPy random generator, such as np.random.default_rng(0)
    """
    # BEGIN SOLUTION
    kept = rng.random(x.shape) >= rate
    return x * kept / (1 - rate)
    # END SOLUTION


ones = np.ones((4, 10))
print(dropout(ones, 0.2, np.random.default_rng(0)))
print("mean of many:", np.mean(dropout(np.ones((1_000, 1_000)), 0.2, np.random.default_rng(1))))

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_dropout_keeps_the_shape(dropout_shapes):
    """dropout returns an array of the shape of x, for any number of dimensions."""
    for asked, found in dropout_shapes:
        assert found == asked, f"For x of the shape {tuple(asked)}, dropout should return that shape; yours: {found}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Count the zeros in dropout(np.ones((1000, 1000)), 0.2, rng): is their share the rate? And are there as many in each row?"
""" # END TEST CONFIG
def test_share_of_dropped_entries(dropout_examples):
    """Of all entries, a share of `rate` is dropped: further off than ten standard deviations is no bad luck."""
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        dropped, n = float(np.mean(np.asarray(factors) == 0)), np.size(factors)
        deviation = (rate * (1 - rate) / n) ** 0.5
        assert abs(dropped - rate) <= 10 * deviation, f"at a rate of {rate}, {dropped:.1%} of {n:,} entries were dropped"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Look at several rows and several columns of dropout(np.ones((6, 20)), 0.2, rng): is each entry drawn for itself?"
""" # END TEST CONFIG
def test_each_entry_is_drawn_for_itself(dropout_examples):
    """No two rows and no two columns share their zeros, as they would under one mask a row or a column."""
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        mask = np.asarray(factors) == 0
        rows, columns = len(np.unique(mask, axis=0)), len(np.unique(mask, axis=1).T)
        assert (rows, columns) == mask.shape, (
            f"at a rate of {rate}, {mask.shape[0]} rows have {rows} different patterns of zeros, {mask.shape[1]} columns {columns}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "At a rate of 0.2, four of five entries stay. By how much must they grow so that the mean of all five is what it was?"
""" # END TEST CONFIG
def test_scale_of_what_stays(dropout_examples):
    """The entries that stay are divided by 1 - rate."""
    import numpy as np

    for rate, factors in dropout_examples["factors"]:
        kept = np.asarray(factors, dtype="float64")
        kept = kept[kept != 0]
        assert kept.size, f"at a rate of {rate}, nothing stayed"
        low, high = float(kept.min()), float(kept.max())
        expected = 1 / (1 - rate)
        assert abs(low - expected) < 1e-4 and abs(high - expected) < 1e-4, (
            f"at a rate of {rate}, what stays is multiplied by {low:.4f} to {high:.4f}, not by {expected:.4f}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Print x before and after the call. And call dropout twice, each time with np.random.default_rng(0): is the result the same?"
""" # END TEST CONFIG
def test_nothing_but_x_rate_and_rng(dropout_examples):
    """x is left alone, a rate of 0 changes nothing, and the same seed gives the same zeros."""
    assert dropout_examples["x_unchanged"], "x is another array after the call"
    assert dropout_examples["rate_0_unchanged"], "a rate of 0 changes x"
    assert dropout_examples["same_seed_same_zeros"], "two generators with one seed give different zeros"
    assert not dropout_examples["other_seed_same_zeros"], "two generators with different seeds give the same zeros"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q7
# points: 3

# %% [markdown]
# ### Question 7: dropout as a layer
#
# In Keras, dropout is a layer of its own that stands **after** the layer whose values it drops. It is at work while `fit`
# trains and does nothing in `predict` and `evaluate`, all by itself.
#
# Write `build_dropout`: the reference network, in which **each hidden layer** is followed by dropout that **drops 40 %** of
# its values (and keeps 60 %). The output layer is followed by nothing: its single value is the answer, and an answer that
# is thrown away four times out of ten teaches nothing.
#
# Then train the network as usual: `dropout_model` and `dropout_history`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def build_dropout():
    """Return the reference network with dropout after each hidden layer."""
    # Hint: look up what the parameter of keras.layers.Dropout means.
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dropout(0.4),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dropout(0.4),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


dropout_model = build_dropout()  # SOLUTION
dropout_history = train(dropout_model)  # SOLUTION

draw({"reference": reference_history, "dropout": dropout_history})

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_dropout_model_is_trained(dropout_model, dropout_history):
    """dropout_model is a Keras model with as many parameters as the reference, dropout_history its history."""
    import keras

    assert isinstance(dropout_model, keras.Model), f"dropout_model should be a Keras model; it is {type(dropout_model).__name__}"
    parameters = dropout_model.count_params()
    assert parameters == 160_305, f"Dropout adds no parameters: there should be 160,305; your network has {parameters:,}"
    curves = getattr(dropout_history, "history", None)
    assert isinstance(curves, dict), f"dropout_history should be what train(...) returns; it is {type(dropout_history).__name__}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "How many of a hundred values should be dropped, and what is it that Dropout(...) takes: what is dropped, or what is kept?"
""" # END TEST CONFIG
def test_dropout_rate(dropout_model):
    """Every dropout layer drops 40 %."""
    from fairmark.checks import layers

    rates = [layer.rate for layer in layers(dropout_model, "Dropout")]
    assert rates, "there is no dropout in the network"
    assert all(abs(rate - 0.4) < 1e-6 for rate in rates), f"the rates are {rates}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Where does dropout stand in your network, and where should it: after which layers, and after which not?"
""" # END TEST CONFIG
def test_place_of_dropout(dropout_model, reference_model):
    """Dropout of any rate stands after each hidden layer (before or after relu, which is the same), and nowhere else."""
    import keras

    from fairmark.checks import architecture, layers

    rates = [layer.rate for layer in layers(dropout_model, "Dropout")]
    output = layers(reference_model)[-1].activation
    found = architecture(dropout_model).without("initializers")
    asked = []
    for order in ["after relu", "before relu"]:
        tensor = entrance = keras.Input((10_000,))
        for place in range(2):
            tensor = keras.layers.Dense(16)(tensor)
            steps = [keras.layers.Activation("relu"), keras.layers.Dropout(rates[min(place, len(rates) - 1)] if rates else 0.4)]
            for step in steps if order == "after relu" else steps[::-1]:
                tensor = step(tensor)
        model = keras.Model(entrance, keras.layers.Dense(1, activation=output)(tensor))
        asked.append(architecture(model).without("initializers"))
    assert found in asked, found.difference(asked[0])

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Ask dropout_model for its loss on the validation reviews: does dropout_history end with that number?"
""" # END TEST CONFIG
def test_dropout_history_belongs_to_the_model(dropout_model, dropout_history):
    """The last validation loss of the history is the cross-entropy of the model on the validation rows."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    last = float(curve(dropout_history, "val_loss")[-1])
    found = binary_cross_entropy(dropout_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(last - found) < 0.01, f"the history ends with a validation loss of {last:.4f}; that of dropout_model is {found:.4f}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# **What you should see.** The validation loss turns one to three epochs later than without dropout, its lowest point is about
# as low, and afterwards it climbs far more slowly.
#
# Look at the numbers that `fit` has printed, too: in the first epochs `loss` is *higher* than `val_loss`. The network is
# not better at reviews it has never seen. `loss` is measured while 40 % of the values are missing (and while the epoch is
# still under way), `val_loss` with all of them. So `loss` can't be compared between networks either; in question 10 we
# compute what we compare ourselves.
#
# ## Batch normalisation

# %% [raw]
# # BEGIN QUESTION
# name: q8
# points: 3

# %% [markdown]
# ### Question 8: values of the same size
#
# Batch normalisation brings the values that a layer hands on to mean 0 and variance 1, unit by unit over each batch,
# and then stretches and shifts them by two numbers a unit, which it learns. Since a batch is a random sample, each
# review comes out a little differently every time, depending on its neighbours. This noise is said to help against
# overfitting. We shall see.
#
# When the network is used there may be only one review, and no batch to take a mean of. So the layer keeps a moving
# average of the means and variances that it met in training. These are parameters, too, but no gradient trains them:
#
# | | per unit | here |
# | --- | --- | --- |
# | learnt: stretch and shift | 2 | 2 × (16 + 16) = 64 |
# | averaged: mean and variance | 2 | 64 **non-trainable** |
#
# Write `build_batch_norm`: the reference network with batch normalisation after each hidden layer (before or after its
# `relu`: both are common, both are accepted), and none after the output layer. In total it has 160,433 parameters, of
# which all but the 64 averages are trained. Leave the layer's settings as they are.
#
# Then train the network as usual: `batch_norm_model` and `batch_norm_history`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def build_batch_norm():
    """Return the reference network with batch normalisation after each hidden layer."""
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    # END SOLUTION


batch_norm_model = build_batch_norm()  # SOLUTION
batch_norm_history = train(batch_norm_model)  # SOLUTION

draw({"reference": reference_history, "batch normalisation": batch_norm_history})

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_batch_norm_model_is_trained(batch_norm_model, batch_norm_history):
    """batch_norm_model is a Keras model, batch_norm_history its history."""
    import keras

    assert isinstance(batch_norm_model, keras.Model), (
        f"batch_norm_model should be a Keras model; it is {type(batch_norm_model).__name__}"
    )
    curves = getattr(batch_norm_history, "history", None)
    assert isinstance(curves, dict), f"batch_norm_history should be what train(...) returns; it is {type(batch_norm_history).__name__}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Where does batch normalisation stand in your network, and where should it: after which layers, and after which not?"
""" # END TEST CONFIG
def test_place_of_batch_normalisation(batch_norm_model, reference_model):
    """Batch normalisation stands after each hidden layer, before or after relu, and nowhere else."""
    import keras

    from fairmark.checks import architecture, layers

    output = layers(reference_model)[-1].activation
    found = architecture(batch_norm_model).without("initializers", "trainable")
    asked = []
    for order in ["after relu", "before relu"]:
        tensor = entrance = keras.Input((10_000,))
        for _ in range(2):
            tensor = keras.layers.Dense(16)(tensor)
            steps = [keras.layers.Activation("relu"), keras.layers.BatchNormalization()]
            for step in steps if order == "after relu" else steps[::-1]:
                tensor = step(tensor)
        model = keras.Model(entrance, keras.layers.Dense(1, activation=output)(tensor))
        asked.append(architecture(model).without("initializers", "trainable"))
    assert found in asked, found.difference(asked[0])

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Compare the numbers of trainable and non-trainable parameters in batch_norm_model.summary() with the question."
""" # END TEST CONFIG
def test_only_the_averages_are_not_trained(batch_norm_model):
    """All parameters are trained but for the moving mean and variance of each normalised unit."""
    from fairmark.checks import layers, parameters

    counted = parameters(batch_norm_model)
    averages = sum(layer.parameters // 2 for layer in layers(batch_norm_model, "BatchNormalization"))
    assert averages, "there is no batch normalisation in the network"
    assert counted.non_trainable == averages, (
        f"{counted.non_trainable} of {counted.total:,} parameters are not trained; the averages are {averages}"
    )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Ask batch_norm_model for its loss on the validation reviews: does batch_norm_history end with that number?"
""" # END TEST CONFIG
def test_batch_norm_history_belongs_to_the_model(batch_norm_model, batch_norm_history):
    """The last validation loss of the history is the cross-entropy of the model on the validation rows."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    last = float(curve(batch_norm_history, "val_loss")[-1])
    found = binary_cross_entropy(batch_norm_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(last - found) < 0.01, f"the history ends with a validation loss of {last:.4f}; that of batch_norm_model is {found:.4f}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# **What you should see.** Not every remedy cures. The validation loss starts high, because the averages begin at mean 0
# and variance 1 and need a hundred steps or more to find the right values. It turns later than that of the reference, but
# it does not get as low, and then it climbs as well. Batch normalisation was invented to make *deep* networks train
# faster; a network with two hidden layers has no such trouble. Reporting that something did not help is a result, too.
#
# ## Stopping in time

# %% [raw]
# # BEGIN QUESTION
# name: q9
# points: 3

# %% [markdown]
# ### Question 9: early stopping
#
# The simplest remedy changes nothing in the network: stop when the validation loss turns. You can't know that it has
# turned until it has gone up for a while, so one waits for a few epochs (the **patience**), and if nothing better comes,
# one stops, **goes back** to the best epoch and takes the weights as they were then. `keras.callbacks.EarlyStopping` does
# all this if you ask for it: what to watch, how long to wait, whether to restore the best weights (it does not unless
# you say so).
#
# Build the reference network anew as `early_model` and train it with `train(...)`, whose parameter `callbacks` takes a
# list:
#
# * at most **20 epochs**,
# * stopped when the **validation loss** has not improved for **2 epochs** in a row,
# * in the end the network should have the weights of its **best epoch**.
#
# Store its history as `early_history`. (Older slides watch `"val_acc"`. Today it is called `"val_accuracy"`, and it is not
# what we watch here: remember how the accuracy hardly moved while the loss got worse and worse.)

# %% [raw]
# # BEGIN SOLUTION

# %%
early_model = build_reference()  # SOLUTION
stop_in_time = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)  # SOLUTION
early_history = train(early_model, epochs=20, callbacks=[stop_in_time])  # SOLUTION

print("epochs run:", len(early_history.history["val_loss"]))
print(f"lowest validation loss: {min(early_history.history['val_loss']):.4f}")
print(f"validation loss of the network as it is now: {early_model.evaluate(x_val, y_val, verbose=0)[0]:.4f}")

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_early_history(early_model, early_history):
    """early_model is a Keras model, early_history has a validation loss for each of at most 20 epochs."""
    import keras

    assert isinstance(early_model, keras.Model), f"early_model should be a Keras model; it is {type(early_model).__name__}"
    curves = getattr(early_history, "history", None)
    assert isinstance(curves, dict), f"early_history should be what train(...) returns; it is {type(early_history).__name__}"
    assert 1 <= len(curves["val_loss"]) <= 20, f"At most 20 epochs are asked; yours are {len(curves['val_loss'])}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Go through the validation losses of early_history by hand: after which epoch have two in a row brought no improvement?"
""" # END TEST CONFIG
def test_stopped_when_asked(early_history):
    """Training ended after the second epoch in a row without a new lowest validation loss, or after 20."""
    from fairmark.checks import curve, epochs_run

    losses = [float(loss) for loss in curve(early_history, "val_loss")]
    best, waited, end = float("inf"), 0, 20
    for epoch, loss in enumerate(losses, start=1):
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == 2:
            end = epoch
            break
    shown = ", ".join(f"{loss:.3f}" for loss in losses)
    assert epochs_run(early_history) == end, f"{len(losses)} epochs; with these losses it should end after epoch {end}: {shown}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Compare the two last lines that your cell prints. Does the network have the weights of its best epoch, or those of the last one?"
""" # END TEST CONFIG
def test_best_weights_are_restored(early_model, early_history):
    """The cross-entropy of the model is the lowest validation loss of its history, not the last."""
    from fairmark.checks import binary_cross_entropy, curve
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    losses = curve(early_history, "val_loss")
    found = binary_cross_entropy(early_model, multi_hot(sequences[:5_000]), labels[:5_000], from_logits=None)
    assert abs(found - losses.min()) < 5e-4, (
        f"early_model has a validation loss of {found:.4f}; the lowest of its history is {losses.min():.4f}, the last {losses[-1]:.4f}"
    )

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Side by side

# %% [raw]
# # BEGIN QUESTION
# name: q10
# points: 3

# %% [markdown]
# ### Question 10: the comparison
#
# Now bring all networks before the same judge. The dictionary `networks` holds those that you have built. (Two are left
# out: the large network, which had fewer epochs and is no remedy, and `both_model`, which was never trained.)
#
# The judge is your `cross_entropy`, which knows no penalty and sees every network without dropout. For each of the
# networks compute it **twice**, on all 5,000 training reviews and on all 5,000 validation reviews, always the same ones:
# otherwise the difference might lie in the reviews and not in the networks.
#
# Store the results in the dictionary `comparison`, which has the same names as `networks`, and for each of them a
# dictionary with `"training"` and `"validation"`. For example, `comparison["L2"]["validation"]` is a number that you know
# already. Let the code compute the entries; numbers that were typed in are wrong as soon as somebody runs the notebook
# again.
#
# Then read it, again by code:
#
# * `smallest_gap`: the name of the network for which validation minus training is smallest. It has memorised least;
# * `best_answers`: the name of the network with the lowest cross-entropy on the validation reviews.

# %%
candidates = {
    "reference": reference_model,
    "small": small_model,
    "L1": l1_model,
    "L2": l2_model,
    "dropout": dropout_model,
    "batch normalisation": batch_norm_model,
    "early stopping": early_model,
}
networks = {name: model for name, model in candidates.items() if isinstance(model, keras.Model)}

# %% [raw]
# # BEGIN SOLUTION

# %%
# Hint: networks.items() goes through the names and the networks together.
comparison = {}
# BEGIN SOLUTION
for name, model in networks.items():
    comparison[name] = {
        "training": cross_entropy(y_train, model.predict(x_train, verbose=0)),
        "validation": cross_entropy(y_val, model.predict(x_val, verbose=0)),
    }
# END SOLUTION

smallest_gap = min(comparison, key=lambda name: comparison[name]["validation"] - comparison[name]["training"])  # SOLUTION
best_answers = min(comparison, key=lambda name: comparison[name]["validation"])  # SOLUTION

print("cross-entropy        training  validation     gap")
for name, losses in comparison.items():
    gap = losses["validation"] - losses["training"]
    print(f"{name:20} {losses['training']:8.3f}  {losses['validation']:10.3f}  {gap:6.3f}")
print("smallest gap:", smallest_gap)
print("best answers:", best_answers)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_comparison_has_the_right_form(comparison, smallest_gap, best_answers):
    """comparison has two numbers for each network, the two answers are names in it."""
    import numpy as np

    assert isinstance(comparison, dict) and comparison, f"comparison should be a dictionary with an entry for each network; it is {comparison!r}"
    for name, losses in comparison.items():
        assert isinstance(losses, dict) and set(losses) == {"training", "validation"}, (
            f"comparison[{name!r}] should have the entries 'training' and 'validation'; it is {losses!r}"
        )
        for part, loss in losses.items():
            assert np.size(loss) == 1, f"comparison[{name!r}][{part!r}] should be one number; it is {loss!r}"
    for answer in [smallest_gap, best_answers]:
        assert answer in comparison, f"{answer!r} is not one of the networks {list(comparison)}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "The column for validation should be the cross-entropy of each network, as it is now, on the same 5,000 validation reviews."
""" # END TEST CONFIG
def test_validation_column(comparison, networks, own_comparison):
    """Each entry is the cross-entropy of that network on the validation rows, by the grader's function or the student's own."""
    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    assert len(networks) > 1, "there is nothing to compare: no networks but the reference"
    assert set(comparison) == set(networks), f"the comparison is about {sorted(comparison)}, the networks are {sorted(networks)}"
    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[:5_000]), labels[:5_000]
    for name, model in networks.items():
        found, own = float(comparison[name]["validation"]), float(own_comparison[name]["validation"])
        expected = binary_cross_entropy(model, x, y, from_logits=None)
        assert min(abs(found - expected), abs(found - own)) < 2e-3, f"{name}: found {found:.4f}, its answers have {expected:.4f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "The column for training should be the cross-entropy of each network, as it is now, on the same 5,000 training reviews."
""" # END TEST CONFIG
def test_training_column(comparison, networks, own_comparison):
    """Each entry is the cross-entropy of that network on the training rows, by the grader's function or the student's own."""
    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    assert len(networks) > 1, "there is nothing to compare: no networks but the reference"
    assert set(comparison) == set(networks), f"the comparison is about {sorted(comparison)}, the networks are {sorted(networks)}"
    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[5_000:10_000]), labels[5_000:10_000]
    for name, model in networks.items():
        found, own = float(comparison[name]["training"]), float(own_comparison[name]["training"])
        expected = binary_cross_entropy(model, x, y, from_logits=None)
        assert min(abs(found - expected), abs(found - own)) < 2e-3, f"{name}: found {found:.4f}, its answers have {expected:.4f}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Read your own table again. The gap is validation minus training; and how good the answers to new reviews are stands in only one of the columns."
""" # END TEST CONFIG
def test_both_names(comparison, smallest_gap, best_answers):
    """Both answers agree with the student's own table."""
    assert len(comparison) > 1, "there is nothing to compare"
    column = {name: float(losses["validation"]) for name, losses in comparison.items()}
    gaps = {name: column[name] - float(losses["training"]) for name, losses in comparison.items()}
    assert gaps[smallest_gap] <= min(gaps.values()) + 1e-4, f"smallest_gap is {smallest_gap!r}; this table's gaps are {gaps}"
    assert column[best_answers] <= min(column.values()) + 1e-4, f"best_answers is {best_answers!r}; this table says {column}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q11
# manual: true
# points: 3

# %% [markdown]
# ### Question 11: what do you make of it?
#
# You have numbers; a decision needs arguments. This question is read by a person. Write five to ten sentences:
#
# 1. A colleague wants to classify a new collection of 5,000 labelled reviews with a network like ours. Which **one or two**
#    remedies do you recommend, and which of **your** numbers speak for them? What does each of them cost?
# 2. She objects: "I have tried L2 as well. Its `val_loss` is higher than without, so it makes things worse." What do you
#    answer?
# 3. Your table comes from one run of each network. Is it certain that the winner is the best one? Say what you would do
#    before you bet money on it, and what part the closed test set would play.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# *One of many good answers.*
#
# 1. I recommend dropout together with early stopping. In my table, dropout has about the lowest cross-entropy on the
#    validation reviews of all networks that were trained for the full eight epochs, and its curve climbs most slowly
#    after the lowest point; early stopping with restored weights reaches a similarly low value in less time than any other.
#    Dropout costs a few more epochs. Early stopping costs the validation reviews: they have been used to
#    decide when to stop, so they no longer give an honest estimate. (L1 has the smallest gap, but a small gap alone is
#    worth nothing: it also has a higher loss on its training reviews. A network that always answers 0.5 has no gap at all.)
# 2. Keras adds the penalty to `loss` and to `val_loss`. To compare with a network without penalty, subtract it, or compute
#    the cross-entropy from the predictions. In my run the cross-entropy with L2 is lower than that of the reference.
# 3. No. The weights begin at random, and a second run would give other numbers; differences between the best networks are
#    no larger than that. I would train each candidate several times with different seeds (and, with so few reviews, on
#    different splits, as in K-fold validation) and compare means and spreads. Besides, the winner was chosen for its
#    result on the validation reviews, so that result is too good on average. The test set is opened once, at the very
#    end, for the one network that was chosen.
#
# *Marking:* one point for each part. (1) A recommendation that fits the student's own table, with a number and a cost;
# choosing L1 or the small network is fine if it is argued for. (2) The penalty is part of `val_loss`. (3) Chance
# (several runs, seeds or splits), and the test set for one last judgement only, not for choosing.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Looking back
#
# What to take along:
#
# * overfitting has two measures, when the validation loss turns and how far it drifts from the training loss;
# * make the network smaller, tax its weights, disturb it while it learns, or stop in time. None of it beats **more
#   examples**: the first notebook trained the same network on three times as many reviews, and its lowest validation loss
#   was clearly lower than that of our reference;
# * compare what can be compared: the cross-entropy alone, on the same reviews, without penalty and without dropout;
# * a gap of zero is no goal in itself. What counts is the loss on reviews that are new.
#
# If you have time (nothing here is graded): put dropout and L2 together; give the large network dropout of 0.5; train
# the reference on 2,000 reviews only. And run the notebook a second time: which lines of your table stay in their place,
# and which was luck?
