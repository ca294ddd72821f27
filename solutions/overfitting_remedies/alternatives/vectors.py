# %% [markdown]
# Few words: comprehensions, `partial`, dictionaries of networks, a penalty by dot products, results as NumPy scalars.

# %% question="q1"
from functools import partial


def stack(units, *extra, **hidden):
    """Return a Sequential network of two hidden layers; `extra` are classes (or functions) that make what follows each."""
    blocks = [[keras.layers.Dense(units, "relu", **hidden), *(make() for make in extra)] for _ in range(2)]
    return keras.Sequential([keras.Input((10_000,)), *blocks[0], *blocks[1], keras.layers.Dense(1, "sigmoid")])


build_small = partial(stack, 4)
build_large = partial(stack, 512)

# %% question="q2"
small_model, large_model = (build() for build in (build_small, build_large))
small_history = train(small_model, epochs=8)
large_history = train(large_model, epochs=4)
turning_epoch = lambda losses: 1 + np.argmin(losses)
curves = [("large", large_history), ("reference", reference_history), ("small", small_history)]
overfits_last = max(curves, key=lambda pair: (turning_epoch(pair[1].history["val_loss"]), pair[0] == "small"))[0]

# %% question="q3"
build_l1, build_l2, build_both = (
    partial(stack, 16, kernel_regularizer=regularizer)
    for regularizer in (
        keras.regularizers.L1(1e-3),
        keras.regularizers.L2(1e-3),
        keras.regularizers.L1L2(l2=1e-3, l1=1e-4),
    )
)
l1_model, l2_model, both_model = build_l1(), build_l2(), build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """Sums of squares are dot products."""
    kernels = np.hstack([w.ravel() for w in model.get_weights()[:3:2]]).astype("float64")
    return np.array([l1, l2]) @ [np.abs(kernels).sum(), kernels @ kernels]


# %% question="q5"
def cross_entropy(y, p):
    """Signs instead of cases: log(p) for label 1, log(1 - p) for label 0."""
    p = np.squeeze(np.asarray(p, "float64"))
    return -np.mean(np.log(np.clip(np.abs(1 - np.asarray(y) - p), 1e-7, 1 - 1e-7)))


l1_history, l2_history = train(l1_model), train(l2_model)
l1_cross_entropy, l2_cross_entropy = [cross_entropy(y_val, m.predict(x_val, 500, 0)) for m in (l1_model, l2_model)]

# %% question="q6"
dropout = lambda x, rate, rng: np.where(rng.random(np.shape(x)) < rate, 0, np.true_divide(x, 1 - rate))

# %% question="q7"
build_dropout = partial(stack, 16, partial(keras.layers.Dropout, 0.4))
dropout_history = train(dropout_model := build_dropout())

# %% question="q8"
build_batch_norm = partial(stack, 16, keras.layers.BatchNormalization)
batch_norm_history = train(batch_norm_model := build_batch_norm())

# %% question="q9"
early_history = train(
    early_model := stack(16),
    callbacks=(keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),),
    epochs=20,
)

# %% question="q10"
comparison = {
    name: {
        "training": cross_entropy(y_train, model.predict(x_train, 500, 0)),
        "validation": cross_entropy(y_val, model.predict(x_val, 500, 0)),
    }
    for name, model in networks.items()
}
best_answers, smallest_gap = (
    min(comparison, key=lambda name: comparison[name]["validation"] - weight * comparison[name]["training"]) for weight in (0, 1)
)
