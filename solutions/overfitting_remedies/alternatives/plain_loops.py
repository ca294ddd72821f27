# %% [markdown]
# Plain loops and lists, layers added one by one, `Activation` layers, dropout entry by entry, no helper functions.

# %% question="q1"
def build_small():
    """Return the 4-4-1 network, one layer after another."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(10000,)))
    model.add(keras.layers.Dense(4))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(4))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    return model


def build_large():
    """Return the 512-512-1 network, one layer after another."""
    model = keras.Sequential()
    model.add(keras.layers.InputLayer(shape=(10000,)))
    model.add(keras.layers.Dense(512, "relu"))
    model.add(keras.layers.Dense(512, "relu"))
    model.add(keras.layers.Dense(1, "sigmoid"))
    return model


# %% question="q2"
small_model = build_small()
small_history = train(small_model)
large_model = build_large()
large_history = train(large_model, epochs=4)


def turning_epoch(losses):
    """Go through the losses and remember the best epoch."""
    best = 0
    for i in range(len(losses)):
        if losses[i] < losses[best]:
            best = i
    return best + 1


small_turns = turning_epoch(small_history.history["val_loss"])
reference_turns = turning_epoch(reference_history.history["val_loss"])
large_turns = turning_epoch(large_history.history["val_loss"])
if small_turns >= reference_turns and small_turns >= large_turns:
    overfits_last = "small"
elif reference_turns >= large_turns:
    overfits_last = "reference"
else:
    overfits_last = "large"

# %% question="q3"
def build_l1():
    """Return the network with L1."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(10000,)))
    for _ in range(2):
        model.add(keras.layers.Dense(16, kernel_regularizer=keras.regularizers.l1(0.001)))
        model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    return model


def build_l2():
    """Return the network with L2."""
    model = build_reference()
    new_model = keras.Sequential()
    new_model.add(keras.Input(shape=(10000,)))
    for layer in model.layers[:2]:
        config = layer.get_config()
        config["kernel_regularizer"] = keras.regularizers.l2(0.001)
        new_model.add(keras.layers.Dense.from_config(config))
    new_model.add(keras.layers.Dense(1, activation="sigmoid"))
    return new_model


def build_both():
    """Return the network with both."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(10000,)))
    for _ in range(2):
        model.add(keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(0.0001, 0.001)))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    return model


l1_model = build_l1()
l2_model = build_l2()
both_model = build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """Row by row through both kernels."""
    total = 0.0
    all_weights = model.get_weights()
    for index in [0, 2]:
        for row in all_weights[index]:
            total += l1 * abs(row).sum() + l2 * (row**2).sum()
    return total


# %% question="q5"
import math


def cross_entropy(y, p):
    """One review after the other."""
    total = 0
    for label, chance in zip(y, p):
        chance = float(np.ravel(chance)[0])
        chance = min(max(chance, 1e-7), 1 - 1e-7)
        if label == 1:
            total -= math.log(chance)
        else:
            total -= math.log(1 - chance)
    return total / len(y)


l1_history = train(l1_model)
l1_predictions = l1_model.predict(x_val)
l1_cross_entropy = cross_entropy(y_val, l1_predictions)
l2_history = train(l2_model)
l2_predictions = l2_model.predict(x_val)
l2_cross_entropy = cross_entropy(y_val, l2_predictions)

# %% question="q6"
def dropout(x, rate, rng):
    """Toss a coin for every entry."""
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if rng.random() < 1 - rate:
            result[place] = x[place] / (1 - rate)
    return result


# %% question="q7"
def build_dropout():
    """Return the network with dropout."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(10000,)))
    for _ in range(2):
        model.add(keras.layers.Dense(16))
        model.add(keras.layers.Activation("relu"))
        model.add(keras.layers.Dropout(2 / 5))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    return model


dropout_model = build_dropout()
dropout_history = train(dropout_model)

# %% question="q8"
def build_batch_norm():
    """Return the network with batch normalisation."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(10000,)))
    for _ in range(2):
        model.add(keras.layers.Dense(16))
        model.add(keras.layers.BatchNormalization())
        model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    return model


batch_norm_model = build_batch_norm()
batch_norm_history = train(batch_norm_model)
batch_norm_model.summary()

# %% question="q9"
callback = keras.callbacks.EarlyStopping()
callback.monitor = "val_loss"
callback.patience = 2
callback.restore_best_weights = True
early_model = build_reference()
early_history = train(early_model, epochs=20, callbacks=[callback])

# %% question="q10"
comparison = {}
smallest_gap, smallest = "", 1e9
best_answers, lowest = "", 1e9
for name in networks:
    row = {}
    row["training"] = cross_entropy(y_train, networks[name].predict(x_train, verbose=0))
    row["validation"] = cross_entropy(y_val, networks[name].predict(x_val, verbose=0))
    comparison[name] = row
    if row["validation"] - row["training"] < smallest:
        smallest_gap, smallest = name, row["validation"] - row["training"]
    if row["validation"] < lowest:
        best_answers, lowest = name, row["validation"]
