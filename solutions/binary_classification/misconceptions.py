"""Wrong answers that students really give, each a small edit of the reference that costs points in its own question."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="counts_instead_of_ticks",
        question="q1",
        advice="Your table counts how often a word occurs; multi-hot only says whether it occurs.",
        old="results[row, sequence] = 1",
        new="""\
for word in sequence:
    results[row, word] += 1
""",
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
x_val = x_train[:10_000]
partial_x_train = x_train[10_000:]
y_val = y_train[:10_000]
partial_y_train = y_train[10_000:]
""",
        new="""\
x_val = x_train[-10_000:]
partial_x_train = x_train[:-10_000]
y_val = y_train[-10_000:]
partial_y_train = y_train[:-10_000]
""",
    ),
    Misconception(
        name="labels_cut_unlike_the_reviews",
        question="q2",
        advice="Reviews and labels are cut at different places, so reviews meet the labels of others.",
        old="partial_y_train = y_train[10_000:]",
        new="partial_y_train = y_train[:15_000]",
    ),
    Misconception(
        name="labels_not_cut",
        question="q2",
        advice="You cut the reviews and left their labels whole: 15,000 reviews can't be paired with 25,000 labels.",
        old="partial_y_train = y_train[10_000:]",
        new="partial_y_train = y_train",
    ),
    Misconception(
        name="test_set_copied_from_training",
        question="q2",
        advice="Your test set is the training set once more: it was made from train_sequences and train_labels.",
        old="""\
x_test = vectorize_sequences(test_sequences)
y_train = train_labels.astype("float32")
y_test = test_labels.astype("float32")
""",
        new="""\
x_test = vectorize_sequences(train_sequences)
y_train = train_labels.astype("float32")
y_test = train_labels.astype("float32")
""",
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
        name="one_unit_for_each_class",
        question="q3",
        advice="With two classes one number is enough, the probability of one of them: one unit, sigmoid.",
        old='keras.layers.Dense(1, activation="sigmoid")',
        new='keras.layers.Dense(2, activation="softmax")',
    ),
    Misconception(
        name="hidden_layers_without_activation",
        question="q3",
        advice="Dense layers without an activation collapse into a single matrix: give the hidden layers relu.",
        old="""\
[
    keras.Input(shape=(10_000,)),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
]""",
        new="""\
[
    keras.Input(shape=(10_000,)),
    keras.layers.Dense(16),
    keras.layers.Dense(16),
    keras.layers.Dense(1, activation="sigmoid"),
]""",
    ),
    Misconception(
        name="one_model_for_all_calls",
        question="q3",
        advice="build_model returns the same layers on every call; make new ones inside the function.",
        old="model = build_model()",
        new="""\
model = build_model()


def build_model():
    return model
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
        name="another_optimizer_by_habit",
        question="q4",
        advice="Adam would do well here too, but the question asks for RMSprop with its default learning rate.",
        old='optimizer="rmsprop"',
        new='optimizer="adam"',
    ),
    Misconception(
        name="metric_forgotten",
        question="q4",
        advice="Without metrics=[...] Keras reports the loss alone: ask for the accuracy as well.",
        old='metrics=["accuracy"]',
        new="",
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
        old="""\
history = model.fit(
    partial_x_train, partial_y_train, epochs=20, batch_size=512, validation_data=(x_val, y_val), verbose=2
)""",
        new="""\
history = model.fit(x_train, y_train, epochs=20, batch_size=512, validation_data=(x_val, y_val), verbose=2)
""",
    ),
    Misconception(
        name="no_validation_at_all",
        question="q5",
        advice="Without validation_data, fit measures the network only on reviews it is learning from.",
        old="validation_data=(x_val, y_val)",
        new="",
    ),
    Misconception(
        name="four_epochs_already",
        question="q5",
        advice="Train for all 20 epochs here, too long on purpose: where to stop is what you are to find out.",
        old="epochs=20",
        new="epochs=4",
    ),
    Misconception(
        name="validation_curve_missing",
        question="q6",
        advice="Your accuracy figure draws the same curve twice: one of them should be that of validation.",
        old='history.history["val_accuracy"]',
        new='history.history["accuracy"]',
    ),
    Misconception(
        name="legend_forgotten",
        question="q6",
        advice="A label shows up in the figure only when the axes are told to draw a legend.",
        old="loss_axes.legend()",
        new="",
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
        old='history.history["val_loss"]',
        new='history.history["loss"]',
    ),
    Misconception(
        name="largest_training_loss",
        question="q7",
        advice="A loss is better the smaller it is, and the one that counts here is that of validation.",
        old='best_epoch = int(np.argmin(history.history["val_loss"])) + 1',
        new='best_epoch = int(np.argmax(history.history["loss"]))',
    ),
    Misconception(
        name="gap_in_percent",
        question="q7",
        advice="The gap is asked for as a share: 14 percentage points are 0.14.",
        old='history.history["accuracy"][-1] - history.history["val_accuracy"][-1]',
        new='100 * (history.history["accuracy"][-1] - history.history["val_accuracy"][-1])',
    ),
    Misconception(
        name="gap_upside_down",
        question="q7",
        advice="Training accuracy minus validation accuracy, not the other way round: overfitting makes it positive.",
        old='history.history["accuracy"][-1] - history.history["val_accuracy"][-1]',
        new='history.history["val_accuracy"][-1] - history.history["accuracy"][-1]',
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
        threshold="test_accuracy",
    ),
    Misconception(
        name="judged_on_training_reviews",
        question="q8",
        advice="You evaluate the model on reviews it has learnt from; only the test set shows what it can do.",
        old="final_model.evaluate(x_test, y_test, verbose=0, return_dict=True)",
        new="final_model.evaluate(x_train, y_train, verbose=0, return_dict=True)",
    ),
    Misconception(
        name="accuracy_in_percent",
        question="q8",
        advice="Leave the accuracy as Keras reports it, a share between 0 and 1.",
        old='results["accuracy"]',
        new='100 * results["accuracy"]',
    ),
    Misconception(
        name="printed_results_pasted_in",
        question="q8",
        advice="The results are numbers typed in, not those of your final model: let evaluate compute them.",
        old="""\
test_loss = results["loss"]
test_accuracy = results["accuracy"]
""",
        new="""\
test_loss = 0.2929
test_accuracy = 0.8832
""",
    ),
    Misconception(
        name="offset_forgotten",
        question="q9",
        advice="In the reviews every rank is shifted by 3; without taking that back you read other words.",
        old="number - 3",
        new="number",
    ),
    Misconception(
        name="words_run_together",
        question="q9",
        advice='"".join(...) puts nothing between the words: join them with a space.',
        old='" "',
        new='""',
    ),
    Misconception(
        name="another_review_judged",
        question="q9",
        advice="The words are those of the first test review, but the prediction is for a training review.",
        old="x_test[:1]",
        new="x_train[:1]",
    ),
    Misconception(
        name="class_instead_of_probability",
        question="q9",
        advice="The answer yes or no is the last step: prediction should be the probability before it is compared with 0.5.",
        old="float(final_model.predict(x_test[:1], verbose=0)[0, 0])",
        new="final_model.predict(x_test[:1], verbose=0)[0, 0] > 0.5",
    ),
    Misconception(
        name="number_not_from_final_model",
        question="q9",
        advice="Your final model gives another number for the first test review: compute `prediction` with it, "
        "and check that `x_test` is what question 1 asks for.",
        old="float(final_model.predict(x_test[:1], verbose=0)[0, 0])",
        new="0.9876",
    ),
)
