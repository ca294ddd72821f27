# %% [markdown]
# TensorFlow's own tools: tables scattered by TensorFlow, `tf.data` pipelines, `tf.keras`, tensors as results.

# %% question="q1"
import tensorflow as tf


def vectorize_sequences(sequences, dimension=10_000):
    """Multi-hot encode reviews: all pairs of row and column at once."""
    words = [np.unique(np.array(sequence, dtype="int32")) for sequence in sequences]
    columns = np.concatenate([*words, np.array([], dtype="int32")])
    rows = np.repeat(np.arange(len(words), dtype="int32"), [len(row) for row in words])
    ones = tf.ones(len(rows), dtype=tf.uint8)
    return tf.scatter_nd(np.stack([rows, columns], axis=1), ones, [len(words), dimension]).numpy()


# %% question="q2"
x_train = vectorize_sequences(train_sequences)
x_test = vectorize_sequences(test_sequences)
y_train = tf.cast(train_labels, tf.float32)
y_test = tf.cast(test_labels, tf.float32)

x_val, partial_x_train = x_train[:10_000], x_train[10_000:]
y_val, partial_y_train = tf.split(y_train, [10_000, 15_000])


def batches(x, y, training):
    """Return a pipeline of batches of 512, shuffled anew in each epoch if it is for training."""
    pipeline = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        pipeline = pipeline.shuffle(2_000)
    return pipeline.batch(512).prefetch(2)


# %% question="q3"
def build_model():
    """Return the network, written with TensorFlow's functions as activations."""
    inputs = tf.keras.layers.Input(shape=[10_000])
    outputs = inputs
    for units, activation in [(16, tf.nn.relu), (16, tf.nn.relu), (1, tf.nn.sigmoid)]:
        outputs = tf.keras.layers.Dense(units, activation=activation)(outputs)
    return tf.keras.Model(inputs, outputs)


model = build_model()

# %% question="q4"
model.compile(
    optimizer=tf.keras.optimizers.RMSprop(), loss=tf.keras.losses.BinaryCrossentropy(), metrics=[tf.keras.metrics.BinaryAccuracy()]
)

# %% question="q5"
history = model.fit(
    batches(partial_x_train, partial_y_train, training=True),
    epochs=20,
    validation_data=batches(x_val, y_val, training=False),
    verbose=0,
)

# %% question="q6"
fig = plt.figure()
ax = fig.add_subplot(1, 1, 1)
for key, style in [("loss", "r-"), ("val_loss", "b-")]:
    ax.plot(1 + np.array(history.epoch), history.history[key], style)
ax.legend(labels=["training", "validation"])
ax.set(xlabel="epoch", ylabel="loss")
loss_figure = fig

fig = plt.figure()
ax = fig.add_subplot(1, 1, 1)
for key, style in [("binary_accuracy", "r-"), ("val_binary_accuracy", "b-")]:
    ax.plot(1 + np.array(history.epoch), history.history[key], style)
ax.legend(labels=["training", "validation"])
ax.set(xlabel="epoch", ylabel="accuracy")
accuracy_figure = fig
plt.show()

# %% question="q7"
best_epoch = tf.argmin(history.history["val_loss"]) + 1
last = {key: values[-1] for key, values in history.history.items()}
accuracy_gap = tf.constant(last["binary_accuracy"]) - tf.constant(last["val_binary_accuracy"])

# %% question="q8"
final_model = build_model()
final_model.compile("rmsprop", "bce", metrics=["accuracy"])
final_model.fit(batches(x_train, y_train, training=True), epochs=4, verbose=0)

metric = tf.keras.metrics.BinaryAccuracy()
loss = tf.keras.metrics.BinaryCrossentropy()
for x, y in batches(x_test, y_test, training=False):
    answers = final_model(tf.cast(x, tf.float32), training=False)
    metric.update_state(y[:, None], answers)
    loss.update_state(y[:, None], answers)
test_loss = loss.result()
test_accuracy = metric.result()

# %% question="q9"
ranks = tf.keras.datasets.imdb.get_word_index()
table = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(tf.constant(list(ranks.values()), dtype=tf.int64), tf.constant(list(ranks))), "?"
)


def decode_review(sequence):
    """Look all numbers up at once."""
    words = table.lookup(tf.constant(sequence, dtype=tf.int64) - 3)
    return tf.strings.reduce_join(words, separator=" ").numpy().decode()


decoded_review = decode_review(test_sequences[0])
prediction = final_model.predict_on_batch(x_test[0:1])[0, 0]
