# %% [markdown]
# As much as possible left to Keras: networks cloned from the reference, cross-entropy by `keras.losses`, a penalty by the
# regulariser object, dropout's mask by sorting, the best epoch kept by `ModelCheckpoint`.

# %% question="q1"
def resized(units):
    """Clone the reference with other sizes of the hidden layers."""
    def other(layer):
        config = layer.get_config()
        if isinstance(layer, keras.layers.Dense) and layer.units != 1:
            config["units"] = units
        return type(layer).from_config(config)

    return keras.models.clone_model(build_reference(), clone_function=other)


def build_small():
    """4-4-1."""
    return resized(4)


def build_large():
    """512-512-1."""
    return resized(512)


# %% question="q2"
small_model = build_small()
small_history = train(small_model)
large_model = build_large()
large_history = train(large_model, epochs=4)


def turning_epoch(losses):
    """With NumPy's own search."""
    losses = np.array(losses)
    return int(np.flatnonzero(losses == losses.min())[0]) + 1


turning_epochs = {
    name: turning_epoch(history.history["val_loss"])
    for name, history in [("small", small_history), ("reference", reference_history), ("large", large_history)]
}
overfits_last = max(turning_epochs.items(), key=lambda item: item[1])[0]

# %% question="q3"
def regularised(regulariser):
    """Clone the reference and give its hidden layers a regulariser."""
    def other(layer):
        new = type(layer).from_config(layer.get_config())
        if isinstance(layer, keras.layers.Dense) and layer.units == 16:
            new.kernel_regularizer = regulariser
        return new

    return keras.models.clone_model(build_reference(), clone_function=other)


def build_l1():
    """L1."""
    return regularised(keras.regularizers.L1(l1=0.001))


def build_l2():
    """L2, as Keras writes it down."""
    return regularised(keras.regularizers.get({"class_name": "L2", "config": {"l2": 0.001}}))


def build_both():
    """Both."""
    return regularised(keras.regularizers.L1L2(l1=0.0001, l2=0.001))


l1_model, l2_model, both_model = build_l1(), build_l2(), build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """What a regulariser says about the two kernels."""
    regulariser = keras.regularizers.L1L2(l1=l1, l2=l2)
    kernels = [variable for variable in model.trainable_variables if variable.name == "kernel"]
    return sum(float(regulariser(kernel)) for kernel in kernels[:-1])


# %% question="q5"
def cross_entropy(y, p):
    """Keras's own loss, on columns."""
    y, p = np.reshape(y, (-1, 1)), np.reshape(p, (-1, 1))
    return float(np.mean(keras.losses.binary_crossentropy(y.astype("float32"), p.astype("float32"))))


l1_history = train(l1_model)
l2_history = train(l2_model)
l1_cross_entropy = cross_entropy(y_val, l1_model(x_val.astype("float32")).numpy())
l2_cross_entropy = cross_entropy(y_val, l2_model(x_val.astype("float32")).numpy())

# %% question="q6"
def dropout(x, rate, rng):
    """A mask with masked arrays."""
    dropped = rng.uniform(0, 1, np.shape(x)) < rate
    return np.ma.masked_array(np.divide(x, 1 - rate), mask=dropped).filled(0)


# %% question="q7"
def build_dropout():
    """The reference's own layers, with dropout in between."""
    first, second, last = build_reference().layers
    return keras.Sequential(
        [keras.Input((10_000,)), first, keras.layers.Dropout(0.4), second, keras.layers.Dropout(0.4), last]
    )


dropout_model = build_dropout()
dropout_history = train(dropout_model)

# %% question="q8"
def build_batch_norm():
    """Two blocks, one for each hidden layer."""
    def block():
        return keras.Sequential(
            [keras.layers.Dense(16), keras.layers.BatchNormalization(axis=-1), keras.layers.Activation("relu")]
        )

    return keras.Sequential([keras.Input((10_000,)), block(), block(), keras.layers.Dense(1, activation="sigmoid")])


batch_norm_model = build_batch_norm()
batch_norm_history = train(batch_norm_model)

# %% question="q9"
early_model = build_reference()
early_history = train(
    early_model,
    epochs=20,
    callbacks=[
        keras.callbacks.EarlyStopping(patience=2),
        keras.callbacks.ModelCheckpoint("best.weights.h5", monitor="val_loss", save_best_only=True, save_weights_only=True),
    ],
)
early_model.load_weights("best.weights.h5")

# %% question="q10"
comparison = {}
for part, x, y in (("training", x_train, y_train), ("validation", x_val, y_val)):
    for name, model in networks.items():
        comparison.setdefault(name, {})[part] = cross_entropy(y, model.predict_on_batch(x))

by_gap = sorted(comparison.items(), key=lambda item: item[1]["validation"] - item[1]["training"])
by_answers = sorted(comparison.items(), key=lambda item: item[1]["validation"])
smallest_gap, best_answers = by_gap[0][0], by_answers[0][0]
