# %% [markdown]
# Functional API, objects instead of strings, every fourth row, single precision, n - 1 in the standard deviation.

# %% question="q1"
def normalise(train, test):
    """Bring both tables to the scale of the training rows."""
    scale = {"loc": np.mean(train, axis=0, dtype="float64"), "spread": np.std(train, axis=0, dtype="float64", ddof=1)}
    return tuple(((table - scale["loc"]) / scale["spread"]).astype(np.float32) for table in (train, test))


x_train, x_test = normalise(train_data, test_data)

# %% question="q2"
from keras import Input, Model, layers, losses, metrics, optimizers


def build_model():
    """Return the 64-64-1 network, compiled."""
    house = Input(shape=train_data.shape[1:], name="house")
    hidden = house
    for number in (1, 2):
        hidden = layers.Dense(64, activation=keras.activations.relu, name=f"hidden_{number}")(hidden)
    price = layers.Dense(1, activation="linear", name="price")(hidden)
    network = Model(inputs=house, outputs=price, name="appraiser")
    network.compile(
        loss=losses.MeanSquaredError(),
        optimizer=optimizers.RMSprop(learning_rate=1e-3),
        metrics=[metrics.MeanAbsoluteError(name="mae")],
    )
    return network


model = build_model()


# %% question="q3"
def fold_indices(n, k):
    """Every k-th row belongs to the same fold."""
    number = np.arange(n) % k
    return [(np.flatnonzero(number != fold), np.flatnonzero(number == fold)) for fold in range(k)]


folds = fold_indices(x_train.shape[0], k=4)


# %% question="q4"
def cross_validate(build, x, y, folds, epochs, batch_size):
    """One expression a fold."""
    return [
        build().fit(
            x=x[training],
            y=y[training],
            batch_size=batch_size,
            epochs=epochs,
            verbose=0,
            validation_data=(x[held_out], y[held_out]),
        )
        for training, held_out in folds
    ]


# %% question="q5"
histories = cross_validate(build=build_model, x=x_train, y=y_train, folds=folds, epochs=60, batch_size=4)
fold_scores = np.array([record.history["val_mae"] for record in histories])[:, -1]
mean_score = fold_scores.mean()

# %% question="q6"
average_mae_history = np.stack([record.history["val_mae"] for record in histories]).mean(axis=0)

# %% question="q7"
from itertools import accumulate


def smooth_curve(points, factor=0.9):
    """Fold the formula over the points."""
    return list(accumulate(points, lambda before, point: factor * before + (1 - factor) * point))


smoothed_mae_history = np.array(smooth_curve(average_mae_history[10:]))

mae_figure = plt.figure()
axes = mae_figure.add_subplot()
for curve, name in [(average_mae_history[10:], "mean of four folds"), (smoothed_mae_history, "moving average")]:
    axes.plot(np.arange(11, 61), curve, label=name)
axes.set(xlabel="Epoch", ylabel="MAE", title="Validation")
mae_figure.legend()

# %% question="q8"
best_epoch = np.arange(11, 61)[smoothed_mae_history.argmin()]

# %% question="q9"
final_model = build_model()
final_model.fit(x_train, y_train, batch_size=4, epochs=int(best_epoch), verbose=0)
_, test_mae = final_model.evaluate(x_test, y_test, verbose=0)
