# %% [markdown]
# Functional API with one general builder, regularisers by their short functions, everything in one line where possible.

# %% question="q1"
from keras import Input, layers, regularizers


def network(units, regularizer=None, after_hidden=None):
    """Return a network with two hidden layers; `after_hidden` makes the layer that follows each of them."""
    review = Input(shape=(10_000,), name="review")
    tensor = review
    for number in (1, 2):
        hidden = layers.Dense(units, activation=keras.activations.relu, kernel_regularizer=regularizer, name=f"hidden_{number}")
        tensor = hidden(tensor)
        if after_hidden is not None:
            tensor = after_hidden()(tensor)
    return keras.Model(review, layers.Dense(1, activation=keras.activations.sigmoid, name="positive")(tensor))


def build_small():
    """Return the 4-4-1 network."""
    return network(4)


def build_large():
    """Return the 512-512-1 network."""
    return network(512)


# %% question="q2"
small_model, large_model = build_small(), build_large()
small_history, large_history = train(small_model), train(large_model, 4)


def turning_epoch(losses):
    """Return the epoch of the smallest loss."""
    return min(enumerate(losses, start=1), key=lambda pair: pair[1])[0]


histories = {"large": large_history, "reference": reference_history, "small": small_history}
overfits_last = sorted(histories, key=lambda name: turning_epoch(histories[name].history["val_loss"]))[-1]

# %% question="q3"
def build_l1():
    """L1 on the hidden kernels."""
    return network(16, regularizers.l1(0.001))


def build_l2():
    """L2 on the hidden kernels."""
    return network(16, regularizers.L1L2(l2=1e-3))


def build_both():
    """L1 and L2 on the hidden kernels."""
    return network(16, regularizers.l1_l2(l1=1e-4, l2=1e-3))


l1_model, l2_model, both_model = build_l1(), build_l2(), build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """The hidden layers are found by their regulariser."""
    paying = [layer for layer in model.layers if getattr(layer, "kernel_regularizer", None) is not None]
    kernels = np.concatenate([np.asarray(layer.kernel).ravel() for layer in paying])
    return l1 * np.linalg.norm(kernels, 1) + l2 * np.linalg.norm(kernels, 2) ** 2


# %% question="q5"
def cross_entropy(y, p):
    """Minus the mean logarithm of the probability that was given to the right answer."""
    p = np.asarray(p, dtype=np.float64).reshape(-1)
    of_the_truth = np.where(np.asarray(y) == 1, p, 1 - p)
    return -np.log(of_the_truth.clip(1e-7, 1 - 1e-7)).mean()


l1_history, l2_history = map(train, (l1_model, l2_model))
l1_cross_entropy, l2_cross_entropy = (cross_entropy(y_val, model.predict(x_val, verbose=0)) for model in (l1_model, l2_model))

# %% question="q6"
def dropout(x, rate, rng):
    """A mask of the factors 0 and 1 / (1 - rate), drawn in one go."""
    return x * rng.choice([0, 1 / (1 - rate)], size=np.shape(x), p=[rate, 1 - rate])


# %% question="q7"
def build_dropout():
    """Dropout after each hidden layer."""
    return network(16, after_hidden=lambda: layers.Dropout(rate=0.4))


dropout_model = build_dropout()
dropout_history = train(dropout_model)

# %% question="q8"
def build_batch_norm():
    """Batch normalisation after each hidden layer."""
    return network(16, after_hidden=layers.BatchNormalization)


batch_norm_model = build_batch_norm()
batch_norm_history = train(batch_norm_model)

# %% question="q9"
early_model = network(16)
early_history = train(
    early_model, 20, [keras.callbacks.EarlyStopping("val_loss", mode="min", patience=2, restore_best_weights=True)]
)

# %% question="q10"
sets = {"training": (x_train, y_train), "validation": (x_val, y_val)}
comparison = {
    name: {part: cross_entropy(y, model.predict(x, batch_size=1_000, verbose=0)) for part, (x, y) in sets.items()}
    for name, model in networks.items()
}
gaps = {name: row["validation"] - row["training"] for name, row in comparison.items()}
smallest_gap = min(gaps, key=gaps.get)
best_answers = min(networks, key=lambda name: comparison[name]["validation"])
