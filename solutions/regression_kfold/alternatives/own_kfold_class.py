# %% [markdown]
# A class `KFold` with the interface of scikit-learn's, shuffled rows, a scaler object, a History of its own.

# %% question="q1"
class StandardScaler:
    """Remembers the columns' means and deviations of the table it was fitted to."""

    def fit(self, table):
        self.mean_, self.scale_ = table.mean(axis=0, keepdims=True), table.std(axis=0, keepdims=True)
        return self

    def transform(self, table):
        return np.divide(np.subtract(table, self.mean_), self.scale_)


def normalise(train, test):
    """Fit to the training rows, transform both."""
    scaler = StandardScaler().fit(train)
    return [scaler.transform(train), scaler.transform(test)]


x_train, x_test = normalise(train_data, test_data)


# %% question="q2"
def build_model():
    """Return a new network."""
    units = [64, 64]
    network = keras.Sequential(name="prices")
    network.add(keras.layers.InputLayer(shape=(x_train.shape[-1],)))
    for count in units:
        network.add(keras.layers.Dense(count))
        network.add(keras.layers.ReLU())
    network.add(keras.layers.Dense(1, activation=None))
    network.compile("RMSprop", keras.losses.mean_squared_error, metrics=["mean_absolute_error", "mse"])
    return network


model = build_model()


# %% question="q3"
class KFold:
    """Shuffled folds."""

    def __init__(self, n_splits, shuffle=True, random_state=0):
        self.n_splits, self.shuffle, self.random_state = n_splits, shuffle, random_state

    def split(self, rows):
        order = np.arange(rows)
        if self.shuffle:
            np.random.default_rng(self.random_state).shuffle(order)
        for part in range(self.n_splits):
            held_out = order[part :: self.n_splits]
            yield order[~np.isin(order, held_out)], held_out


def fold_indices(n, k):
    """All the splits as a list."""
    return list(KFold(k).split(n))


folds = fold_indices(len(train_data), 4)


# %% question="q4"
def cross_validate(build, x, y, folds, epochs, batch_size):
    """Train a network for each split and keep the callbacks that recorded it."""
    records = []
    for train_index, val_index in folds:
        record = keras.callbacks.History()
        network = build()
        network.fit(
            np.take(x, train_index, axis=0),
            np.take(y, train_index, axis=0),
            batch_size,
            epochs,
            0,
            [record],
            validation_data=(np.take(x, val_index, axis=0), np.take(y, val_index, axis=0)),
        )
        records.append(record)
    return records


# %% question="q5"
histories = cross_validate(build_model, x_train, y_train, folds, 60, 4)
fold_scores = tuple(record.history["val_mean_absolute_error"][-1] for record in histories)
mean_score = sum(fold_scores) / len(fold_scores)

# %% question="q6"
average_mae_history = [
    sum(values) / len(values) for values in zip(*(record.history["val_mean_absolute_error"] for record in histories))
]


# %% question="q7"
def smooth_curve(points, factor=0.9):
    """Walk along the points with one running value."""
    running, out = None, []
    for point in points:
        running = point if running is None else running + (1 - factor) * (point - running)
        out.append(running)
    return out


smoothed_mae_history = smooth_curve(average_mae_history[10:])

mae_figure, (upper, lower) = plt.subplots(2, 1, sharex=True)
upper.scatter(range(11, 61), average_mae_history[10:], label="average")
lower.plot(range(11, 61), smoothed_mae_history, label="smoothed")
upper.legend()
lower.legend()
mae_figure.supxlabel("epoch")
mae_figure.supylabel("MAE")

# %% question="q8"
best_epoch, lowest = None, float("inf")
for epoch, value in enumerate(smoothed_mae_history, start=11):
    if value < lowest:
        best_epoch, lowest = epoch, value

# %% question="q9"
final_model = build_model()
for _ in range(best_epoch):
    final_model.fit(x_train, y_train, batch_size=4, verbose=0)
results = final_model.evaluate(x_test, y_test, return_dict=True, verbose=0)
test_mae = results["mean_absolute_error"]
