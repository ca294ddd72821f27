# %% [markdown]
# As on the slides: `models`, `layers` and `regularizers` imported, `input_shape=` (which warns), `compile` and `fit` written
# out for every network, figures of one's own.

# %% question="q1"
from keras import layers, models, regularizers


def build_small():
    model = models.Sequential()
    model.add(layers.Dense(4, activation='relu', input_shape=(10000,)))
    model.add(layers.Dense(4, activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


def build_large():
    model = models.Sequential()
    model.add(layers.Dense(512, activation='relu', input_shape=(10000,)))
    model.add(layers.Dense(512, activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


# %% question="q2"
small_model = build_small()
small_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
small_history = small_model.fit(x_train, y_train, epochs=8, batch_size=128, validation_data=(x_val, y_val), verbose=0)

large_model = build_large()
large_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
large_history = large_model.fit(x_train, y_train, epochs=4, batch_size=128, validation_data=(x_val, y_val), verbose=0)


def turning_epoch(losses):
    return list(losses).index(np.min(losses)) + 1


print(turning_epoch(small_history.history['val_loss']))
print(turning_epoch(reference_history.history['val_loss']))
print(turning_epoch(large_history.history['val_loss']))
best = np.argmax([turning_epoch(h.history['val_loss']) for h in [small_history, reference_history, large_history]])
overfits_last = ('small', 'reference', 'large')[best]

epochs = range(1, 9)
plt.plot(epochs, small_history.history['val_loss'], 'bo', label='small')
plt.plot(epochs, reference_history.history['val_loss'], 'b+', label='reference')
plt.legend()
plt.show()

# %% question="q3"
def build_l1():
    model = models.Sequential()
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l1(0.001), activation='relu', input_shape=(10000,)))
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l1(0.001), activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


def build_l2():
    model = models.Sequential()
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l2(0.001), activation='relu', input_shape=(10000,)))
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l2(0.001), activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


def build_both():
    model = models.Sequential()
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l1_l2(l1=0.0001, l2=0.001), activation='relu', input_shape=(10000,)))
    model.add(layers.Dense(16, kernel_regularizer=regularizers.l1_l2(l1=0.0001, l2=0.001), activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


l1_model = build_l1()
l2_model = build_l2()
both_model = build_both()

# %% question="q4"
def penalty(model, l1, l2):
    w1 = model.layers[0].get_weights()[0]
    w2 = model.layers[1].get_weights()[0]
    return l1 * np.sum(np.abs(w1)) + l1 * np.sum(np.abs(w2)) + l2 * np.sum(w1 ** 2) + l2 * np.sum(w2 ** 2)


# %% question="q5"
def cross_entropy(y, p):
    p = p.reshape(len(y)).astype('float64')
    p = np.maximum(p, 1e-7)
    p = np.minimum(p, 1 - 1e-7)
    return -1 / len(y) * np.dot(y, np.log(p)) - 1 / len(y) * np.dot(1 - y, np.log(1 - p))


l1_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
l1_history = l1_model.fit(x_train, y_train, epochs=8, batch_size=128, validation_data=(x_val, y_val), verbose=0)
l2_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
l2_history = l2_model.fit(x_train, y_train, epochs=8, batch_size=128, validation_data=(x_val, y_val), verbose=0)
l1_cross_entropy = cross_entropy(y_val, l1_model.predict(x_val))
l2_cross_entropy = cross_entropy(y_val, l2_model.predict(x_val))

# %% question="q6"
def dropout(x, rate, rng):
    layer_output = x.copy()
    layer_output *= rng.integers(0, high=1000, size=layer_output.shape) >= 1000 * rate
    layer_output /= 1 - rate
    return layer_output


# %% question="q7"
def build_dropout():
    model = models.Sequential()
    model.add(layers.Dense(16, activation='relu', input_shape=(10000,)))
    model.add(layers.Dropout(0.4))
    model.add(layers.Dense(16, activation='relu'))
    model.add(layers.Dropout(0.4))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


dropout_model = build_dropout()
dropout_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
dropout_history = dropout_model.fit(x_train, y_train, epochs=8, batch_size=128, validation_data=(x_val, y_val), verbose=0)

# %% question="q8"
def build_batch_norm():
    model = models.Sequential()
    model.add(layers.Dense(16, activation='relu', input_shape=(10000,)))
    model.add(layers.BatchNormalization())
    model.add(layers.Dense(16, activation='relu'))
    model.add(layers.BatchNormalization())
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


batch_norm_model = build_batch_norm()
batch_norm_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
batch_norm_history = batch_norm_model.fit(x_train, y_train, epochs=8, batch_size=128, validation_data=(x_val, y_val), verbose=0)

# %% question="q9"
from keras.callbacks import EarlyStopping

early_model = build_reference()
early_model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
early_history = early_model.fit(x_train, y_train, epochs=20, batch_size=128, validation_data=(x_val, y_val), verbose=0,
                                callbacks=[EarlyStopping(monitor='val_loss', patience=2, restore_best_weights=True)])

# %% question="q10"
comparison = {name: {'training': cross_entropy(y_train, networks[name].predict(x_train)),
                     'validation': cross_entropy(y_val, networks[name].predict(x_val))} for name in networks}
names = list(comparison)
smallest_gap = names[np.argmin([comparison[n]['validation'] - comparison[n]['training'] for n in names])]
best_answers = names[np.argmin([comparison[n]['validation'] for n in names])]
