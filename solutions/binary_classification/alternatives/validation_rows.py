# %% [markdown]
# Rows chosen by masks and row numbers, comprehensions where others write loops, pandas for the curves.

# %% question="q1"
def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews: count each review's words, then ask which counts are not 0."""
    rows = [np.bincount(np.asarray(words, dtype="int64"), minlength=dimension) > 0 for words in sequences]
    return np.array(rows, dtype="uint8").reshape(-1, dimension)


# %% question="q2"
x_train, x_test = [vectorize_sequences(sequences) for sequences in (train_sequences, test_sequences)]
y_train, y_test = [labels.reshape((25_000, 1)).astype(bool) for labels in (train_labels, test_labels)]

for_validation = np.arange(len(x_train)) < 10_000
x_val, y_val = x_train[for_validation], y_train[for_validation]
training_rows = np.flatnonzero(~for_validation)
partial_x_train, partial_y_train = np.take(x_train, training_rows, axis=0), np.take(y_train, training_rows, axis=0)


# %% question="q3"
def build_model(units=(16, 16)):
    """Return the network as Sequential over a list of layers."""
    hidden = [keras.layers.Dense(n, activation=keras.activations.get("relu"), dtype="float32") for n in units]
    output = keras.layers.Dense(units=1, activation=keras.activations.get("sigmoid"))
    return keras.models.Sequential([keras.layers.InputLayer(batch_shape=(None, 10_000)), *hidden, output], name="opinion")


model = build_model()

# %% question="q4"
model.compile(
    optimizer={"class_name": "RMSprop", "config": {"learning_rate": 0.001}},
    loss=["binary_crossentropy"],
    metrics=[["accuracy"]],
)

# %% question="q5"
history = model.fit(
    partial_x_train, partial_y_train, epochs=20, batch_size=512, validation_data=(x_val, y_val), verbose=0
)

# %% question="q6"
import pandas as pd

curves = pd.DataFrame(history.history, index=pd.RangeIndex(1, 21, name="epoch"))
loss_figure = curves.filter(like="loss").plot(ylabel="loss", xlabel="epoch").figure
accuracy_figure = curves.filter(like="accuracy").mul(100).plot(ylabel="accuracy (%)", xlabel="epoch").get_figure()

# %% question="q7"
best_epoch = curves["val_loss"].idxmin()
accuracy_gap = curves["accuracy"].iloc[-1] - curves["val_accuracy"].iloc[-1]

# %% question="q8"
final_model = build_model()
final_model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
final_model.fit(x_train, y_train, 512, epochs=4, verbose=0)
test_loss, test_accuracy = (final_model.evaluate(x_test, y_test, verbose=0, return_dict=True)[key] for key in ("loss", "accuracy"))

# %% question="q9"
words_by_number = {rank + 3: word for word, rank in keras.datasets.imdb.get_word_index().items()}
words_by_number |= {0: "?", 1: "?", 2: "?", 3: "?"}
decode_review = lambda sequence: " ".join([words_by_number.get(number) or "?" for number in sequence])

decoded_review = decode_review(test_sequences[0])
prediction = float(final_model.predict(x_test[:1]).squeeze())
