# %% [markdown]
# A subclass with a functional graph, metrics as functions, `np.delete`, a table of curves, an error computed by hand.

# %% question="q1"
def columnwise(table):
    """Return mean and standard deviation of each column."""
    mean = table.sum(axis=0) / len(table)
    return mean, np.sqrt(((table - mean) ** 2).sum(axis=0) / len(table))


def normalise(train, test):
    """Return z-scores with respect to train."""
    mean, deviation = columnwise(train)
    z = lambda table: (table - mean) / deviation
    return z(train), z(test)


x_train = normalise(train_data, test_data)[0]
x_test = normalise(train_data, test_data)[1]


# %% question="q2"
class PriceModel(keras.Model):
    """The network, with a graph."""

    def __init__(self, features):
        inputs = keras.Input((features,))
        outputs = keras.Sequential(
            [
                keras.layers.Dense(64, "relu"),
                keras.layers.Dense(64, "relu"),
                keras.layers.Dense(1),
            ]
        )(inputs)
        super().__init__(inputs=inputs, outputs=outputs)


def build_model():
    """Return a compiled PriceModel."""
    network = PriceModel(x_train.shape[1])
    network.compile(
        optimizer=keras.optimizers.RMSprop(),
        loss=keras.losses.MeanSquaredError(),
        metrics=[keras.metrics.MeanAbsoluteError(), keras.metrics.RootMeanSquaredError()],
        steps_per_execution=10,
    )
    return network


model = build_model()


# %% question="q3"
def fold_indices(n, k):
    """The folds' ends lie at equal distances, rounded."""
    ends = [round(i * n / k) for i in range(k + 1)]
    everything = np.arange(n)
    return [
        (np.delete(everything, slice(first, last)), everything[first:last]) for first, last in zip(ends[:-1], ends[1:])
    ]


folds = fold_indices(len(y_train), 4)


# %% question="q4"
def cross_validate(build, x, y, folds, epochs, batch_size):
    """Delete the validation rows from the table."""

    def run(fold):
        _, rows = fold
        network = build()
        return network.fit(
            np.delete(x, rows, axis=0),
            np.delete(y, rows, axis=0),
            validation_data=[x[rows], y[rows]],
            validation_batch_size=len(rows),
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
        )

    return list(map(run, folds))


# %% question="q5"
histories = cross_validate(build_model, x_train, y_train[:, np.newaxis], folds, 60, 4)
key = next(name for name in histories[0].history if name.startswith("val_mean_absolute_error"))
curves = np.array([history.history[key] for history in histories])
fold_scores = list(curves[:, -1])
mean_score = np.mean(fold_scores)

# %% question="q6"
average_mae_history = curves.sum(axis=0) / len(curves)


# %% question="q7"
def smooth_curve(points, factor=0.9):
    """Recursion: the last point is mixed with the smoothed others."""
    points = list(points)
    if len(points) < 2:
        return points
    before = smooth_curve(points[:-1], factor)
    return before + [factor * before[-1] + (1 - factor) * points[-1]]


smoothed_mae_history = smooth_curve(average_mae_history[10:])

import pandas as pd

table = pd.DataFrame({"average": average_mae_history[10:], "smoothed": smoothed_mae_history}, index=range(11, 61))
axes = table.plot(xlabel="epoch", ylabel="MAE (thousand dollars)")
mae_figure = axes.get_figure()

# %% question="q8"
best_epoch = int(table["smoothed"].idxmin())

# %% question="q9"
final_model = build_model()
final_model.fit(x_train, y_train[:, np.newaxis], epochs=best_epoch, batch_size=4, verbose=0)
answers = final_model.predict(x_test, verbose=0)[:, 0]
test_mae = float(np.abs(answers - y_test).mean())
