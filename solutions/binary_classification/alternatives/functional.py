# %% [markdown]
# Functional API, objects instead of strings, one figure function, the tables as `int8`.

# %% question="q1"
def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews: all places at once, through flat row and column numbers."""
    lengths = [len(sequence) for sequence in sequences]
    rows = np.repeat(np.arange(len(lengths)), lengths)
    columns = np.fromiter((word for sequence in sequences for word in sequence), dtype="int32", count=sum(lengths))
    table = np.zeros((len(lengths), dimension), dtype=np.int8)
    table[rows, columns] = 1
    return table


# %% question="q2"
x_train, x_test = vectorize_sequences(train_sequences), vectorize_sequences(test_sequences)
y_train, y_test = (np.asarray(labels, dtype=np.float32).reshape(-1, 1) for labels in (train_labels, test_labels))

x_val, partial_x_train = np.split(x_train, [10_000])
y_val, partial_y_train = np.split(y_train, [10_000])

# %% question="q3"
from keras import Input, layers


def hidden_stack(tensor, units, depth):
    """Append `depth` relu layers of `units` units each."""
    for _ in range(depth):
        tensor = layers.Dense(units, activation=keras.activations.relu)(tensor)
    return tensor


def build_model():
    """Return the 16-16-1 network."""
    review = Input(shape=(10_000,), name="review")
    positive = layers.Dense(1, activation=keras.activations.sigmoid, name="positive")(hidden_stack(review, 16, 2))
    return keras.Model(inputs=review, outputs=positive, name="sentiment")


model = build_model()

# %% question="q4"
def compile_for_sentiment(network):
    """RMSprop at its default rate, cross-entropy of probabilities, share of right answers."""
    network.compile(
        optimizer=keras.optimizers.RMSprop(),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
    )
    return network


compile_for_sentiment(model)

# %% question="q5"
history = model.fit(
    x=partial_x_train, y=partial_y_train, validation_data=(x_val, y_val), batch_size=512, epochs=20, verbose=0
)

# %% question="q6"
def draw(quantity):
    """Draw training and validation curve of one quantity and return the figure."""
    figure = plt.figure()
    axes = figure.add_subplot()
    numbers = np.arange(1, 21)
    axes.plot(numbers, np.array(history.history[quantity]), color="tab:blue", label=f"training {quantity}")
    axes.plot(numbers, np.array(history.history["val_" + quantity]), "--", label=f"validation {quantity}")
    axes.set(title=quantity.capitalize(), xlabel="Epoch", ylabel=quantity)
    figure.legend()
    return figure


loss_figure = draw("loss")
accuracy_figure = draw("accuracy")

# %% question="q7"
best_epoch = 1 + min(range(20), key=history.history["val_loss"].__getitem__)
accuracy_gap = float(np.subtract(history.history["accuracy"], history.history["val_accuracy"])[-1])

# %% question="q8"
final_model = compile_for_sentiment(build_model())
final_model.fit(x_train, y_train, epochs=4, batch_size=512, verbose=0)
test_loss, test_accuracy = final_model.evaluate(x_test, y_test, batch_size=512, verbose=0)

# %% question="q9"
word_of = {rank + 3: word for word, rank in keras.datasets.imdb.get_word_index().items()}


def decode_review(sequence):
    """Look each number up in a dictionary that has the shift built in."""
    return " ".join(word_of[number] if number in word_of else "?" for number in sequence)


decoded_review = decode_review(test_sequences[0])
prediction = float(np.squeeze(final_model(x_test[:1].astype("float32"))))
