# %% [markdown]
# Plain Python: lists of row numbers, loops, sums, own loss and metric functions.

# %% question="q1"
def normalise(train, test):
    """Column by column."""
    new_train, new_test = np.empty(train.shape), np.empty(test.shape)
    for column in range(train.shape[1]):
        values = [float(value) for value in train[:, column]]
        mean = sum(values) / len(values)
        deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
        for table, new in ((train, new_train), (test, new_test)):
            for row in range(len(table)):
                new[row, column] = (table[row, column] - mean) / deviation
    return new_train, new_test


x_train, x_test = normalise(train_data, test_data)


# %% question="q2"
def misses(y_true, y_pred):
    """By how much each answer is off: targets are a row of numbers, answers a column."""
    return y_pred - keras.ops.reshape(keras.ops.cast(y_true, "float32"), keras.ops.shape(y_pred))


def squared(y_true, y_pred):
    """Squared error of each row."""
    return keras.ops.mean(misses(y_true, y_pred) ** 2, axis=-1)


def mae(y_true, y_pred):
    """Absolute error of each row."""
    return keras.ops.mean(keras.ops.abs(misses(y_true, y_pred)), axis=-1)


def build_model():
    """Layer upon layer."""
    x = inputs = keras.layers.Input(shape=(len(feature_names),))
    x = keras.layers.Dense(64)(x)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.Dense(64)(x)
    x = keras.activations.relu(x)
    x = keras.layers.Dense(units=1)(x)
    network = keras.models.Model(inputs, x)
    network.compile(optimizer="RMSprop", loss=squared, metrics=[mae])
    return network


model = build_model()


# %% question="q3"
def fold_indices(n, k):
    """Deal the rows out like cards, then collect the hands."""
    hands = [[] for _ in range(k)]
    for row in range(n):
        hands[row % k].append(row)
    folds = []
    for i in range(k):
        training = []
        for j in range(k):
            if j != i:
                training += hands[j]
        folds.append([training, hands[i]])
    return folds


folds = fold_indices(len(x_train), 4)


# %% question="q4"
def cross_validate(build, x, y, folds, epochs, batch_size):
    """Collect rows one by one."""
    histories = []
    for training, validation in folds:
        x_part = np.array([x[row] for row in training])
        y_part = np.array([y[row] for row in training])
        x_val = np.array([x[row] for row in validation])
        y_val = np.array([y[row] for row in validation])
        network = build()
        network.fit(x_part, y_part, batch_size=batch_size, epochs=epochs, validation_data=(x_val, y_val), verbose=0)
        histories.append(network.history)
    return histories


# %% question="q5"
histories = cross_validate(build_model, x_train, y_train, folds, 60, 4)
fold_scores = [round(history.history["val_mae"][59], 4) for history in histories]
mean_score = 0
for score in fold_scores:
    mean_score += score / 4

# %% question="q6"
average_mae_history = []
for epoch in range(60):
    total = 0.0
    for history in histories:
        total += history.history["val_mae"][epoch]
    average_mae_history.append(total / 4)


# %% question="q7"
def smooth_curve(points, factor=0.9):
    """Change a copy of the list from left to right."""
    smoothed = [float(point) for point in points]
    for i in range(1, len(smoothed)):
        smoothed[i] = smoothed[i - 1] * factor + smoothed[i] * (1 - factor)
    return smoothed


without_start = average_mae_history[10:]
smoothed_mae_history = smooth_curve(without_start)

epochs_shown = [11 + i for i in range(len(without_start))]
mae_figure, panel = plt.subplots()
panel.plot(epochs_shown, without_start, color="lightgrey")
panel.plot(epochs_shown, smoothed_mae_history, color="black")
panel.legend(["as measured", "smoothed"])
panel.set_xlabel("epochs")
panel.set_ylabel("MAE")

# %% question="q8"
best_epoch = epochs_shown[0]
for epoch, value in zip(epochs_shown, smoothed_mae_history):
    if value < smoothed_mae_history[best_epoch - 11]:
        best_epoch = epoch

# %% question="q9"
final_model = build_model()
final_model.fit(x_train, y_train, epochs=best_epoch, batch_size=4, verbose=0)
distances = [
    abs(answer - price) for answer, price in zip(final_model.predict(x_test, verbose=0).ravel().tolist(), y_test)
]
test_mae = sum(distances) / len(distances)
