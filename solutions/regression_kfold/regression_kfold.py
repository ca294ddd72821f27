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
# name: regression_kfold
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
# # What is a house worth?
#
# *Regression, and K-fold validation for small data sets.*
#
# So far your networks have sorted things into classes. This one answers with a number: the price of a house. That takes
# only a small change in the network. The hard part is another one: there are only a few hundred houses to learn from. Put
# a hundred of them aside for validation, and your result depends as much on *which* hundred as on the network.
#
# The way out is to let every house be asked about once. In this notebook you
#
# 1. bring features of very different sizes to one scale, without looking at the test set (question 1),
# 2. build a network that predicts a quantity (question 2),
# 3. divide the rows into folds and write **K-fold cross-validation** yourself (questions 3 to 5),
# 4. average and smooth what it tells, and read from it how long to train (questions 6 to 8),
# 5. train the final network and judge it once (question 9).
#
# **How to work.** Go from top to bottom and replace each `...` by your own code. Keep the names that are given: later
# cells, and the checks, look for them. Below each question a cell `grader.check("q1")` runs a few quick checks that
# tell you whether your answer has the right form. Passing them is a good sign, not yet full marks: when your notebook
# is graded, it is run afresh from the first cell to the last, and further checks look at what your code really does.
# Before you hand in, restart the kernel and run everything once yourself. It takes about a minute.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] data="boston_housing"
# ## The data
#
# Each row of this table is a part of Boston and its suburbs around 1970, described by **13 numbers**: how much crime there
# is, how many rooms a home has, how far it is to the places where people work, the property tax, and so on. The target is
# the median price of the homes there, in thousands of dollars. (That is no misprint: 20 means 20,000 dollars. It was
# half a century ago.)

# %% [markdown] data="california_housing"
# ## The data
#
# Each row of this table is a neighbourhood in California in 1990 (a "block group" of the census, some hundreds of
# homes), described by **8 numbers**: where it lies, how old its houses are, how many rooms and people there are, and what
# a household earns. The target is the median price of the homes there. Keras gives it in dollars; we count in
# **thousands of dollars**, so that errors are numbers one can say aloud.
#
# `version="small"` loads the first 600 of 20,640 neighbourhoods, all of them near one another. (The names below are those
# of the columns in the file. Keras's documentation lists the features of another edition of this table.)

# %% data="boston_housing"
(train_data, y_train), (test_data, y_test) = keras.datasets.boston_housing.load_data()

feature_names = [
    "CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT"
]  # fmt: skip

# %% data="california_housing"
(train_data, y_train), (test_data, y_test) = keras.datasets.california_housing.load_data(version="small")
y_train, y_test = y_train / 1000, y_test / 1000  # from dollars to thousands of dollars

feature_names = [
    "longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms", "population", "households", "median_income"
]  # fmt: skip

# %%
print("rows to learn from:", train_data.shape, " rows to be judged on:", test_data.shape)
for name, column in zip(feature_names, train_data.T):
    print(f"{name:>20}: from {column.min():8.2f} to {column.max():8.2f}, mean {column.mean():8.2f}")
print(f"prices: from {y_train.min():.1f} to {y_train.max():.1f} thousand dollars, mean {y_train.mean():.1f}")
print(f"always guessing the mean misses by {np.abs(y_train - y_train.mean()).mean():.1f} thousand dollars on average")

# %% [markdown]
# Three things to take from this output. There are few rows. The columns are of very different sizes, which question 1
# deals with. And somebody who knows nothing but the mean price misses by the amount in the last line: **that is the error
# to beat.**

# %% [markdown] data="boston_housing"
# ### A column that should make you stop
#
# The table was put together in 1978 by two economists, Harrison and Rubinfeld, who asked what clean air is worth to
# buyers. Its twelfth column, `B`, is computed from the share of Black residents: $1000\,(b - 0.63)^2$ for a share of
# $b$. It is there because the authors assumed that the skin colour of the neighbours moves the price of a house.
#
# * A model that learns from `B` treats race as a reason for a price. Prices of the time were shaped by segregation and by
#   banks that refused loans to whole districts. Used to value homes or to grant loans today, the model would carry that
#   on, with the authority of a computation.
# * The formula gives different shares the same value (0.53 and 0.73, for example). So the assumption can't even be checked
#   against this table.
# * Leaving the column out is better than leaving it in, but no cure: other columns (tax, status, where a place lies) hang
#   together with where people were allowed to live, and a network is good at finding such detours.
#
# For these reasons scikit-learn removed the data set in 2022, and the documentation of Keras advises against it except
# to talk about exactly this. We keep it here because it is the lecture's example and because the question comes up with
# every table about people: *what does this column assume, and what will a model do with it?* Nothing that you build here
# is fit to put a price on anybody's home.

# %% [markdown] data="california_housing"
# ### Look at a table before you learn from it
#
# Many courses use the prices of Boston's suburbs here. That table has a column computed from the share of Black
# residents, because its authors assumed that the skin colour of the neighbours moves the price of a house.
# scikit-learn removed it for that reason, and the documentation of Keras advises against it. Ours has no such column.
# That is better, but no cure: where a place lies and what its people earn also tell who was allowed to live there, and a
# network is good at finding such detours. Ask it of every table about people: *what does this column assume, and what
# will a model do with it?*

# %% [markdown]
# ## Features of one scale

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 3

# %% [markdown]
# ### Question 1: how far from the mean?
#
# A network starts with weights of about the same size for each input. If one feature runs into the hundreds and the next
# from 0 to 1, the first one drowns the second. So we **normalise**: from each column subtract its mean, then divide by its
# standard deviation. Afterwards each column says "how far from usual", around 0 and mostly between -2 and 2.
#
# Mean and standard deviation are those of the **training** rows, for both tables. Why not give the test rows their own?
# Think of the network at work: one house comes along, and it has no mean and no standard deviation. Besides, the test rows
# are to play the future, and nobody can know the mean of the future.
#
# Write `normalise(train, test)`. It returns two new tables and leaves the given ones as they are. (`train -= mean`, as on
# some slides, would change the caller's table too.) Then normalise the data, once. If a table is normalised twice, or
# with numbers that belong to another table, nothing raises an error; the network just gets worse, and nobody knows why.

# %% [raw]
# # BEGIN SOLUTION


