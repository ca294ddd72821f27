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
# name: light
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
# # A small regression
#
# What a week's exercise looks like: some NumPy, a small network, a training of well under a second, a figure.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(3, 2, size=(1000, 5)).astype("float32")
y = (x @ np.array([1, -2, 0.5, 0, 3]) + 0.1 * rng.normal(size=1000)).astype("float32")

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 2

# %% [markdown]
# Write `standardise(table)`: each column with mean 0 and standard deviation 1.

# %% [raw]
# # BEGIN SOLUTION

# %%
def standardise(table):
    return (table - table.mean(axis=0)) / table.std(axis=0)  # SOLUTION

inputs_of_model = standardise(x)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_shape(inputs_of_model):
    assert inputs_of_model.shape == (1000, 5)

# %%
# HIDDEN
def test_columns(inputs_of_model, standardised):
    import numpy as np

    assert np.abs(inputs_of_model.mean(axis=0)).max() < 1e-4
    assert np.abs(inputs_of_model.std(axis=0) - 1).max() < 1e-4
    assert np.allclose(standardised, [[-1.0, 1.0], [1.0, -1.0]])

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 2

# %% [markdown]
# Build `model`: 16 relu units, one output.

# %% [raw]
# # BEGIN SOLUTION

# %%
model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)])  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_is_a_model(model):
    assert model.count_params() > 0

# %%
# HIDDEN
def test_layers(model):
    assert model.count_params() == 113
    assert [layer.units for layer in model.layers] == [16, 1]

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 2

# %% [markdown]
# Train it for 10 epochs, keep `history`, and plot the loss.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION
model.compile("adam", "mean_squared_error")
history = model.fit(inputs_of_model, y, epochs=10, batch_size=50, verbose=0)
plt.plot(history.history["loss"])
plt.xlabel("epoch")
plt.show()
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
def test_epochs(history):
    assert len(history.epoch) == 10
    assert history.history["loss"][-1] < history.history["loss"][0]

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 2

# %% [markdown]
# What is the mean absolute error of `model` on all points? Keep it in `error`.

# %% [raw]
# # BEGIN SOLUTION

# %%
error = float(np.abs(model.predict(inputs_of_model, verbose=0)[:, 0] - y).mean())  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_is_a_number(error):
    assert error > 0

# %%
# HIDDEN
def test_error(error, model, inputs_of_model, y):
    import numpy as np

    from fairmark.checks import mean_absolute_error

    assert np.isclose(error, mean_absolute_error(model, inputs_of_model, y), rtol=1e-3)

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION
