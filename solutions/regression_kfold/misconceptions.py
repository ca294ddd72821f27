"""Wrong answers that students really give, each a small edit of the reference that costs points in its own question."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="test_rows_by_their_own_statistics",
        question="q1",
        advice="You normalise the test rows by their own mean and deviation; measure them by those of the training rows.",
        old="(test - mean) / std",
        new="(test - test.mean(axis=0)) / test.std(axis=0)",
    ),
    Misconception(
        name="one_mean_for_the_whole_table",
        question="q1",
        advice="Without axis=0, mean and std give one number for the whole table; each column needs its own.",
        old="""\
mean = train.mean(axis=0)
std = train.std(axis=0)""",
        new="""\
mean = train.mean()
std = train.std()""",
    ),
    Misconception(
        name="normalised_twice",
        question="q1",
        advice="Your test table is normalised a second time, with numbers that belong to the raw one.",
        old="x_train, x_test = normalise(train_data, test_data)",
        new="""\
x_train, x_test = normalise(train_data, test_data)
x_test = normalise(train_data, x_test)[1]""",
    ),
    Misconception(
        name="sigmoid_output",
        question="q2",
        advice="A sigmoid can't answer with more than 1; the output of a regression has no activation.",
        old="keras.layers.Dense(1)",
        new='keras.layers.Dense(1, activation="sigmoid")',
    ),
    Misconception(
        name="relu_output",
        question="q2",
        advice="relu can't answer below 0, and an output that starts there never learns: use no activation.",
        old="keras.layers.Dense(1)",
        new='keras.layers.Dense(1, activation="relu")',
    ),
    Misconception(
        name="accuracy_of_a_quantity",
        question="q2",
        advice="Accuracy counts exact hits, and a price is hardly ever hit exactly: the metric asked for is mae.",
        old='metrics=["mae"]',
        new='metrics=["accuracy", "mean_absolute_percentage_error"]',
    ),
    Misconception(
        name="loss_and_metric_exchanged",
        question="q2",
        advice="You train on the absolute error and read the squared one; the question asks for the opposite.",
        old='model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"], steps_per_execution=20)',
        new='model.compile(optimizer="rmsprop", loss="mae", metrics=["mse", "mae"], steps_per_execution=20)',
    ),
    Misconception(
        name="one_network_for_all_calls",
        question="q2",
        advice="build_model hands out the same network on every call; make new layers inside the function.",
        old="""\
model = build_model()""",
        new="""\
the_model = build_model()


def build_model():
    return the_model


model = build_model()""",
    ),
    Misconception(
        name="last_rows_forgotten",
        question="q3",
        advice="n // k rows for each fold leave out the last rows when k does not divide n; they belong to a fold too.",
        old="np.array_split(rows, k)",
        new="[rows[i * (n // k) : (i + 1) * (n // k)] for i in range(k)]",
    ),
    Misconception(
        name="training_part_holds_all_rows",
        question="q3",
        advice="Your training parts hold all the rows, those of the validation part included.",
        old="np.setdiff1d(rows, validation)",
        new="rows",
    ),
    Misconception(
        name="row_behind_the_fold_lost",
        question="q3",
        advice="One row too many is cut out: the row right behind the fold belongs to the training part.",
        old="np.setdiff1d(rows, validation)",
        new="np.concatenate([rows[: validation[0]], rows[validation[-1] + 2 :]])",
    ),
    Misconception(
        name="network_built_outside_the_loop",
        question="q4",
        advice="Your network is built once, so each fold goes on from the last one and has seen its validation rows: "
        "build inside the loop.",
        old="""\
for training, validation in folds:
    model = build()
    history = model.fit(
        x[training],
        y[training],
        validation_data=(x[validation], y[validation]),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    )
    histories.append(history)""",
        new="""\
model = build()
for training, validation in folds:
    history = model.fit(
        x[training],
        y[training],
        validation_data=(x[validation], y[validation]),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    )
    histories.append(history)""",
    ),
    Misconception(
        name="trained_on_the_validation_rows",
        question="q4",
        advice="You train on all of x and y, so the validation rows are no longer new to the network.",
        old="""\
history = model.fit(
    x[training],
    y[training],
    validation_data=(x[validation], y[validation]),
    epochs=epochs,
    batch_size=batch_size,
    verbose=0,
)""",
        new="""\