# %%
def normalise(train, test):
    """Bring all columns to one scale, that of the training rows.

    train, test: arrays of shape (rows, features)

    Returns both normalised, as two new arrays of the same shapes: in `train`, each column has mean 0 and
    standard deviation 1.
    """
    # Hint: an array has methods mean and std. Without axis=..., each gives one number for the whole table.
    # BEGIN SOLUTION
    mean = train.mean(axis=0)
    std = train.std(axis=0)
    return (train - mean) / std, (test - mean) / std
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
x_train, x_test = normalise(train_data, test_data)
# END SOLUTION
""" # BEGIN PROMPT
x_train, x_test = ..., ...
""" # END PROMPT

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_tables_keep_their_shapes(x_train, x_test, train_data, test_data):
    """Each normalised table has the shape of the one it was made from."""
    import numpy as np

    for name, found, given in [("x_train", x_train, train_data), ("x_test", x_test, test_data)]:
        shape = np.shape(found)
        assert shape == given.shape, f"{name} should have the shape {given.shape}; it has {shape}"

# %%
""" # BEGIN TEST CONFIG
points: 1
""" # END TEST CONFIG
def test_each_training_column_has_mean_0_and_deviation_1(normalised_examples):
    """In the normalised training table, every column has mean 0 and standard deviation 1."""
    import numpy as np

    found = np.asarray(normalised_examples["found_train"], dtype=float)
    shape = normalised_examples["train"].shape
    assert found.shape == shape, f"A table of the shape {shape} should keep it; yours comes back with {found.shape}"
    means, deviations = found.mean(axis=0), [found.std(axis=0), found.std(axis=0, ddof=1)]
    assert np.allclose(means, 0, atol=1e-5), f"The columns of a normalised table have the means {np.round(means, 3).tolist()}, not 0"
    assert any(np.allclose(some, 1, atol=1e-5) for some in deviations), (
        f"The columns of a normalised table have the standard deviations {np.round(deviations[0], 3).tolist()}, not 1"
    )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "By which mean and which standard deviation is a test row measured? Try your function on two tables whose columns have quite different means."
""" # END TEST CONFIG
def test_training_statistics_measure_the_test_rows(normalised_examples):
    """Test rows are measured by the mean and the standard deviation (n or n - 1) of the training columns."""
    import numpy as np

    train, test = normalised_examples["train"], normalised_examples["test"]
    found = np.asarray(normalised_examples["found_test"], dtype=float)
    ways = [(test - train.mean(axis=0)) / train.std(axis=0, ddof=ddof) for ddof in (0, 1)]
    assert found.shape == test.shape, f"a test table of the shape {test.shape} came back with {found.shape}"
    assert any(np.allclose(found, way, rtol=1e-4, atol=1e-4) for way in ways), (
        f"test rows came back as {np.round(found, 3).tolist()} instead of {np.round(ways[0], 3).tolist()}"
    )

# %% data="boston_housing"
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "x_train and x_test should be the two tables that were loaded, each normalised once, with the training rows' numbers."
""" # END TEST CONFIG
def test_data_are_normalised_once(x_train, x_test):
    """Both tables are the loaded ones, normalised once with training statistics."""
    import numpy as np

    from fairmark.data import load

    (train, _), (test, _) = load("boston_housing")
    for name, found, raw in [("x_train", x_train, train), ("x_test", x_test, test)]:
        ways = [(raw - train.mean(axis=0)) / train.std(axis=0, ddof=ddof) for ddof in (0, 1)]
        found = np.asarray(found, dtype=float)
        assert found.shape == raw.shape, f"{name} has the shape {found.shape}"
        assert any(np.allclose(found, way, rtol=1e-3, atol=1e-3) for way in ways), (
            f"{name} begins with {np.round(found[0], 2).tolist()}; normalised once it begins with {np.round(ways[0][0], 2).tolist()}"
        )

