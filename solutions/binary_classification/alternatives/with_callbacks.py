# %% [markdown]
# Callbacks watch the training: one keeps the best weights, one of the notebook's own notes the best epoch.
# New networks are clones of a pattern.

# %% question="q1"
def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews with sets: is this word among the words of this review?"""
    table = np.zeros((len(sequences), dimension), np.uint8)
    for row, words in enumerate(map(set, sequences)):
        table[row, sorted(words)] = np.ones(len(words), np.uint8)
    return table


# %% question="q2"
x_train, y_train = vectorize_sequences(train_sequences), np.array(train_labels, dtype="float32")
x_test, y_test = vectorize_sequences(test_sequences), np.array(test_labels, dtype="float32")

cut = 10_000
x_val, partial_x_train = x_train[:cut], x_train[cut:]
y_val, partial_y_train = np.array_split(y_train, [cut])

# %% question="q3"
pattern = keras.Sequential(name="pattern")
pattern.add(keras.layers.Input((10_000,)))
pattern.add(keras.layers.Dense(16))
pattern.add(keras.layers.ReLU())
pattern.add(keras.layers.Dense(16))
pattern.add(keras.layers.Activation(keras.activations.relu))
pattern.add(keras.layers.Dense(1, activation=None))
pattern.add(keras.layers.Activation("sigmoid", name="probability"))


def build_model():
    """Return a copy of the pattern with new weights."""
    return keras.models.clone_model(pattern)


model = build_model()

# %% question="q4"
model.compile(optimizer="RMSProp", loss=keras.losses.binary_crossentropy, metrics=[keras.metrics.binary_accuracy])


# %% question="q5"
class BestEpoch(keras.callbacks.Callback):
    """Notes the epoch with the lowest validation loss."""

    number, loss = 0, float("inf")

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.loss:
            self.number, self.loss = epoch + 1, logs["val_loss"]


best = BestEpoch()
keep_best = keras.callbacks.EarlyStopping(monitor="val_loss", patience=20, restore_best_weights=True)
history = model.fit(
    partial_x_train,
    partial_y_train,
    epochs=20,
    batch_size=512,
    validation_data=(x_val, y_val),
    callbacks=[best, keep_best, keras.callbacks.TerminateOnNaN()],
    verbose=0,
)


# %% question="q6"
def figure_of(*keys):
    """Return a figure of these curves."""
    figure, axes = plt.subplots(1, 1, figsize=(8, 3), layout="constrained")
    lines = axes.plot(range(1, 21), np.column_stack([history.history[key] for key in keys]))
    axes.legend(lines, keys)
    axes.set_xlabel("epoch")
    axes.set_ylabel(keys[0])
    plt.close(figure)
    return figure


loss_figure = figure_of("loss", "val_loss")
accuracy_figure = figure_of("binary_accuracy", "val_binary_accuracy")

# %% question="q7"
best_epoch = best.number
accuracy_gap = history.history["binary_accuracy"][-1] - history.history["val_binary_accuracy"][-1]

# %% question="q8"
final_model = build_model()
final_model.compile(optimizer="RMSProp", loss=keras.losses.binary_crossentropy, metrics=[keras.metrics.binary_accuracy])
final_model.fit(x_train, y_train, epochs=4, batch_size=512, verbose=0, shuffle=False)
report = final_model.evaluate(x_test, y_test, batch_size=1_000, verbose=0, return_dict=True)
test_loss, test_accuracy = report["loss"], report["binary_accuracy"]

# %% question="q9"
from operator import itemgetter

in_order = [word for word, rank in sorted(keras.datasets.imdb.get_word_index().items(), key=itemgetter(1))]


def decode_review(sequence):
    """Slice the list of words, which is in the order of the ranks, by number."""
    return " ".join((in_order[n - 4 : n - 3] or ["?"])[0] if n >= 4 else "?" for n in sequence)


decoded_review = decode_review(test_sequences[0])
prediction = float(final_model.predict(x_test[:1], verbose=0).ravel()[0])
