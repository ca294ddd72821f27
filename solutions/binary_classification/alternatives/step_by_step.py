# %% [markdown]
# By hand what can be done by hand: operations as activations, an own metric, the final network trained batch by batch,
# its results computed from its predictions.

# %% question="q1"
def one_review(sequence, dimension):
    """Return the row of one review, each word of which counts once."""
    row = np.zeros(dimension, dtype="uint8")
    row[np.unique(np.array(sequence, dtype=int))] += 1
    return row


def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews."""
    table = np.empty((len(sequences), dimension), dtype="uint8")
    for number in range(len(sequences)):
        table[number, :] = one_review(sequences[number], dimension)
    return table


# %% question="q2"
x_train = vectorize_sequences(train_sequences)
x_test = vectorize_sequences(test_sequences)
y_train = 1.0 * train_labels.astype(bool)
y_test = 1.0 * test_labels.astype(bool)

SPLIT = len(x_train) - 15_000
x_val, y_val = x_train[0:SPLIT, :], y_train[0:SPLIT]
partial_x_train, partial_y_train = x_train[SPLIT : len(x_train), :], y_train[SPLIT : len(y_train)]


# %% question="q3"
def build_model():
    """Return the network, its activations written as operations between the layers."""
    review = keras.Input(shape=(10_000,))
    hidden = keras.layers.Dense(16, use_bias=True, kernel_initializer="glorot_uniform")(review)
    hidden = keras.ops.maximum(hidden, 0.0)
    hidden = keras.layers.ReLU()(keras.layers.Dense(16)(hidden))
    score = keras.layers.Dense(1)(hidden)
    return keras.Model(review, keras.ops.sigmoid(score))


model = build_model()


# %% question="q4"
def accuracy(y_true, y_pred):
    """Return for each review whether it is on the right side of one half. Labels are flat, answers a column."""
    positive = keras.ops.reshape(y_true, (-1, 1)) > 0.5
    return keras.ops.cast(keras.ops.equal(positive, y_pred > 0.5), "float32")


def compiled(network):
    network.compile(
        loss=keras.losses.get("binary_crossentropy"), metrics=[accuracy], optimizer=keras.optimizers.get("RMSprop")
    )
    return network


model = compiled(model)

# %% question="q5"
history = model.fit(
    x=partial_x_train,
    y=partial_y_train,
    batch_size=512,
    epochs=20,
    verbose=0,
    validation_data=(x_val, y_val),
    validation_batch_size=2_000,
    shuffle=True,
)

# %% question="q6"
loss_figure, axes = plt.subplots(nrows=2, sharex=True)
axes[0].step(range(1, 21), history.history["loss"], label="training")
axes[1].step(range(1, 21), history.history["val_loss"], label="validation")
for panel in axes:
    panel.legend()
    panel.set_ylabel("loss")
axes[1].set_xlabel("epoch")

accuracy_figure, panel = plt.subplots()
panel.plot(range(1, 21), history.history["accuracy"], "k.-", label="training")
other = panel.twinx()
other.plot(range(1, 21), history.history["val_accuracy"], "r.-", label="validation")
accuracy_figure.legend()
panel.set_xlabel("epoch")
panel.set_ylabel("accuracy")
plt.show()

# %% question="q7"
(lowest, best_epoch), *others = sorted(zip(history.history["val_loss"], range(1, 21)))
unknown = np.mean((model.predict(x_val, verbose=0)[:, 0] > 0.5) == (y_val > 0.5))
accuracy_gap = history.history["accuracy"][19] - unknown

# %% question="q8"
final_model = compiled(build_model())
rng = np.random.default_rng(8)
for epoch in range(4):
    order = rng.permutation(len(x_train))
    for start in range(0, len(order), 512):
        chosen = order[start : start + 512]
        final_model.train_on_batch(x_train[chosen], y_train[chosen])

answers = np.concatenate([final_model.predict_on_batch(x_test[start : start + 1_000]) for start in range(0, 25_000, 1_000)])
of_the_truth = np.where(y_test == 1, answers[:, 0], 1 - answers[:, 0])
test_loss = -np.log(of_the_truth + 1e-7).mean()
test_accuracy = (of_the_truth > 0.5).mean()


# %% question="q9"
def decode_review(sequence):
    """Put special signs and words into one list, so that no shift is needed."""
    vocabulary = ["?"] * 4 + sorted(ranks, key=ranks.get)
    return " ".join(vocabulary[number] if number < len(vocabulary) else "?" for number in sequence)


ranks = keras.datasets.imdb.get_word_index()
decoded_review = decode_review(test_sequences[0])
prediction = answers[0].astype("float64").item()