# %% data="california_housing"
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "x_train and x_test should be the two tables that were loaded, each normalised once, with the training rows' numbers."
""" # END TEST CONFIG
def test_data_are_normalised_once(x_train, x_test):
    """Both tables are the loaded ones, normalised once with training statistics."""
    import numpy as np

    from fairmark.data import load

    (train, _), (test, _) = load("california_housing")
    train, test = train.astype(float), test.astype(float)
    for name, found, raw in [("x_train", x_train, train), ("x_test", x_test, test)]:
        ways = [(raw - train.mean(axis=0)) / train.std(axis=0, ddof=ddof) for ddof in (0, 1)]
        found = np.asarray(found, dtype=float)
        assert found.shape == raw.shape, f"{name} has the shape {found.shape}"
        # The file's numbers are of single precision, and longitudes differ by little.
        assert any(np.allclose(found, way, rtol=5e-3, atol=5e-3) for way in ways), (
            f"{name} begins with {np.round(found[0], 2).tolist()}; normalised once it begins with {np.round(ways[0][0], 2).tolist()}"
        )

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# Strictly speaking, the rows that are kept for validation should be left out of mean and standard deviation as well, anew
# in each fold. As in the lecture, we compute both once, from all training rows: with hundreds of rows the difference is
# hard to measure. It is not so for steps that learn more from the data, such as choosing the best features. Those belong
# inside the folds.
#
# ## A network for a quantity

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 4

# %% [markdown]
# ### Question 2: 64, 64, 1
#
# With so few rows the network should be small: two hidden layers of **64 units** with **`relu`**, and an output layer of
# **one unit without an activation**. The output has to be free to become any number. `sigmoid` could not exceed 1, and
# `relu` would be dead wherever it starts below 0.
#
# Compile it inside the same function, with
#
# * the loss **mean squared error**, `"mse"`. It punishes one big miss more than many small ones, and its slope fades out
#   as the answer gets close, which makes it easy to walk down;
# * the metric **mean absolute error**, `"mae"`: by how much the answer is off on average, in thousands of dollars. It
#   is what *we* want to read. (An "accuracy" makes no sense: hardly a price is hit exactly.)
# * the optimiser **RMSprop** with its default learning rate (0.001). If you give it as an object rather than by its name,
#   make that inside the function as well: an optimiser keeps notes on the weights that it moves, and can serve one model
#   only.
#
# Write `build_model()`, a function without arguments that returns a **new, compiled** network on each call. You are going
# to need one for each fold, and another one at the end.

# %% [markdown] data="boston_housing"
# Check yourself against `model.summary()`: 13 × 64 + 64 = 896 parameters in the first layer, then 64 × 64 + 64 = 4,160,
# then 64 + 1 = 65; in total **5,121 parameters**, more than ten for each row of the table.

# %% [markdown] data="california_housing"
# Check yourself against `model.summary()`: 8 × 64 + 64 = 576 parameters in the first layer, then 64 × 64 + 64 = 4,160,
# then 64 + 1 = 65; in total **4,801 parameters**, ten for each row of the table.

# %% [markdown]
# **Older slides and books** show names that Keras 3 no longer knows, or knows under another name:
#
# | you may read | today |
# | --- | --- |
# | `RMSprop(lr=0.001)`, `SGD(lr=0.01)` | `keras.optimizers.RMSprop(learning_rate=0.001)`, and so on |
# | `Dense(64, input_shape=(n,))` | `keras.Input(shape=(n,))` first, then `Dense(64)`; the old way still works, with a warning |
# | `history.history["val_mean_absolute_error"]` | the name that you gave the metric: with `metrics=["mae"]` it is `"val_mae"` |
# | `from keras import backend as K`, `K.mean(…)` | `keras.ops.mean(…)` |
# | `np.float`, `np.int` | `float`, `int` |
#
# **Want to wait less?** Most of the time goes into the way back and forth between Python and TensorFlow, not into
# computing. `model.compile(..., steps_per_execution=20)` makes TensorFlow take 20 steps before it reports back. The
# steps, and the results, are the same.

# %% [raw]
# # BEGIN SOLUTION


# %%
def build_model():
    """Return a new, compiled network: one input a feature, Dense layers of 64, 64 and 1 units."""
    # Hint: the number of features is x_train.shape[1].
    # BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(x_train.shape[1],)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"], steps_per_execution=20)
    return model
    # END SOLUTION


model = build_model()
model.summary()  # SOLUTION NO PROMPT

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_model_takes_houses_and_gives_one_number_each(model, train_data):
    """The model takes a row of features and answers with one number."""
    import keras
    import numpy as np

    assert isinstance(model, keras.Model), f"model should be a Keras model; it is {type(model).__name__}. Does build_model return it?"
    assert model.get_weights(), "The model has no weights yet: tell it the size of its input with keras.Input(shape=...)"
    answers = np.asarray(model.predict(np.zeros((3, train_data.shape[1]), dtype="float32"), verbose=0))
    assert answers.shape == (3, 1), f"For 3 rows the model should give answers of the shape (3, 1); yours gives {answers.shape}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Compare the shapes in model.summary() with the question: how many layers, how many units in each, how many parameters in total?"
""" # END TEST CONFIG
def test_layer_sizes(model, train_data):
    """The weights are those of Dense layers of 64, 64 and 1 units, biases included, and there are no others."""
    n = train_data.shape[1]
    shapes = [tuple(weights.shape) for weights in model.get_weights()]
    assert shapes == [(n, 64), (64,), (64, 64), (64,), (64, 1), (1,)], f"the weights have the shapes {shapes}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Which numbers can your network answer with, and which can it never reach? Check the activation of each layer, the last one above all."
""" # END TEST CONFIG
def test_what_the_network_computes(model, train_data):
    """With its own weights, the model computes relu, relu and then a plain sum, however it was written down."""
    import numpy as np

    weights = [np.asarray(w, dtype="float64") for w in model.get_weights()]
    assert len(weights) == 6, f"{len(weights)} arrays of weights instead of three matrices and three biases"
    x = np.random.default_rng(0).normal(size=(200, train_data.shape[1])).astype("float32")
    found = np.asarray(model.predict(x, verbose=0), dtype="float64").ravel()
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    hidden = np.maximum(hidden @ weights[2] + weights[3], 0)
    expected = (hidden @ weights[4] + weights[5]).ravel()
    distance = float(np.max(np.abs(found - expected)))
    assert distance < 1e-3 * max(1, float(np.max(np.abs(expected)))), (
        f"outputs from {found.min():.3f} to {found.max():.3f} differ by up to {distance:.3f} from those of relu, relu, linear"
    )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Compare your call of compile with the question, word by word: loss, metric, optimiser, learning rate."
""" # END TEST CONFIG
def test_compiled_as_asked(model):
    """Loss mse, a metric mae, RMSprop with its default learning rate, however each is spelt."""
    from fairmark.checks import compiled

    found = compiled(model)
    assert found.loss.name == "mean_squared_error", f"the loss is {found.loss.name}"
    assert "mean_absolute_error" in found.metrics, f"the metrics are {found.metrics}"
    assert found.optimizer == "rmsprop", f"the optimiser is {found.optimizer}"
    rate = found.optimizer_settings["learning_rate"]
    assert isinstance(rate, float) and abs(rate - 0.001) < 1e-6, f"the learning rate is {rate}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Call build_model twice: the two models should have nothing in common, each with layers, weights and an optimiser of its own."
