"""Wrong answers that students really give, each a small edit of the reference that costs points in its own question."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="hidden_layers_without_activation",
        question="q1",
        advice="Dense layers without an activation collapse into a single matrix: give the hidden layers relu.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(4, activation="relu"),
        keras.layers.Dense(4, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(4),
        keras.layers.Dense(4),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
    ),
    Misconception(
        name="one_history_under_two_names",
        question="q2",
        advice="large_history is the history of the small network under another name: train the large one as well.",
        old="large_history = train(large_model, epochs=4)",
        new="large_history = small_history",
    ),
    Misconception(
        name="epochs_counted_from_zero",
        question="q2",
        advice="argmin gives a position in the list, counted from 0; the epoch is one more.",
        old="int(np.argmin(losses)) + 1",
        new="int(np.argmin(losses))",
    ),
    Misconception(
        name="first_for_last",
        question="q2",
        advice="You name the network that overfits first; the question asks for the one that does so last.",
        old="max(turning_epochs, key=turning_epochs.get)",
        new="min(turning_epochs, key=turning_epochs.get)",
    ),
    Misconception(
        name="factor_ten_times_too_large",
        question="q3",
        advice='The L2 factor should be 0.001; yours is ten times that, which is also what the name "l2" alone means.',
        old="keras.regularizers.L2(0.001)",
        new="keras.regularizers.L2(0.01)",
    ),
    Misconception(
        name="biases_pay",
        question="q3",
        advice="bias_regularizer makes the biases pay; large kernels are what the penalty is for.",
        old='{"kernel_regularizer": keras.regularizers.L2(0.001)}',
        new='{"bias_regularizer": keras.regularizers.L2(0.001)}',
    ),
    Misconception(
        name="activities_pay",
        question="q3",
        advice="activity_regularizer makes the layer's outputs pay; the penalty should be on its kernel.",
        old='{"kernel_regularizer": keras.regularizers.L2(0.001)}',
        new='{"activity_regularizer": keras.regularizers.L2(0.001)}',
    ),
    Misconception(
        name="output_layer_pays",
        question="q3",
        advice="The output layer pays a penalty as well; only the two hidden layers should.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu", **penalty_on),
        keras.layers.Dense(16, activation="relu", **penalty_on),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu", **penalty_on),
        keras.layers.Dense(16, activation="relu", **penalty_on),
        keras.layers.Dense(1, activation="sigmoid", **penalty_on),
    ]
)
""",
    ),
    Misconception(
        name="factors_swapped",
        question="q3",
        advice="The factors of L1 and L2 are swapped: 0.0001 is for the absolute values, 0.001 for the squares.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=0.0001, l2=0.001)),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=0.0001, l2=0.001)),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(0.001, 0.0001)),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L1L2(0.001, 0.0001)),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
    ),
    Misconception(
        name="penalty_on_biases",
        question="q4",
        advice="Your sum runs over biases as well; only kernels pay, every other array of get_weights().",
        old="""\
absolute = sum(np.sum(np.abs(kernel)) for kernel in kernels[:2])
squared = sum(np.sum(np.square(kernel)) for kernel in kernels[:2])
""",
        new="""\
absolute = sum(np.sum(np.abs(weights)) for weights in model.get_weights()[:4])
squared = sum(np.sum(np.square(weights)) for weights in model.get_weights()[:4])
""",
    ),
    Misconception(
        name="half_of_the_squares",
        question="q4",
        advice="Keras has no factor of one half before the sum of squares, unlike many textbooks.",
        old="l1 * absolute + l2 * squared",
        new="l1 * absolute + l2 / 2 * squared",
    ),
    Misconception(
        name="penalty_on_the_output_layer",
        question="q4",
        advice="Your sum includes the kernel of the output layer, which pays no penalty.",
        old="""\
absolute = sum(np.sum(np.abs(kernel)) for kernel in kernels[:2])
squared = sum(np.sum(np.square(kernel)) for kernel in kernels[:2])
""",
        new="""\
absolute = sum(np.sum(np.abs(kernel)) for kernel in kernels)
squared = sum(np.sum(np.square(kernel)) for kernel in kernels)
""",
    ),
    Misconception(
        name="val_loss_for_cross_entropy",
        question="q5",
        advice="val_loss contains the penalty; compute the cross-entropy from the network's predictions instead.",
        old="""\
l1_cross_entropy = cross_entropy(y_val, l1_model.predict(x_val, verbose=0))
l2_cross_entropy = cross_entropy(y_val, l2_model.predict(x_val, verbose=0))
""",
        new="""\
l1_cross_entropy = l1_history.history["val_loss"][-1]
l2_cross_entropy = l2_history.history["val_loss"][-1]
""",
    ),
    Misconception(
        name="row_times_column",
        question="q5",
        advice="y is flat and the predictions are a column, so NumPy makes a square table of them: flatten p first.",
        old='np.ravel(p).astype("float64")',
        new='np.asarray(p, dtype="float64")',
    ),
    Misconception(
        name="logarithm_of_zero",
        question="q5",
        advice="A probability of exactly 0 or 1 makes the logarithm infinite: keep p away from both with np.clip.",
        old='p = np.clip(np.ravel(p).astype("float64"), 1e-7, 1 - 1e-7)',
        new='p = np.ravel(p).astype("float64")',
    ),
    Misconception(
        name="divided_by_the_rate",
        question="q6",
        advice="What stays is divided by the probability to stay, 1 - rate; you divide by the rate.",
        old="x * kept / (1 - rate)",
        new="x * kept / rate",
    ),
    Misconception(
        name="what_stays_is_not_scaled",
        question="q6",
        advice="You drop values but leave the others as they are, so the mean shrinks: scale up what stays.",
        old="x * kept / (1 - rate)",
        new="x * kept",
    ),
    Misconception(
        name="one_draw_a_row",
        question="q6",
        advice="You draw once for a whole row; every entry should be drawn for itself.",
        old="rng.random(x.shape)",
        new="rng.random(x.shape[:1] + (1,) * (x.ndim - 1))",
    ),
    Misconception(
        name="rate_for_keep_probability",
        question="q6",
        advice="Your function keeps the share `rate` of the values; that is the share to be dropped.",
        old="rng.random(x.shape) >= rate",
        new="rng.random(x.shape) < rate",
    ),
    Misconception(
        name="dropout_of_the_slide",
        question="q6",
        advice="The slide's two lines only hold for a rate of 0.5, and they change x itself.",
        old="""\
kept = rng.random(x.shape) >= rate
return x * kept / (1 - rate)
""",
        new="""\
x *= rng.integers(0, high=2, size=x.shape)
x /= 0.5
return x
""",
    ),
    Misconception(
        name="keep_probability_for_rate",
        question="q7",
        advice="Dropout takes the share that is dropped; you gave it the share that is kept.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.6),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.6),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
    ),
    Misconception(
        name="dropout_after_the_output",
        question="q7",
        advice="Dropout after the output layer throws the answer itself away: put it after hidden layers only.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(1, activation="sigmoid"),
        keras.layers.Dropout(0.4),
    ]
)
""",
    ),
    Misconception(
        name="history_of_another_network",
        question="q7",
        advice="dropout_history is the reference network's history under another name.",
        old="dropout_history = train(dropout_model)",
        new="train(dropout_model)\ndropout_history = reference_history",
    ),
    Misconception(
        name="normalised_output",
        question="q8",
        advice="The last batch normalisation stands after the output layer, where probabilities come out of [0, 1].",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1, activation="sigmoid"),
        keras.layers.BatchNormalization(),
    ]
)
""",
    ),
    Misconception(
        name="frozen_batch_normalisation",
        question="q8",
        advice="With trainable=False the layers neither learn nor average anything: leave their settings alone.",
        old="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
        new="""\
return keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(trainable=False),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(trainable=False),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
    ),
    Misconception(
        name="training_loss_watched",
        question="q9",
        advice='monitor="loss" watches the training loss, which falls to the very end: watch "val_loss".',
        old='monitor="val_loss"',
        new='monitor="loss"',
    ),
    Misconception(
        name="best_weights_not_restored",
        question="q9",
        advice="Your network keeps the weights of its last epoch: ask for restore_best_weights=True.",
        old="restore_best_weights=True",
        new="",
    ),
    Misconception(
        name="compared_on_different_reviews",
        question="q10",
        advice="Your networks are judged on different reviews: give all of them the same validation set.",
        old="""\
for name, model in networks.items():
    comparison[name] = {
        "training": cross_entropy(y_train, model.predict(x_train, verbose=0)),
        "validation": cross_entropy(y_val, model.predict(x_val, verbose=0)),
    }
""",
        new="""\
for name, model in networks.items():
    rows = slice(0, 2_500) if name in ("dropout", "early stopping") else slice(2_500, 5_000)
    comparison[name] = {
        "training": cross_entropy(y_train, model.predict(x_train, verbose=0)),
        "validation": cross_entropy(y_val[rows], model.predict(x_val[rows], verbose=0)),
    }
""",
    ),
    Misconception(
        name="penalty_in_the_comparison",
        question="q10",
        advice="evaluate returns the loss with the penalty in it: use your cross_entropy on the predictions.",
        old="cross_entropy(y_val, model.predict(x_val, verbose=0))",
        new="model.evaluate(x_val, y_val, verbose=0)[0]",
    ),
    Misconception(
        name="numbers_typed_in",
        question="q10",
        advice="The numbers in your table are not those of the networks in this notebook: let the code compute them.",
        old="""\
for name, model in networks.items():
    comparison[name] = {
        "training": cross_entropy(y_train, model.predict(x_train, verbose=0)),
        "validation": cross_entropy(y_val, model.predict(x_val, verbose=0)),
    }
""",
        new="""\
comparison = {
    "reference": {"training": 0.012, "validation": 0.479},
    "small": {"training": 0.088, "validation": 0.325},
    "L1": {"training": 0.246, "validation": 0.345},
    "L2": {"training": 0.029, "validation": 0.402},
    "dropout": {"training": 0.059, "validation": 0.357},
    "batch normalisation": {"training": 0.013, "validation": 0.461},
    "early stopping": {"training": 0.118, "validation": 0.317},
}
""",
    ),
    Misconception(
        name="best_on_training_reviews",
        question="q10",
        advice="You chose by the training column, which shows who has memorised most; new reviews are what counts.",
        old='min(comparison, key=lambda name: comparison[name]["validation"])',
        new='min(comparison, key=lambda name: comparison[name]["training"])',
    ),
)