history = model.fit(
    x, y, validation_data=(x[validation], y[validation]), epochs=epochs, batch_size=batch_size, verbose=0
)""",
    ),
    Misconception(
        name="training_targets_of_other_rows",
        question="q4",
        advice="Inputs and targets are picked with different row numbers, so houses get the prices of others.",
        old="y[training]",
        new="y[: len(training)]",
    ),
    Misconception(
        name="validation_targets_of_other_rows",
        question="q4",
        advice="The validation rows are compared with the prices of other houses: pick both with the same row numbers.",
        old="y[validation]",
        new="y[: len(validation)]",
    ),
    Misconception(
        name="validated_on_the_test_set",
        question="q4",
        advice="You validate on the test set; it is for one final judgement, and each fold has rows of its own for this.",
        old="validation_data=(x[validation], y[validation])",
        new="validation_data=(x_test[:, : x.shape[1]], y_test)",
    ),
    Misconception(
        name="raw_data_trained_on",
        question="q5",
        advice="You cross-validate on the raw table; hand over the normalised one, x_train.",
        old="cross_validate(build_model, x_train, y_train, folds, epochs=60, batch_size=4)",
        new="cross_validate(build_model, train_data, y_train, folds, epochs=60, batch_size=4)",
    ),
    Misconception(
        name="training_error_as_score",
        question="q5",
        advice="Your scores are errors on rows that the networks have trained on: mae where val_mae is asked for.",
        old='history.history["val_mae"][-1]',
        new='history.history["mae"][-1]',
    ),
    Misconception(
        name="training_error_averaged",
        question="q6",
        advice="You average mae, the error on training rows; val_mae is the one on rows that are new to the network.",
        old='history.history["val_mae"]',
        new='history.history["mae"]',
    ),
    Misconception(
        name="averaged_over_the_epochs",
        question="q6",
        advice="You average over the epochs, which gives a number a fold; average over the folds, a number an epoch.",
        old="axis=0",
        new="axis=1",
    ),
    Misconception(
        name="factor_on_the_wrong_side",
        question="q7",
        advice="The factor belongs to the smoothed point before, and the small rest, 1 - factor, to the new point.",
        old="factor * previous + (1 - factor) * point",
        new="(1 - factor) * previous + factor * point",
    ),
    Misconception(
        name="average_begins_at_zero",
        question="q7",
        advice="Your average starts from 0 and has to climb to the curve first; its first point is the first point.",
        old="smoothed[-1] if smoothed else point",
        new="smoothed[-1] if smoothed else 0.0",
    ),
    Misconception(
        name="first_ten_epochs_kept",
        question="q7",
        advice="The errors of the first ten epochs are still in your smoothed curve; leave them out before smoothing.",
        old="smooth_curve(average_mae_history[10:])",
        new="smooth_curve(average_mae_history)[10:]",
    ),
    Misconception(
        name="position_instead_of_epoch",
        question="q8",
        advice="argmin gives a position counted from 0, and your list begins with epoch 11: the epoch is 11 more.",
        old="int(np.argmin(smoothed_mae_history)) + 11",
        new="int(np.argmin(smoothed_mae_history)) + 1",
    ),
    Misconception(
        name="one_epoch_short",
        question="q8",
        advice="Ten epochs are left out, so position 0 is epoch 11, not epoch 10.",
        old="int(np.argmin(smoothed_mae_history)) + 11",
        new="int(np.argmin(smoothed_mae_history)) + 10",
    ),
    Misconception(
        name="epoch_chosen_on_the_test_set",
        question="q8",
        advice="You choose the epoch that suits the test rows best; choose it by the folds, and leave the test set closed.",
        old="best_epoch = int(np.argmin(smoothed_mae_history)) + 11",
        new="""\
trial = build_model().fit(x_train, y_train, validation_data=(x_test, y_test), epochs=10, batch_size=4, verbose=0)
best_epoch = int(np.argmin(trial.history["val_mae"])) + 1""",
    ),
    Misconception(
        name="network_of_a_fold_trained_on",
        question="q9",
        advice="You go on training a network of the folds; begin with a new one from build_model().",
        old="final_model = build_model()",
        new="final_model = histories[-1].model",
    ),
    Misconception(
        name="a_fold_left_out_again",
        question="q9",
        advice="The decision is made, so the final network may learn from all the training rows, not from one fold's part.",
        old="final_model.fit(x_train, y_train, epochs=best_epoch, batch_size=4, verbose=0)",
        new="final_model.fit(x_train[folds[0][0]], y_train[folds[0][0]], epochs=best_epoch, batch_size=4, verbose=0)",
    ),
    Misconception(
        name="raw_rows_in_the_final_training",
        question="q9",
        advice="You train the final network on the raw table; the network that you judge needs x_train, the normalised one.",
        old="final_model.fit(x_train, y_train, epochs=best_epoch, batch_size=4, verbose=0)",
        new="final_model.fit(train_data, y_train, epochs=best_epoch, batch_size=4, verbose=0)",
        threshold="test_mae",
    ),
    Misconception(
        name="best_epoch_ignored",
        question="q9",
        advice="The folds told you how long to train; use best_epoch, not another number.",
        old="epochs=best_epoch",
        new="epochs=5",
    ),
    Misconception(
        name="judged_on_training_rows",
        question="q9",
        advice="You evaluate the network on rows it has learnt from; only the test set shows what it can do.",
        old="final_model.evaluate(x_test, y_test, verbose=0, return_dict=True)",
        new="final_model.evaluate(x_train, y_train, verbose=0, return_dict=True)",
    ),
    Misconception(
        name="raw_test_rows",
        question="q9",
        advice="The network was trained on normalised rows; the test rows have to be normalised in the same way.",
        old="final_model.evaluate(x_test, y_test, verbose=0, return_dict=True)",
        new="final_model.evaluate(test_data, y_test, verbose=0, return_dict=True)",
    ),
    Misconception(
        name="loss_reported",
        question="q9",
        advice="You report the loss, which is the mean squared error; test_mae is the mean absolute one.",
        old='results["mae"]',
        new='results["loss"]',
    ),
    Misconception(
        name="result_of_the_lecture",
        question="q9",
        advice="test_mae is the number on the slides, not what your own network reaches; no two trainings give the same.",
        old='test_mae = results["mae"]',
        new="test_mae = 2.5532484335057877",
    ),
)