""" # END TEST CONFIG
def test_each_call_builds_anew(fresh_models):
    """Two calls of build_model give two models that share neither weights nor optimiser."""
    assert not fresh_models["same_object"], "two calls of build_model gave one and the same model"
    assert fresh_models["shared_variables"] == 0, f"the two models share {fresh_models['shared_variables']} variables"
    assert not fresh_models["same_optimizer"], "the two models share their optimiser"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Every row is asked about once
#
# How long should we train? That is a question for validation rows. But with a validation set of a hundred rows, a few odd
# houses in it decide the answer; with another hundred it would have been another one. **K-fold cross-validation** takes
# that luck out: divide the rows into $K$ parts (the *folds*). Train $K$ networks, each on all parts but one, and validate
# it on the part it has not seen. In the end every row has been asked about exactly once, by a network that did not know it.
# The price: $K$ trainings instead of one. For a small data set that is a bargain.

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 3

# %% [markdown]
# ### Question 3: which rows, when?
#
# Write `fold_indices(n, k)`. It divides the row numbers 0 to n - 1 into `k` folds and returns a list of `k` pairs
# `(training, validation)`. Both are arrays (or lists) of row numbers: `validation` is one of the folds, `training` all
# the rows outside it.
#
# For `n = 10` and `k = 3`, one possible answer is
#
# | | training | validation |
# | --- | --- | --- |
# | first pair | 4 5 6 7 8 9 | 0 1 2 3 |
# | second pair | 0 1 2 3 7 8 9 | 4 5 6 |
# | third pair | 0 1 2 3 4 5 6 | 7 8 9 |
#
# * Each row belongs to exactly one fold, also when `k` does not divide `n`. Then the folds are not all of the same size,
#   but no two differ by more than one row. (`n // k` rows for each fold, as on many slides, would forget the last row here.)
# * Which rows go together is up to you: blocks as above, every `k`-th row, or shuffled ones. Blocks are fine for us
#   because Keras has shuffled the rows already. In a table sorted by price they would be a disaster: each network would
#   be asked about a kind of house it has never seen.
#
# Then make `folds` for your training rows and $K = 4$.

# %% [raw]
# # BEGIN SOLUTION


# %%
def fold_indices(n, k):
    """Divide the rows 0, ..., n - 1 into k folds.

    Returns a list of k pairs (training, validation) of row numbers: each row is in exactly one of the k
    validation parts, and in the training part of all the other pairs.
    """
    # Hint: np.array_split(rows, k) cuts an array into k pieces. np.concatenate joins pieces, np.setdiff1d(a, b) gives
    # the numbers of a that are not in b.
    # BEGIN SOLUTION
    rows = np.arange(n)
    return [(np.setdiff1d(rows, validation), validation) for validation in np.array_split(rows, k)]
    # END SOLUTION


folds = fold_indices(len(x_train), 4)  # SOLUTION

for training, validation in folds:  # SOLUTION NO PROMPT
    print(len(training), "rows to train on,", len(validation), "to validate on:", validation[:5], "...")  # SOLUTION NO PROMPT

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_folds_are_four_pairs_of_row_numbers(folds, train_data):
    """folds is a list of four pairs of row numbers."""
    import numpy as np

    assert isinstance(folds, (list, tuple)), f"folds should be a list; it is {type(folds).__name__}. Does fold_indices return it?"
    assert len(folds) == 4, f"folds should have 4 pairs; yours has {len(folds)}"
    for pair in folds:
        assert len(pair) == 2, f"Each entry of folds should be a pair (training, validation); one of yours has {len(pair)} parts"
        for part in pair:
            rows = np.asarray(part)
            assert rows.ndim == 1 and rows.dtype.kind in "iu", "Each part of a pair should be an array of row numbers (integers)"
            assert rows.min() >= 0 and rows.max() < len(train_data), (
                f"Row numbers go from 0 to {len(train_data) - 1}; yours go from {rows.min()} to {rows.max()}"
            )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Write down the validation parts for a few small n and k. Is every row in one of them, and in no other? How many rows has each part?"
""" # END TEST CONFIG
def test_every_row_is_validated_on_once(split_examples):
    """The validation parts cover the rows, none twice, and their sizes differ by one at most."""
    import numpy as np

    for case, folds in split_examples.items():
        n, k = int(case.split()[0]), int(case.split()[-1])
        assert len(folds) == k, f"{case}: {len(folds)} folds"
        parts = [np.asarray(validation) for _, validation in folds]
        rows = np.sort(np.concatenate(parts))
        assert np.array_equal(rows, np.arange(n)), f"{case}: the validation parts hold {rows.size} rows, {np.unique(rows).size} of them different"
        sizes = [part.size for part in parts]
        assert max(sizes) - min(sizes) <= 1, f"{case}: validation parts of {sizes} rows"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "A network that has trained on a row can't be asked about it honestly. Do your training and validation parts have rows in common?"
""" # END TEST CONFIG
def test_no_row_is_in_both_parts(split_examples):
    """Training and validation part of a pair have no row in common."""
    import numpy as np

    for case, folds in split_examples.items():
        for number, (training, validation) in enumerate(folds, start=1):
            both = np.intersect1d(training, validation)
            assert both.size == 0, f"{case}: fold {number} trains on {both.size} of its {np.size(validation)} validation rows"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Each network should train on all the rows that it is not validated on: do you leave some out, or take some twice?"
""" # END TEST CONFIG
def test_all_other_rows_are_trained_on(split_examples):
    """The training part holds every row outside the validation part, once."""
    import numpy as np

    for case, folds in split_examples.items():
        n = int(case.split()[0])
        for number, (training, validation) in enumerate(folds, start=1):
            outside = np.setdiff1d(np.arange(n), validation)
            forgotten = np.setdiff1d(outside, training).size
            twice = np.size(training) - np.unique(training).size
            assert forgotten == 0, f"{case}: fold {number} trains on none of {forgotten} rows that it is not validated on"
            assert twice == 0, f"{case}: fold {number} trains on {twice} rows twice"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 5

# %% [markdown]
# ### Question 4: the loop
#
# Now the heart of the matter. Write `cross_validate`. For each pair of `folds` it
#
# 1. calls `build()` for a **new** network (with a network that remembers the fold before, you would validate on rows that
#    it has trained on);
# 2. trains it on the training rows: inputs *and* targets. NumPy takes a list of row numbers as an index:
#    `x[[5, 0, 2]]` is a table of three rows;
# 3. has Keras validate it on the validation rows after every epoch, through `validation_data`;
# 4. keeps what `fit` returned.
#
# It uses what it is given as arguments and nothing else: `build` instead of `build_model`, `x` instead of `x_train`.
# Then you can use it for the next data set too, and the checks can use it with a network that writes down which
# rows it gets to see. `verbose=0` keeps hundreds of lines of progress out of your notebook.

# %% [raw]
# # BEGIN SOLUTION


# %%
def cross_validate(build, x, y, folds, epochs, batch_size):
    """Train a new network for each fold.

    build: a function without arguments that returns a new, compiled network
    x, y: inputs of shape (n, features) and targets of shape (n,)
    folds: pairs (training, validation) of row numbers, as fold_indices returns them

    Returns a list with what model.fit returned for each fold, in the order of folds.
    """
    histories = []
    # BEGIN SOLUTION
    for training, validation in folds:
        model = build()
        history = model.fit(
            x[training],
            y[training],
            validation_data=(x[validation], y[validation]),
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
        )
        histories.append(history)
    # END SOLUTION
    return histories


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_one_history_for_each_fold(fold_runs):
    """cross_validate builds and trains a network for each fold, and returns what fit returned."""
    assert fold_runs["built"], "cross_validate should get its networks by calling build(), its first argument; it never did"
    runs, returned = len(fold_runs["runs"]), fold_runs["returned"]
    assert runs == 3, f"For three folds, cross_validate should call fit three times; yours called it {runs} times"
    assert len(returned) == 3, f"For three folds, cross_validate should return a list of three; yours has {len(returned)}"
    for item in returned:
        assert item["of_fit"], f"The list should hold what model.fit returned; yours holds something of the class {item['class']}"
        assert "val_loss" in item["curves"], f"Only the curves {item['curves']} were recorded: did you pass validation_data?"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Which rows does each of your networks get to train on? They should be the training rows of its fold: all of them, and no others."
