# %% [markdown]
# One subclass of `keras.Model` with a functional graph for every network, `ReLU` layers, an early stopping of its own.

# %% question="q1"
class Reviewer(keras.Model):
    """Two hidden layers of any size, with what should follow each of them."""

    def __init__(self, units=16, regularizer=None, extra=None):
        inputs = keras.Input((10_000,))
        x = inputs
        for _ in "12":
            x = keras.layers.Dense(units, kernel_regularizer=regularizer)(x)
            x = keras.layers.ReLU()(x)
            if extra:
                x = extra()(x)
        outputs = keras.layers.Dense(1, activation="sigmoid")(x)
        super().__init__(inputs=inputs, outputs=outputs)


def build_small():
    """Return the small network."""
    return Reviewer(4)


def build_large():
    """Return the large network."""
    return Reviewer(512)


# %% question="q2"
small_model = build_small()
small_history = train(small_model)
large_model = build_large()
large_history = train(large_model, epochs=4)


def turning_epoch(losses):
    """Sort the epochs by their loss."""
    return np.int64(np.argsort(losses, kind="stable")[0] + 1)


turns = [turning_epoch(h.history["val_loss"]) for h in (small_history, reference_history, large_history)]
overfits_last = ["small", "reference", "large"][int(np.argmax(turns))]

# %% question="q3"
from keras.regularizers import L1, L1L2, L2


def build_l1():
    """L1."""
    return Reviewer(regularizer=L1L2(l1=0.001))


def build_l2():
    """L2."""
    return Reviewer(regularizer=L2(l2=1 / 1000))


def build_both():
    """L1 and L2."""
    return Reviewer(regularizer=L1L2(l1=1e-4, l2=1e-3))


l1_model = build_l1()
l2_model = build_l2()
both_model = build_both()

# %% question="q4"
def penalty(model, l1, l2):
    """The Dense layers but for the last one, with Keras's own operations."""
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    total = 0
    for layer in dense[:-1]:
        total = total + l1 * keras.ops.sum(keras.ops.abs(layer.kernel)) + l2 * keras.ops.sum(layer.kernel**2)
    return total


# %% question="q5"
def cross_entropy(y, p):
    """Two masks, one for each label."""
    p = np.clip(np.array(p, dtype="float64").flatten(), 1e-7, 1 - 1e-7)
    positive = np.array(y).flatten() > 0.5
    return -(np.log(p[positive]).sum() + np.log1p(-p[~positive]).sum()) / p.size


l1_history = train(l1_model)
l2_history = train(l2_model)
l1_cross_entropy = round(cross_entropy(y_val, l1_model.predict(x_val)), 4)
l2_cross_entropy = round(cross_entropy(y_val, l2_model.predict(x_val)), 4)

# %% question="q6"
def dropout(x, rate, rng):
    """Draw from the binomial distribution with one trial."""
    mask = rng.binomial(1, 1 - rate, size=x.shape)
    return mask * x / (1 - rate)


# %% question="q7"
def build_dropout():
    """Dropout."""
    return Reviewer(extra=lambda: keras.layers.Dropout(0.4, seed=1))


dropout_model = build_dropout()
dropout_history = train(dropout_model)

# %% question="q8"
def build_batch_norm():
    """Batch normalisation."""
    return Reviewer(extra=keras.layers.BatchNormalization)


batch_norm_model = build_batch_norm()
batch_norm_history = train(batch_norm_model)

# %% question="q9"
class StopInTime(keras.callbacks.Callback):
    """Stops after two epochs without improvement and goes back to the best one."""

    def on_train_begin(self, logs=None):
        self.best, self.waited, self.weights = np.inf, 0, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best:
            self.best, self.waited, self.weights = logs["val_loss"], 0, self.model.get_weights()
            return
        self.waited += 1
        if self.waited == 2:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


early_model = Reviewer()
early_history = train(early_model, epochs=20, callbacks=[StopInTime()])

# %% question="q10"
import pandas as pd

table = pd.DataFrame(
    [
        [cross_entropy(y_train, model.predict(x_train, verbose=0)), cross_entropy(y_val, model.predict(x_val, verbose=0))]
        for model in networks.values()
    ],
    index=list(networks),
    columns=["training", "validation"],
)
comparison = table.T.to_dict()
smallest_gap = (table["validation"] - table["training"]).idxmin()
best_answers = table["validation"].idxmin()
