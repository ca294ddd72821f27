# %% [markdown]
# As the slides have it: `add`, `input_shape`, blocks of rows glued together, `axis=0` by name only where needed.

# %% question="q1"
def normalise(train, test):
    """Subtract the mean and divide by the standard deviation of the training data."""
    train = np.array(train, dtype="float64")
    test = np.array(test, dtype="float64")
    mean = train.mean(axis=0)
    train -= mean
    std = train.std(axis=0)
    train /= std
    test -= mean
    test /= std
    return train, test


x_train, x_test = normalise(train_data, test_data)

# %% question="q2"
from keras import layers, models


def build_model():
    """Return a compiled network; it is needed several times."""
    model = models.Sequential()
    model.add(layers.Dense(64, activation="relu", input_shape=(x_train.shape[1],)))
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(1))
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    return model


model = build_model()


# %% question="q3"
def fold_indices(n, k):
    """Cut the rows into blocks; the first n % k blocks have one row more."""
    folds = []
    start = 0
    for i in range(k):
        stop = start + n // k + (1 if i < n % k else 0)
        val_rows = np.arange(start, stop)
        partial_train_rows = np.concatenate([np.arange(0, start), np.arange(stop, n)], axis=0)
        folds.append((partial_train_rows, val_rows))
        start = stop
    return folds


folds = fold_indices(len(x_train), 4)


# %% question="q4"
def cross_validate(build, x, y, folds, epochs, batch_size):
    """Train and validate fold by fold."""
    histories = []
    for i in range(len(folds)):
        print("processing fold #", i)
        keras.backend.clear_session()
        partial_train_rows, val_rows = folds[i]
        val_data = x[val_rows]
        val_targets = y[val_rows]
        partial_train_data = x[partial_train_rows]
        partial_train_targets = y[partial_train_rows]
        model = build()
        history = model.fit(
            partial_train_data,
            partial_train_targets,
            validation_data=(val_data, val_targets),
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
        )
        histories.append(history)
    return histories


# %% question="q5"
num_epochs = 60
histories = cross_validate(build_model, x_train, y_train, folds, num_epochs, 4)
fold_scores = []
for history in histories:
    mae_history = history.history["val_mae"]
    fold_scores.append(mae_history[-1])
mean_score = np.mean(fold_scores)

# %% question="q6"
all_mae_histories = [history.history["val_mae"] for history in histories]
average_mae_history = [np.mean([x[i] for x in all_mae_histories]) for i in range(num_epochs)]


# %% question="q7"
def smooth_curve(points, factor=0.9):
    """Exponential moving average."""
    smoothed_points = []
    for point in points:
        if smoothed_points:
            previous = smoothed_points[-1]
            smoothed_points.append(previous * factor + point * (1 - factor))
        else:
            smoothed_points.append(point)
    return smoothed_points


smoothed_mae_history = smooth_curve(average_mae_history[10:])

mae_figure = plt.figure()
plt.plot(range(11, len(smoothed_mae_history) + 11), average_mae_history[10:], "bo", label="MAE")
plt.plot(range(11, len(smoothed_mae_history) + 11), smoothed_mae_history, "b", label="Smoothed MAE")
plt.xlabel("Epochs")
plt.ylabel("Validation MAE")
plt.legend()
plt.show()

# %% question="q8"
best_epoch = 11 + smoothed_mae_history.index(min(smoothed_mae_history))

# %% question="q9"
final_model = build_model()
final_model.fit(x_train, y_train, epochs=best_epoch, batch_size=4, verbose=0)
test_mse_score, test_mae = final_model.evaluate(x_test, y_test)