""" # END TEST CONFIG
def test_each_network_trains_on_the_training_rows(fold_runs):
    """A network that writes down its batches saw the training rows of its fold, and no others."""
    import numpy as np

    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, (run, (training, validation)) in enumerate(zip(fold_runs["runs"], fold_runs["folds"]), start=1):
        seen = np.unique(np.asarray(run["training"])[:, 0])
        held_out = np.intersect1d(seen, validation).size
        assert held_out == 0, f"fold {number} trained on {held_out} of the {len(validation)} rows that it should be validated on"
        assert np.array_equal(seen, np.sort(training)), f"fold {number} trained on the rows {seen.tolist()} instead of {np.sort(training).tolist()}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "After each epoch a network should be asked about the validation rows of its own fold, and about no other rows."
""" # END TEST CONFIG
def test_each_network_is_validated_on_its_fold(fold_runs):
    """During fit, the network was asked about the validation rows of its fold, and about no others."""
    import numpy as np

    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, (run, (_, validation)) in enumerate(zip(fold_runs["runs"], fold_runs["folds"]), start=1):
        seen = np.unique(np.asarray(run["validation"])[:, 0])
        assert np.array_equal(seen, np.sort(validation)), f"fold {number} was validated on the rows {seen.tolist()} instead of {np.sort(validation).tolist()}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "A target belongs to one row: pick the targets with the same row numbers as the inputs, for training and for validation."
""" # END TEST CONFIG
def test_targets_go_with_their_rows(fold_runs):
    """Each row that was seen came with its own target."""
    import numpy as np

    assert fold_runs["runs"], "fit was never called"
    for number, run in enumerate(fold_runs["runs"], start=1):
        for name in ["training", "validation"]:
            rows = np.asarray(run[name])
            assert len(rows), f"fold {number}: there was no {name} at all"
            wrong = int(np.sum(rows[:, 3] != 100 + rows[:, 0]))
            assert wrong == 0, f"fold {number}: {wrong} of {len(rows)} rows came with the target of another row in {name}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "What does the second network know when its training begins? It should be as new as the first one was."
""" # END TEST CONFIG
def test_each_fold_begins_with_a_new_network(fold_runs):
    """No network had taken a step, or weights other than its first ones, when its fold began."""
    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, run in enumerate(fold_runs["runs"], start=1):
        trained = run["steps_before"] or run["weights_before"]
        assert not trained, f"fold {number} began with a network that had been trained for {run['steps_before']} steps"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Does each network train for the epochs, and in the batches, that cross_validate was asked for? And do the returned histories stand in the order of the folds?"
