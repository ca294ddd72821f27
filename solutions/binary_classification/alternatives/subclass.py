# %% [markdown]
# A `keras.Model` subclass that hands its graph to Keras, objects for loss, optimiser and metric, shaped labels, own
# functions throughout, figures without pyplot.

# %% question="q1"
def tick(row, words):
    """Set the places of `words` in `row` to 1."""
    np.put(row, list(set(words)), 1)


def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews, each in a row of its own."""
    table = np.zeros(shape=(len(sequences), dimension), dtype="uint8")
    for row, words in zip(table, sequences):
        tick(row, words)
    return table


# %% question="q2"
def prepare(sequences, labels):
    """Return reviews as rows of 0 and 1, and labels as a column."""
    return vectorize_sequences(sequences), labels[:, np.newaxis].astype(np.float16)


(x_train, y_train), (x_test, y_test) = prepare(train_sequences, train_labels), prepare(test_sequences, test_labels)
(x_val, y_val), (partial_x_train, partial_y_train) = [
    (x_train[rows], y_train[rows]) for rows in (slice(10_000), slice(10_000, 25_000))
]


# %% question="q3"
class Reviewer(keras.Model):
    """A network of two hidden layers that says how probable it is that a review is positive."""

    def __init__(self, units=16, **settings):
        review = keras.Input((10_000,))
        first = keras.layers.Dense(units, "relu", name="first")
        second = keras.layers.Dense(units, "relu", name="second")
        verdict = keras.layers.Dense(1, "sigmoid", name="verdict")
        super().__init__(inputs=review, outputs=verdict(second(first(review))), **settings)

    def likes(self, reviews):
        """Tell for each review whether it is positive."""
        return self.predict(reviews, verbose=0)[:, 0] > 0.5


def build_model():
    """Return a new reviewer."""
    return Reviewer(name="reviewer")


model = build_model()


# %% question="q4"
def settings():
    """Make loss, optimiser and metric anew: an optimiser belongs to one network."""
    return {
        "optimizer": keras.optimizers.RMSprop(learning_rate=0.001, rho=0.9),
        "loss": keras.losses.BinaryCrossentropy(from_logits=False),
        "metrics": [keras.metrics.BinaryAccuracy(threshold=0.5, name="share_right")],
    }


model.compile(**settings())

# %% question="q5"
history = model.fit(
    partial_x_train, partial_y_train, batch_size=512, epochs=20, validation_data=[x_val, y_val], verbose=0
)

# %% question="q6"
from matplotlib.figure import Figure


def two_curves(training, validation, quantity):
    """Return a figure of two curves over the epochs."""
    figure = Figure(figsize=(6, 3))
    axes = figure.subplots()
    for name, values in {"training": training, "validation": validation}.items():
        axes.plot(range(1, len(values) + 1), values, marker=".", label=name)
    figure.supxlabel("epoch")
    figure.supylabel(quantity)
    axes.legend(loc="best")
    return figure


curves = history.history
loss_figure = two_curves(curves["loss"], curves["val_loss"], "loss")
accuracy_figure = two_curves(curves["share_right"], curves["val_share_right"], "accuracy")


# %% question="q7"
def lowest(values):
    """Return the number of the epoch with the smallest value, counted from 1."""
    return values.index(min(values)) + 1


best_epoch = lowest(history.history["val_loss"])
accuracy_gap = curves["share_right"][-1] - curves["val_share_right"][-1]

# %% question="q8"
final_model = build_model()
final_model.compile(**settings())
final_model.fit(x_train, y_train, batch_size=512, epochs=4, verbose=0)
test_loss = float(keras.losses.BinaryCrossentropy()(y_test, final_model.predict(x_test, verbose=0)))
test_accuracy = float(np.mean(final_model.likes(x_test) == test_labels))


# %% question="q9"
class Decoder:
    """Turns numbers back into words."""

    shift = 3

    def __init__(self, ranks):
        self.words = dict(zip(ranks.values(), ranks.keys()))

    def __call__(self, sequence):
        return " ".join(map(self.word, sequence))

    def word(self, number):
        return self.words.get(number - self.shift, "?")


decode_review = Decoder(keras.datasets.imdb.get_word_index())
decoded_review = decode_review(test_sequences[0])
prediction = float(final_model.predict(x_test[[0]], verbose=0).item())
