# %% [markdown]
# Plain loops and lists, `Activation` layers added one by one, own loss function, subplots in percent, NumPy scalars.

# %% question="q1"
def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews, byte by byte."""
    table = bytearray(len(sequences) * dimension)
    start = 0
    for sequence in sequences:
        for word in sequence:
            table[start + word] = True
        start += dimension
    return np.frombuffer(table, dtype=bool).reshape(len(sequences), dimension)


# %% question="q2"
x_train = vectorize_sequences(train_sequences)
x_test = vectorize_sequences(test_sequences)

y_train = np.array([int(label) for label in train_labels])
y_test = np.array([int(label) for label in test_labels])

validation, training = slice(None, -15_000), slice(-15_000, None)
x_val = x_train[validation]
y_val = y_train[validation]
partial_x_train = x_train[training]
partial_y_train = y_train[training]

# %% question="q3"
def build_model():
    """Return the network, one layer after another."""
    network = keras.models.Sequential()
    network.add(keras.layers.InputLayer(shape=(10000,)))
    for units in [16, 16]:
        network.add(keras.layers.Dense(units))
        network.add(keras.layers.Activation("relu"))
    network.add(keras.layers.Dense(1))
    network.add(keras.layers.Activation("sigmoid"))
    return network


model = build_model()
print(model.count_params())

# %% question="q4"
def cross_entropy(y_true, y_pred):
    """Minus the logarithm of the probability given to the right answer."""
    y_true = keras.ops.cast(y_true, "float32")
    y_pred = keras.ops.clip(y_pred, 1e-7, 1 - 1e-7)
    return -keras.ops.mean(y_true * keras.ops.log(y_pred) + (1 - y_true) * keras.ops.log(1 - y_pred), axis=-1)


model.compile("RMSprop", cross_entropy, metrics=["binary_accuracy"])

# %% question="q5"
history = model.fit(partial_x_train, partial_y_train, 512, 20, 0, validation_data=(x_val, y_val))

# %% question="q6"
numbers = list(range(1, 21))
in_percent = lambda shares: [100 * share for share in shares]

loss_figure = plt.figure()
plt.plot(numbers, history.history["loss"], "bo", label="Training loss")
plt.plot(numbers, history.history["val_loss"], "b", label="Validation loss")
plt.xlabel("Epochs")
plt.ylabel("Loss")
plt.legend()
plt.show()

accuracy_figure, panels = plt.subplots(1, 2, sharey=True)
for panel, key in zip(panels, ["binary_accuracy", "val_binary_accuracy"]):
    panel.scatter(numbers, in_percent(history.history[key]), label=key)
    panel.legend()
accuracy_figure.supxlabel("Epochs")
accuracy_figure.supylabel("Accuracy in percent")
plt.show()

# %% question="q7"
best_epoch, lowest = 0, float("inf")
for epoch, loss in enumerate(history.history["val_loss"], 1):
    if loss < lowest:
        best_epoch, lowest = epoch, loss

accuracy_gap = np.round(history.history["binary_accuracy"][-1] - history.history["val_binary_accuracy"][-1], 4)

# %% question="q8"
final_model = build_model()
final_model.compile(loss=keras.losses.binary_crossentropy, optimizer=keras.optimizers.RMSprop(learning_rate=1e-3))
for epoch in range(4):
    final_model.fit(x_train, y_train, batch_size=512, verbose=0)

answers = final_model.predict(x_test, verbose=0).flatten()
right = 0
for answer, label in zip(answers, y_test):
    right += int((answer > 0.5) == (label == 1))
test_accuracy = right / len(y_test)
test_loss = final_model.evaluate(x_test, y_test, verbose=0)

# %% question="q9"
ranks = keras.datasets.imdb.get_word_index()
words = [""] * (max(ranks.values()) + 1)
for word in ranks:
    words[ranks[word]] = word


def decode_review(sequence):
    """Go through the review number by number."""
    text = ""
    for number in sequence:
        rank = number - 3
        text += words[rank] if 1 <= rank < len(words) else "?"
        text += " "
    return text.strip()


decoded_review = decode_review(test_sequences[0])
prediction = final_model.predict(x_test[:1], verbose=0)[0][0]
