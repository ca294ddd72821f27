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
# name: mini
# init_cell: true
# export_cell:
#   pdf: false
#   run_tests: false
# generate:
#   pdf: false
# tests:
#   files: true
#   ok_format: false

# %% [markdown]
# # Points in the plane

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(0)
points = rng.normal(size=(200, 2)).astype("float32")
side = (points[:, 0] > 0).astype("int64")

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: [2, 0, 1]

# %% [markdown]
# Write `double(x)`.

# %% [raw]
# # BEGIN SOLUTION

# %%
def double(x):
    return 2 * x  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
# HIDDEN
def test_negative(doubles, probe_pair):
    CANARY = "canary-hidden-q1-5d1f"
    assert doubles["negative"] == -4, f"canary-hidden-q1-5d1f: found {doubles['negative']}"
    assert probe_pair == (0, 2)

# %%
# This comment speaks of hidden units, and hides nothing.
def test_public(doubles):
    assert doubles["one"] == 2, f"double(1) gave {doubles['one']}"

# %%
""" # BEGIN TEST CONFIG
hidden: true
failure_message: 'Say "twice" with \ and "quotes": it''s x + x.'
""" # END TEST CONFIG
def test_text(doubles):
    CANARY = "canary-hidden-q1-7a77"
    assert doubles["text"] == "abab", "canary-hidden-q1-7a77"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 3
# all_or_nothing: true

# %% [markdown]
# Build `model`: 4 relu units, one sigmoid.

# %% [raw]
# # BEGIN SOLUTION

# %%
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(1, "sigmoid")])  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_is_a_model(model):
    assert model.count_params() > 0

# %%
# HIDDEN
def test_parameters(model):
    CANARY = "canary-hidden-q2-31c0"
    assert model.count_params() == 17, f"found {model.count_params()} parameters"

# %%
# HIDDEN
def test_units(model):
    CANARY = "canary-hidden-q2-99e2"
    assert model.layers[0].units == 4

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 2

# %% [markdown]
# Train it for 3 epochs, keep `history`, and plot it into `figure`.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION
model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(points, side, epochs=3, batch_size=20, verbose=0)
figure, axes = plt.subplots()
axes.plot(history.history["loss"], label="loss")
axes.set_xlabel("epoch")
axes.legend()
# END SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_history(history):
    assert "loss" in history.history

# %%
# HIDDEN
def test_epochs(history, side):
    CANARY = "canary-hidden-q3-0be4"
    assert len(history.epoch) == 3, f"found {len(history.epoch)} epochs"
    assert side.shape == (200,)

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 2

# %% [markdown]
# Train `final_model` well, and say how many layers it has in `layers`.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION
final_model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
final_model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
final_model.fit(points, side, epochs=10, batch_size=20, verbose=0)
layers = len(final_model.layers)
# END SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
# HIDDEN
def test_accuracy(final_model):
    import numpy as np
    from fairmark.checks import correct_predictions, threshold
    CANARY = "canary-hidden-q4-c4ff"
    # Far enough from the border that every run of the reference gets them all right.
    held_out = np.random.default_rng(1).uniform(0.5, 2, size=(500, 2)).astype("float32")
    held_out[::2, 0] *= -1
    labels = (held_out[:, 0] > 0).astype("int64")
    correct = correct_predictions(final_model, held_out, labels)
    bar = threshold("accuracy")
    assert bar.met_by(correct, of=500), f"{correct} of 500 are right; {bar} is asked"

# %%
def test_layers(layers):
    assert layers == 2

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION
