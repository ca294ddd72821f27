"""Wrong answers that students really give, each a small edit of the reference that costs points in its own question."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="counts_instead_of_ticks",
        question="q1",
        advice="Your table counts how often a word occurs; multi-hot only says whether it occurs.",
        old="        results[row, sequence] = 1\n",
        new="        for word in sequence:\n            results[row, word] += 1\n",
    ),
    Misconception(
        name="row_number_lost",
        question="q1",
        advice="`results[sequence] = 1` picks rows, not columns: say which row as well, `results[row, sequence]`.",
        old="results[row, sequence] = 1",
        new="results[sequence] = 1",
    ),
    Misconception(
        name="last_word_has_no_column",
        question="q1",
        advice="Word numbers go from 0 to dimension - 1, and the last one is a word like any other: leave none out.",
        old="results[row, sequence] = 1",
        new="results[row, [word for word in sequence if word < dimension - 1]] = 1",
    ),
    Misconception(
        name="validation_from_the_wrong_end",
        question="q2",
        advice="You put the last 10,000 reviews aside; the question asks for the first 10,000.",
        old="""\
x_val = x_train[:10_000]  # SOLUTION
partial_x_train = x_train[10_000:]  # SOLUTION
y_val = y_train[:10_000]  # SOLUTION
partial_y_train = y_train[10_000:]  # SOLUTION""",
        new="""\
x_val = x_train[-10_000:]
partial_x_train = x_train[:-10_000]
y_val = y_train[-10_000:]
partial_y_train = y_train[:-10_000]""",
    ),
    Misconception(
        name="labels_cut_unlike_the_reviews",
        question="q2",
        advice="Reviews and labels are cut at different places, so reviews meet the labels of others.",
        old="partial_y_train = y_train[10_000:]",
        new="partial_y_train = y_train[:15_000]",
    ),
    Misconception(
        name="softmax_on_one_unit",
        question="q3",
        advice="Softmax makes the outputs of a layer add up to 1, so a single unit always answers 1: use sigmoid.",
        old='activation="sigmoid"',
        new='activation="softmax"',
    ),
    Misconception(
        name="linear_output",
        question="q3",
        advice="Without an activation the output is any number, not a probability: use sigmoid.",
        old='keras.layers.Dense(1, activation="sigmoid")',
        new="keras.layers.Dense(1)",
    ),
    Misconception(
        name="hidden_layers_without_activation",
        question="q3",
        advice="Dense layers without an activation collapse into a single matrix: give the hidden layers relu.",
        old="""\
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
""",
        new="""\
            keras.layers.Dense(16),
            keras.layers.Dense(16),
""",
    ),
    Misconception(
        name="one_model_for_all_calls",
        question="q3",
        advice="build_model returns the same layers on every call; make new ones inside the function.",
        old="""\
    return keras.Sequential(
        [
            keras.Input(shape=(10_000,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
""",
        new="""\
    return the_model


the_model = keras.Sequential(
    [
        keras.Input(shape=(10_000,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
""",
    ),
    Misconception(
        name="mean_squared_error",
        question="q4",
        advice="Mean squared error is made for quantities; for the probability of a class use binary cross-entropy.",
        old='loss="binary_crossentropy"',
        new='loss="mse"',
    ),
    Misconception(
        name="categorical_cross_entropy",
        question="q4",
        advice="Categorical cross-entropy needs an output for each class; with one output use the binary one.",
        old='loss="binary_crossentropy"',
        new='loss="categorical_crossentropy"',
    ),
    Misconception(
        name="validated_on_the_test_set",
        question="q5",
        advice="The test set is for one final judgement: decisions, such as when to stop, are made on x_val.",
        old="validation_data=(x_val, y_val)",
        new="validation_data=(x_test, y_test)",
    ),
    Misconception(
        name="trained_on_the_validation_reviews",
        question="q5",
        advice="You train on all of x_train, validation reviews included, so they no longer tell anything.",
        old="model.fit(partial_x_train, partial_y_train,",
        new="model.fit(x_train, y_train,",
    ),
    Misconception(
        name="validation_curve_missing",
        question="q6",
        advice="Your accuracy figure draws the same curve twice: one of them should be that of validation.",
        old='accuracy_axes.plot(epochs, history.history["val_accuracy"]',
        new='accuracy_axes.plot(epochs, history.history["accuracy"]',
    ),
    Misconception(
        name="epochs_counted_from_zero",
        question="q7",
        advice="argmin gives a position in the list, counted from 0; the epoch is one more.",
        old='int(np.argmin(history.history["val_loss"])) + 1',
        new='int(np.argmin(history.history["val_loss"]))',
    ),
    Misconception(
        name="judged_by_training_loss",
        question="q7",
        advice="The training loss falls to the very end and can't show overfitting: look at the validation loss.",
        old='np.argmin(history.history["val_loss"])',
        new='np.argmin(history.history["loss"])',
    ),
    Misconception(
        name="overfitted_model_trained_on",
        question="q8",
        advice="You went on training the overfitted model; begin with a new one from build_model().",
        old="final_model = build_model()",
        new="final_model = model",
    ),
    Misconception(
        name="twenty_epochs_again",
        question="q8",
        advice="The validation set told you when to stop; twenty epochs overfit the final model as well.",
        old="epochs=4",
        new="epochs=20",
    ),
    Misconception(
        name="judged_on_training_reviews",
        question="q8",
        advice="You evaluate the model on reviews it has learnt from; only the test set shows what it can do.",
        old="final_model.evaluate(x_test, y_test,",
        new="final_model.evaluate(x_train, y_train,",
    ),
    Misconception(
        name="offset_forgotten",
        question="q9",
        advice="In the reviews every rank is shifted by 3; without taking that back you read other words.",
        old="words.get(number - 3,",
        new="words.get(number,",
    ),
    Misconception(
        name="another_review_judged",
        question="q9",
        advice="The words are those of the first test review, but the prediction is for a training review.",
        old="final_model.predict(x_test[:1],",
        new="final_model.predict(x_train[:1],",
    ),
)