""" # END TEST CONFIG
def test_epochs_batches_and_order(fold_runs):
    """Each fold trained for the given epochs in batches of the given size, and the histories are in order."""
    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, run in enumerate(fold_runs["runs"], start=1):
        # Counted in passes through the rows that were really seen: which rows these are is another check's business.
        rows = len({tuple(row) for row in run["training"].tolist()})
        passes = len(run["training"]) / rows
        assert abs(passes - 2) < 1e-9, f"fold {number} went {passes:g} times through its rows where epochs=2"
        sizes = sorted(set(run["batch_sizes"]))
        assert max(sizes) == 4, f"fold {number} trained in batches of {sizes} rows where batch_size=4"
    order = [item["of_fit"] for item in fold_runs["returned"]]
    assert order == [[0], [1], [2]], f"the returned histories are those of the fits {order}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 2

# %% [markdown]
# ### Question 5: four networks, four opinions
#
# Run it: `histories` is what `cross_validate` returns for `build_model`, your normalised training data and your `folds`,
# with **60 epochs** and a **batch size of 4**. Expect to wait for about half a minute.
#
# (The lecture trains with `batch_size=1`, for 100 epochs and more. That makes more than 30,000 tiny steps a fold, and a
# coffee break. Four rows at a time, for 60 epochs, tell the same story.)
#
# Then collect
#
# * `fold_scores`: a list of four numbers, the validation MAE of each fold after its **last** epoch, in the order of the
#   folds;
# * `mean_score`: their mean, one number.

# %% [raw]
# # BEGIN SOLUTION

# %%
histories = cross_validate(build_model, x_train, y_train, folds, epochs=60, batch_size=4)  # SOLUTION

# Hint: histories[0].history is a dictionary with a list for each curve. Print its keys if you are not sure of a name.
fold_scores = [history.history["val_mae"][-1] for history in histories]  # SOLUTION
mean_score = float(np.mean(fold_scores))  # SOLUTION

print("validation MAE of each fold:", fold_scores)
print("mean:", mean_score)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_four_histories_and_four_scores(histories, fold_scores, mean_score):
    """There is a history and a score for each fold, and one mean."""
    import numpy as np

    assert isinstance(histories, (list, tuple)) and len(histories) == 4, "histories should be a list of four, one for each fold"
    for history in histories:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"histories should hold what model.fit returned; it holds something of type {type(history).__name__}"
        assert any(key.startswith("val_") and key != "val_loss" for key in curves), (
            f"There is no validation metric among the curves {sorted(curves)}: check metrics in compile, and validation_data in fit"
        )
    assert np.shape(fold_scores) == (4,), f"fold_scores should hold one number for each of the four folds; yours has the shape {np.shape(fold_scores)}"
    assert np.size(mean_score) == 1, f"mean_score should be one number; it is {mean_score!r}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Check what you hand to cross_validate: the function that builds the network, the normalised rows, their targets, the epochs and the batch size."
""" # END TEST CONFIG
def test_histories_are_those_of_the_normalised_data(histories, fold_replay, folds, train_data):
    """60 epochs in batches of 4, and a network that still answers for normalised rows as its history says."""
    from fairmark.checks import curve, epochs_run

    rows = len(train_data)
    for number, (history, (training, _)) in enumerate(zip(histories, folds), start=1):
        epochs = epochs_run(history)
        assert epochs == 60, f"fold {number} was trained for {epochs} epochs"
        # Rows that a mistake in q3 or q4 adds are not counted again here.
        allowed = {-(-len(training) // 4), -(-rows // 4)}
        steps = history.params.get("steps")
        assert steps in allowed, f"fold {number} took {steps} steps an epoch; batches of 4 make it {sorted(allowed)}"
    last = [float(curve(history, "val_mae")[-1]) for history in histories]
    # One fold, and any of the sets of rows, will do: which rows a fold is validated on costs points in q3 and q4.
    found = any(abs(told - value) < 2e-3 * value for told, replay in zip(last, fold_replay) for value in replay.values())
    assert found, f"the histories end with {last}; asked again about their normalised rows, the networks miss by {fold_replay}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "A score is what the validation rows say, in thousands of dollars, after the last epoch. Compare yours with the curves in histories."
""" # END TEST CONFIG
def test_scores_are_the_last_validation_errors(histories, fold_scores, mean_score):
    """fold_scores are the last validation MAE of the student's own histories, mean_score is their mean."""
    import numpy as np

    from fairmark.checks import curve

    last = np.array([float(curve(history, "val_mae")[-1]) for history in histories])
    found = np.asarray(fold_scores, dtype=float).ravel()
    assert found.shape == last.shape, f"fold_scores has {found.size} numbers for {last.size} histories"
    assert np.allclose(found, last, rtol=5e-3), f"fold_scores are {found.tolist()}; the histories end with {last.tolist()}"
    mean = np.asarray(mean_score, dtype=float).item()
    assert abs(mean - found.mean()) <= 5e-3 * found.mean(), f"mean_score is {mean}; the mean of fold_scores is {found.mean()}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# Look at the four scores. The network, the training and the table are the same in all four; only the rows that were asked
# about differ. Had you put just one set aside, any of these four numbers could have been your result, and you would not
# have known how far it is from the others. Their mean is a much safer number to base a decision on.
#
# ## How long should we train?

# %% [raw]
# # BEGIN QUESTION
# name: q6
# points: 2

# %% [markdown]
# ### Question 6: one curve out of four
#
# Each history holds a curve: the validation MAE after epoch 1, after epoch 2, and so on to the end. Average the four
# curves **over the folds**, epoch by epoch: `average_mae_history` is a list (or an array) of 60 numbers, the first of which
# is the mean of the four folds' errors after the first epoch.

# %% [raw]
# # BEGIN SOLUTION

# %%
# Hint: four lists of 60 numbers make a table. Which way do you have to average it?
average_mae_history = np.mean([history.history["val_mae"] for history in histories], axis=0)  # SOLUTION

print("epoch by epoch:", np.round(average_mae_history, 2))  # SOLUTION NO PROMPT

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_average_is_a_list_of_errors(average_mae_history):
    """average_mae_history is a list of numbers."""
    import numpy as np

    values = np.asarray(average_mae_history)
    assert values.ndim == 1 and values.size > 1 and values.dtype.kind == "f", (
        f"average_mae_history should be a list of numbers; yours has the shape {values.shape}"
    )

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "How many numbers should there be, one for what? And of which of the four curves in a history? Work out the first number by hand and compare."
""" # END TEST CONFIG
def test_average_over_the_folds(average_mae_history, histories):
    """The average is that of the validation MAE in the student's own histories, epoch by epoch."""
    import numpy as np

    from fairmark.checks import curve

    expected = np.mean([curve(history, "val_mae") for history in histories], axis=0)
    found = np.asarray(average_mae_history, dtype=float)
    assert found.shape == expected.shape, f"average_mae_history has {found.size} numbers for {expected.size} epochs"
    assert np.allclose(found, expected, rtol=1e-3), f"it begins with {found[:3].tolist()}; the histories say {expected[:3].tolist()}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q7
# points: 4

# %% [markdown]
# ### Question 7: see the forest, not the leaves
#
# The averaged curve falls steeply at first, and then it trembles: the steps of the optimiser are random, and so is each
# single value. To see where the curve is heading, smooth it. Replace each point by a mixture of the smoothed point before
# it and the point itself. This is called an **exponential moving average**:
#
# $$s_0 = p_0, \qquad s_i = \text{factor} \cdot s_{i-1} + (1 - \text{factor}) \cdot p_i$$
#
# With `factor=0.5`, the points `[2, 4, 4]` become `[2, 3, 3.5]`. The larger the factor, the smoother the curve, and the
# longer it remembers: with 0.9, about the last ten points.
#
# 1. Write `smooth_curve`. Its `points` may be a list or a NumPy array, also an empty one; it returns a list (or an array)
#    of the same length. (To find out whether there are any points, ask for `len(points)`: with an array, `if not points`
#    raises an error.)
# 2. Smooth the average from the **eleventh** epoch on: `smoothed_mae_history` is
#    `smooth_curve(average_mae_history[10:])`. The first ten errors are so large that they would spoil the picture, and
#    the curve's memory.
# 3. Draw `mae_figure` with two curves, the average and the smoothed one, both from the eleventh epoch on. Label the axes
#    and add a legend. The first point you draw belongs to epoch 11.

# %% [raw]
# # BEGIN SOLUTION


# %%
def smooth_curve(points, factor=0.9):
    """Return the exponential moving average of points: as many numbers, the first one unchanged."""
    # BEGIN SOLUTION
    smoothed = []
    for point in points:
        previous = smoothed[-1] if smoothed else point
        smoothed.append(factor * previous + (1 - factor) * point)
    return smoothed
    # END SOLUTION


smoothed_mae_history = smooth_curve(average_mae_history[10:])  # SOLUTION

mae_figure, mae_axes = plt.subplots(figsize=(8, 4))
# BEGIN SOLUTION
epochs = range(11, len(average_mae_history) + 1)
mae_axes.plot(epochs, average_mae_history[10:], "o-", alpha=0.5, label="average of the folds")
mae_axes.plot(epochs, smoothed_mae_history, label="smoothed")
mae_axes.set_xlabel("epoch")
mae_axes.set_ylabel("validation MAE (thousand dollars)")
mae_axes.legend()
# END SOLUTION
plt.show()

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 1
""" # END TEST CONFIG
def test_example_of_the_question(smoothing_examples):
    """The example in the question comes out as shown there."""
    import numpy as np

    found = smoothing_examples["example"]["smoothed"]
    assert np.allclose(found, [2, 3, 3.5]) if np.shape(found) == (3,) else False, (
        f"[2, 4, 4] smoothed with factor=0.5 should give [2, 3, 3.5]; yours gives {found.tolist()}"
    )

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_figure_speaks_for_itself(figure_facts):
    """The figure says what its axes and its curves mean."""
    assert len(figure_facts["curves"]) >= 2, f"mae_figure should show two curves; {len(figure_facts['curves'])} found"
    assert figure_facts["x_labels"], "mae_figure: the horizontal axis has no label"
    assert figure_facts["y_labels"], "mae_figure: the vertical axis has no label"
    assert len(figure_facts["legend"]) >= 2, f"mae_figure: the legend should name both curves; it names {figure_facts['legend']}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "Go through the formula by hand for a list of three or four points and a factor other than 0.5. What is mixed with what, and in which proportion?"
""" # END TEST CONFIG
def test_exponential_moving_average(smoothing_examples):
    """Other lists, other factors, the default factor, a single point and no point."""
    import numpy as np

    for case, facts in smoothing_examples.items():
        expected: list[float] = []
        for point in facts["points"]:
            expected.append(facts["factor"] * expected[-1] + (1 - facts["factor"]) * point if expected else point)
        found = np.asarray(facts["smoothed"], dtype=float)
        assert found.shape == (len(expected),), f"{case}: {len(expected)} points became {found.size}"
        assert np.allclose(found, expected, rtol=1e-4), (
            f"{case}: {facts['points'].tolist()} with factor={facts['factor']} became {found.tolist()} instead of {expected}"
        )

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "smoothed_mae_history should smooth your averaged curve from the eleventh epoch on, with the default factor: how many points are that?"
""" # END TEST CONFIG
def test_smoothed_average(smoothed_mae_history, average_mae_history):
    """It is the student's own average, without the first ten epochs, smoothed with 0.9."""
    import numpy as np

    expected: list[float] = []
    for point in np.asarray(average_mae_history, dtype=float)[10:]:
        expected.append(0.9 * expected[-1] + 0.1 * point if expected else point)
    found = np.asarray(smoothed_mae_history, dtype=float)
    assert found.shape == (len(expected),), f"smoothed_mae_history has {found.size} points, not {len(expected)}"
    assert np.allclose(found, expected, rtol=1e-3), f"it begins with {found[:3].tolist()} instead of {np.round(expected[:3], 4).tolist()}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "The figure should show your averaged curve and your smoothed curve, both from the eleventh epoch on."
""" # END TEST CONFIG
def test_figure_shows_both_curves(figure_facts, average_mae_history, smoothed_mae_history):
    """The curves drawn are the student's own average and smoothed average."""
    import numpy as np

    def drawn(values):
        values = np.asarray(values, dtype=float)
        curves = [np.asarray(curve, dtype=float) for curve in figure_facts["curves"]]
        return any(curve.shape == values.shape and np.allclose(curve, values, rtol=1e-3) for curve in curves)

    lengths = [len(curve) for curve in figure_facts["curves"]]
    assert drawn(average_mae_history[10:]), f"no curve of mae_figure is average_mae_history[10:]; they have {lengths} points"
    assert drawn(smoothed_mae_history), f"no curve of mae_figure is smoothed_mae_history; they have {lengths} points"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# **What you should see.** A restless curve, and a calm one that follows it at a distance (that is the price of a memory:
# the smoothed curve always lags a little). It falls, slower and slower. What happens then differs from data set to data
# set and from run to run: it may rise again, because the networks begin to learn their few hundred rows by heart; it may
# stay level, so that further training is wasted; or it may still be falling at the end, and then more epochs would have
# helped.

# %% [raw]
# # BEGIN QUESTION
# name: q8
# points: 2

# %% [markdown]
# ### Question 8: the best epoch
#
# Find the lowest point of `smoothed_mae_history` and say which epoch it belongs to: `best_epoch` is an integer, counted
# from 1 for the very first epoch of the training. Let the code find it. Every run gives slightly different curves, and
# your answer has to fit the curve at hand.
#
# Mind where your list begins. Its first entry has the position 0 and belongs to epoch 11. A network that is to be trained
# for `best_epoch` epochs does not care about positions in lists.

# %% [raw]
# # BEGIN SOLUTION

# %%
best_epoch = int(np.argmin(smoothed_mae_history)) + 11  # SOLUTION

print("best epoch:", best_epoch)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_best_epoch_is_one_of_the_epochs(best_epoch, average_mae_history):
    """best_epoch is a whole number that names one of the epochs."""
    import numbers

    assert isinstance(best_epoch, numbers.Real) and best_epoch == int(best_epoch), f"best_epoch should be a whole number; it is {best_epoch!r}"
    last = len(average_mae_history)
    assert 1 <= best_epoch <= last, f"best_epoch should be between 1 and {last}; it is {best_epoch}"

# %%
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "Which epoch of the training does the first entry of smoothed_mae_history belong to? Count on from there to the lowest entry."
""" # END TEST CONFIG
def test_best_epoch(best_epoch, smoothed_mae_history):
    """best_epoch is the epoch of the lowest point of the student's own smoothed curve, which begins at epoch 11."""
    import numpy as np

    curve = np.asarray(smoothed_mae_history, dtype=float)
    lowest = [int(place) + 11 for place in np.flatnonzero(curve <= curve.min() * (1 + 1e-6))]
    assert best_epoch in lowest, f"best_epoch is {best_epoch}; the smoothed curve is lowest at {lowest}"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## The final network

# %% [raw]
# # BEGIN QUESTION
# name: q9
# points: 5

# %% [markdown]
# ### Question 9: all the rows, and one judgement
#
# The folds have answered their question, and their four networks have done their duty. Now
#
# 1. build a **new** network, `final_model`, with `build_model()`;
# 2. train it on **all** training rows for `best_epoch` epochs, again with a batch size of 4. No validation data are needed
#    any more: the decision is made;
# 3. evaluate it on the test set. `test_mae` is its mean absolute error there, in thousands of dollars.
#
# This is the first and only time that the test set is used. Had you tried each number of epochs on it and kept the best
# one, the result would be better, and worth nothing: the number of epochs would have been chosen to please these rows.

# %% [raw]
# # BEGIN SOLUTION

# %%
final_model = build_model()  # SOLUTION

# Train it. Then evaluate it: evaluate(..., return_dict=True) gives its results by name.
# BEGIN SOLUTION
final_model.fit(x_train, y_train, epochs=best_epoch, batch_size=4, verbose=0)
results = final_model.evaluate(x_test, y_test, verbose=0, return_dict=True)
# END SOLUTION

test_mae = results["mae"]  # SOLUTION

print("mean absolute error on the test set, in thousands of dollars:", test_mae)

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
""" # BEGIN TEST CONFIG
points: 0
""" # END TEST CONFIG
def test_result_is_an_error(final_model, test_mae):
    """final_model is a Keras model and test_mae one positive number."""
    import keras
    import numpy as np

    assert isinstance(final_model, keras.Model), f"final_model should be a Keras model; it is {type(final_model).__name__}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be one number; it is {test_mae!r}"
    assert np.asarray(test_mae).item() > 0, f"An error is positive; yours is {test_mae}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "The final network should be a new one that has never been trained before, with nothing taken over from the folds."
""" # END TEST CONFIG
def test_final_model_is_a_new_network(shared_variables):
    """The final model shares no weights with any model of the folds."""
    assert shared_variables == 0, f"final_model shares {shared_variables} variables with the networks of the folds"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "How many steps are best_epoch passes through all training rows, four at a time? Check the rows, the epochs and the batch size of your final training."
""" # END TEST CONFIG
def test_final_training(final_training, best_epoch):
    """The final model has taken the steps of best_epoch (the student's own) passes through all rows in batches of 4."""
    an_epoch = -(-final_training["training_rows"] // 4)
    steps, expected = final_training["steps_taken"], int(best_epoch) * an_epoch
    assert steps == expected, f"final_model has taken {steps} steps; {best_epoch} epochs of {an_epoch} are {expected}"

# %%
""" # BEGIN TEST CONFIG
points: 1
hidden: true
failure_message: "test_mae should be the mean absolute error of final_model, as it is now, on the test rows: in thousands of dollars, not squared, and of no other rows."
""" # END TEST CONFIG
def test_reported_error_is_that_of_the_model(final_model, test_mae, x_test, y_test):
    """The reported error is what the model's weights give on the student's own normalised test rows."""
    import numpy as np

    from fairmark.checks import mean_absolute_error

    expected = mean_absolute_error(final_model, np.asarray(x_test), np.asarray(y_test))
    found = np.asarray(test_mae).item()
    assert abs(found - expected) <= 5e-3 * expected, f"test_mae is {found:.4f}; final_model misses the test rows by {expected:.4f} on average"

# %% data="boston_housing"
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "On the test rows, the final network misses by more than a network trained as described here does. Follow the three steps of the question once more."
""" # END TEST CONFIG
def test_error_on_the_test_set(final_model):
    """On test rows normalised by the examiner, the final model is as close as correctly trained networks are."""
    from fairmark.checks import mean_absolute_error, threshold
    from fairmark.data import load

    (train, _), (test, y_test) = load("boston_housing")
    mae = mean_absolute_error(final_model, (test - train.mean(axis=0)) / train.std(axis=0), y_test)
    bar = threshold("test_mae")
    assert bar.not_exceeded_by(mae), f"final_model misses by {mae:.3f} thousand dollars; {bar} is needed"

# %% data="california_housing"
""" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: "On the test rows, the final network misses by more than a network trained as described here does. Follow the three steps of the question once more."
""" # END TEST CONFIG
def test_error_on_the_test_set(final_model):
    """On test rows normalised by the examiner, the final model is as close as correctly trained networks are."""
    from fairmark.checks import mean_absolute_error, threshold
    from fairmark.data import load

    (train, _), (test, y_test) = load("california_housing")
    mae = mean_absolute_error(final_model, (test - train.mean(axis=0)) / train.std(axis=0), y_test / 1000)
    bar = threshold("test_mae")
    assert bar.not_exceeded_by(mae), f"final_model misses by {mae:.3f} thousand dollars; {bar} is needed"

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown] data="boston_housing"
# You should be off by about 2 to 3 thousand dollars on average, where guessing the mean was off by more than twice as
# much. Compare it with `mean_score`: did the folds tell you beforehand what to expect? The test set has only about a
# hundred rows itself, so its number depends on luck as much as that of a single fold.

# %% [markdown] data="california_housing"
# You should be off by some 30 to 45 thousand dollars on average, where guessing the mean was off by about twice as much.
# Compare it with `mean_score`: did the folds tell you beforehand what to expect? The test set has only about a hundred
# rows itself, so its number depends on luck as much as that of a single fold.

# %% [markdown]
# ## Looking back
#
# What to take along to the next data set:
#
# * for a quantity: one unit without an activation, `mse` to learn by, `mae` to read;
# * features of one scale, with numbers taken from the training rows only;
# * few rows: K-fold. A new network for each fold, no row that a network has seen among those it is asked about, and the
#   mean over the folds as the result;
# * a decision (here: how long to train) is made on the folds, and the test set is opened once.
#
# If you have time (nothing here is graded): normalise inside the folds, with the training rows of each fold, and see how
# little changes. Try $K = 10$, or no hidden layer at all.

# %% [markdown] data="boston_housing"
# And train once more without the column `B`, in a new cell that begins with
#
# ```python
# x_train = np.delete(normalise(train_data, test_data)[0], feature_names.index("B"), axis=1)
# ```
#
# (under this name, for `build_model` counts its columns) and then calls `cross_validate` again. By how much does
# `mean_score` change, and by how much from one training to the next? Delete the cell before you hand in.

# %% [markdown] data="california_housing"
# And train once more without longitude and latitude, in a new cell that begins with
#
# ```python
# x_train = normalise(train_data, test_data)[0][:, 2:]
# ```
#
# (under this name, for `build_model` counts its columns) and then calls `cross_validate` again. How much of a price is a
# matter of place? Delete the cell before you hand in.
