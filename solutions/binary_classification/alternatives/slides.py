# %% [markdown]
# As the lecture's slides do it: `Sequential.add`, `input_shape`, "acc", NumPy's enumerate loop, pyplot's current figure.

# %% question="q1"
import numpy as np


def vectorize_sequences(sequences, dimension=10000):
    results = np.zeros((len(sequences), dimension), dtype=np.uint8)
    for i, sequence in enumerate(sequences):
        for j in sequence:
            results[i, j] = 1.0
    return results


# %% question="q2"
x_train = vectorize_sequences(train_sequences)
x_test = vectorize_sequences(test_sequences)

y_train = np.asarray(train_labels).astype("float32")
y_test = np.asarray(test_labels).astype("float32")

x_val = x_train[:10000]
partial_x_train = x_train[10000:]
y_val = y_train[:10000]
partial_y_train = y_train[10000:]

# %% question="q3"
from tensorflow.keras import layers, models


def build_model():
    network = models.Sequential()
    network.add(layers.Dense(16, activation="relu", input_shape=(10000,)))
    network.add(layers.Dense(16, activation="relu"))
    network.add(layers.Dense(1, activation="sigmoid"))
    return network


model = build_model()

# %% question="q4"
from tensorflow.keras import losses, metrics, optimizers

model.compile(optimizer=optimizers.RMSprop(learning_rate=0.001), loss=losses.binary_crossentropy, metrics=["acc"])

# %% question="q5"
history = model.fit(partial_x_train, partial_y_train, epochs=20, batch_size=512, validation_data=(x_val, y_val))

# %% question="q6"
history_dict = history.history
loss_values = history_dict["loss"]
val_loss_values = history_dict["val_loss"]
acc = history_dict["acc"]
val_acc = history_dict["val_acc"]
epochs = range(1, len(acc) + 1)

plt.figure()
plt.plot(epochs, loss_values, "bo", epochs, val_loss_values, "b")
plt.title("Training and validation loss")
plt.xlabel("Epochs")
plt.ylabel("Loss")
plt.legend(["Training loss", "Validation loss"])
loss_figure = plt.gcf()

plt.figure()
plt.plot(epochs, acc, "bo", epochs, val_acc, "b")
plt.title("Training and validation accuracy")
plt.xlabel("Epochs")
plt.ylabel("Accuracy")
plt.legend(["Training acc", "Validation acc"])
accuracy_figure = plt.gcf()
plt.show()

# %% question="q7"
best_epoch = np.argmin(val_loss_values) + 1
accuracy_gap = round(acc[-1] - val_acc[-1], 2)

# %% question="q8"
final_model = build_model()
final_model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["acc"])
final_model.fit(x_train, y_train, epochs=4, batch_size=512)
results = final_model.evaluate(x_test, y_test)
test_loss = results[0]
test_accuracy = results[1]

# %% question="q9"
from tensorflow.keras.datasets import imdb

word_index = imdb.get_word_index()
reverse_word_index = dict([(value, key) for (key, value) in word_index.items()])


def decode_review(sequence):
    return " ".join([reverse_word_index.get(i - 3, "?") for i in sequence])


decoded_review = decode_review(test_sequences[0])
prediction = final_model.predict(x_test)[0].item()
