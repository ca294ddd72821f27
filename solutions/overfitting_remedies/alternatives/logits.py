# %% [markdown]
# The whole notebook with logits: no sigmoid in the networks, `from_logits=True` in the loss, the sigmoid where probabilities
# are needed.

# %% question="q1"
def build_reference(units=16, regularizer=None, layers_after=lambda: []):
    """Return a network that gives logits."""
    stack = [keras.Input(shape=(10_000,))]
    for _ in range(2):
        stack.append(keras.layers.Dense(units, activation="relu", kernel_regularizer=regularizer))
        stack.extend(layers_after())
    return keras.Sequential([*stack, keras.layers.Dense(1)])


def train(model, epochs=8, callbacks=()):
    """As given, but for the loss and the accuracy of logits."""
    model.compile(
        optimizer=keras.optimizers.RMSprop(),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
    )
    return model.fit(
        x_train, y_train, epochs=epochs, batch_size=128, validation_data=(x_val, y_val), callbacks=list(callbacks), verbose=0
    )


def probabilities(model, x):
    """Return the probabilities that belong to the model's logits."""
    return 1 / (1 + np.exp(-model.predict(x, verbose=0).astype("float64")))


reference_model = build_reference()
reference_history = train(reference_model)


def build_small():
    """4-4-1."""
    return build_reference(units=4)


def build_large():
    """512-512-1."""
    return build_reference(units=512)


# %% question="q2"
small_model = build_small()
small_history = train(small_model)
large_model = build_large()
large_history = train(large_model, epochs=4)


def turning_epoch(losses):
    """The list's own methods."""
    return losses.index(min(losses)) + 1


turning = {
    turning_epoch(large_history.history["val_loss"]): "large",
    turning_epoch(reference_history.history["val_loss"]): "reference",
    turning_epoch(small_history.history["val_loss"]): "small",
}
overfits_last = turning[max(turning)]

# %% question="q3"
def build_l1():
    """L1."""
    return build_reference(regularizer=keras.regularizers.L1(0.001))


def build_l2():
    """L2."""
    return build_reference(regularizer=keras.regularizers.L2(0.001))


def build_both():
    """L1 and L2."""
    return build_reference(regularizer=keras.regularizers.L1L2(0.0001, 0.001))


l1_model, l2_model, both_model = build_l1(), build_l2(), build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """The first and the third array."""
    first, _, second, *_ = (np.abs(weights.astype("float64")) for weights in model.get_weights())
    return l1 * (first.sum() + second.sum()) + l2 * ((first**2).sum() + (second**2).sum())


# %% question="q5"
def cross_entropy(y, p):
    """As in the formula."""
    p = np.clip(np.asarray(p, dtype="float64").ravel(), 1e-7, 1 - 1e-7)
    return np.average(-(y * np.log(p) + (1 - y) * np.log(1 - p)))


l1_history = train(l1_model)
l2_history = train(l2_model)
l1_cross_entropy = cross_entropy(y_val, probabilities(l1_model, x_val))
l2_cross_entropy = cross_entropy(y_val, probabilities(l2_model, x_val))

# %% question="q6"
def dropout(x, rate, rng):
    """Begin with a copy and put zeros into it."""
    result = np.array(x, dtype="float64") / (1 - rate)
    result[rng.uniform(size=result.shape) < rate] = 0
    return result


# %% question="q7"
def build_dropout():
    """Dropout."""
    return build_reference(layers_after=lambda: [keras.layers.Dropout(0.4)])


dropout_model = build_dropout()
dropout_history = train(dropout_model)

# %% question="q8"
def build_batch_norm():
    """Batch normalisation."""
    return build_reference(layers_after=lambda: [keras.layers.BatchNormalization()])


batch_norm_model = build_batch_norm()
batch_norm_history = train(batch_norm_model)

# %% question="q9"
early_model = build_reference()
early_history = train(
    early_model,
    epochs=20,
    callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True, verbose=1)],
)

# %% question="q10"
comparison = {
    name: dict(
        training=cross_entropy(y_train, probabilities(model, x_train)),
        validation=cross_entropy(y_val, probabilities(model, x_val)),
    )
    for name, model in networks.items()
}
smallest_gap = min(comparison, key=lambda name: comparison[name]["validation"] - comparison[name]["training"])
best_answers = min(comparison, key=lambda name: comparison[name]["validation"])
