# %% [markdown]
# Pipelines of `tf.data`, boolean masks, tensors, a smoothed curve in closed form.

# %% question="q1"
def normalise(train, test):
    """Through keras.ops."""
    train, test = keras.ops.cast(train, "float32"), keras.ops.cast(test, "float32")
    mean, variance = keras.ops.moments(train, axes=[0], keepdims=True)
    return (train - mean) / keras.ops.sqrt(variance), (test - mean) / keras.ops.sqrt(variance)


x_train, x_test = (np.array(table) for table in normalise(train_data, test_data))


# %% question="q2"
def build_model():
    """Return the network."""
    network = keras.Sequential(
        [keras.Input(x_train.shape[1:])]
        + [keras.layers.Dense(units, activation) for units, activation in [(64, "relu"), (64, "relu"), (1, None)]]
    )
    network.compile("rmsprop", "mean_squared_error", metrics=["mae"])
    return network


model = build_model()


# %% question="q3"
def fold_indices(n, k):
    """A label for each row, in a random order; labels make masks, masks make row numbers."""
    labels = np.random.permutation(np.arange(n) * k // n)
    return [(np.nonzero(labels != fold)[0], np.nonzero(labels == fold)[0]) for fold in range(k)]


folds = fold_indices(len(x_train), 4)

# %% question="q4"
import tensorflow as tf


def pipeline(x, y, batch_size, shuffle=False):
    """Return batches of rows with their targets."""
    rows = tf.data.Dataset.from_tensor_slices((x, y))
    return (rows.shuffle(len(x)) if shuffle else rows).batch(batch_size)


def cross_validate(build, x, y, folds, epochs, batch_size):
    """Feed each network from pipelines."""
    histories = []
    for training, validation in folds:
        train_set = pipeline(x[training], y[training], batch_size, shuffle=True)
        val_set = pipeline(x[validation], y[validation], len(validation))
        histories.append(build().fit(train_set, validation_data=val_set, epochs=epochs, verbose=0))
    return histories


# %% question="q5"
histories = cross_validate(build_model, x_train, y_train.astype("float32"), folds, epochs=60, batch_size=4)
fold_scores = [float(np.float32(history.history["val_mae"][-1])) for history in histories]
mean_score = float(tf.reduce_mean(fold_scores))

# %% question="q6"
average_mae_history = np.average([history.history["val_mae"] for history in histories], axis=0).astype("float32")


# %% question="q7"
def smooth_curve(points, factor=0.9):
    """All points at once: a triangular matrix of weights."""
    points = np.asarray(points, dtype="float64")
    i, j = np.indices((len(points), len(points)))
    weights = np.where(i >= j, (1 - factor) * factor ** np.abs(i - j), 0)
    weights[:, :1] = factor ** i[:, :1]
    return weights @ points


smoothed_mae_history = smooth_curve(average_mae_history[10:])

mae_figure = plt.figure(figsize=(9, 3))
plt.plot(range(11, 61), average_mae_history[10:], ".", label="raw")
plt.plot(range(11, 61), smoothed_mae_history, "-", label="smooth")
plt.gca().set(xlabel="epoch", ylabel="error")
plt.legend()

# %% question="q8"
best_epoch = np.argsort(smoothed_mae_history, kind="stable")[0] + 11

# %% question="q9"
final_model = build_model()
final_model.fit(pipeline(x_train, y_train.astype("float32"), 4, shuffle=True), epochs=best_epoch, verbose=0)
test_mae = final_model.evaluate(pipeline(x_test, y_test.astype("float32"), 32), verbose=0)[1]
