# %% question="q1"
double = lambda x: x + x

# %% question="q2"
model = keras.Sequential([keras.Input((2,))])
for units, activation in [(4, "relu"), (1, "sigmoid")]:
    model.add(keras.layers.Dense(units))
    model.add(keras.layers.Activation(activation))
