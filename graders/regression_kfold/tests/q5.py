from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_four_histories_and_four_scores(histories, fold_scores, mean_score):
    """There is a history and a score for each fold, and one mean."""
    import numpy as np

    assert isinstance(histories, (list, tuple)) and len(histories) == 4, "histories should be a list of four, one for each fold"
    for history in histories:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"histories should hold what model.fit returned; it holds something of type {type(history).__name__}"
        assert any(key.startswith("val_") and key != "val_loss" for key in curves), (
            f"There is no validation metric among the curves {sorted(curves)}: check metrics in compile, and validation_data in fit"
        )
    assert np.shape(fold_scores) == (4,), f"fold_scores should hold one number for each of the four folds; yours has the shape {np.shape(fold_scores)}"
    assert np.size(mean_score) == 1, f"mean_score should be one number; it is {mean_score!r}"

@test_case(points=1, hidden=True,
    failure_message="Check what you hand to cross_validate: the function that builds the network, the normalised rows, their targets, the epochs and the batch size.")
def test_histories_are_those_of_the_normalised_data(histories, fold_replay, folds, train_data, x_train, y_train, x_test, y_test):
    """60 epochs in batches of 4, and a network that still answers for normalised rows as its history says."""
    def _probe_fold_replay(histories, folds, x_train, y_train, x_test, y_test):
        """The mean absolute error of each fold's model, now, on its validation rows, all training rows and the test set."""
        import numpy as np

        x = np.concatenate([np.asarray(x_train), np.asarray(x_test)])
        y = np.concatenate([np.ravel(y_train), np.ravel(y_test)])
        count = len(x_train)
        facts = []
        for history, (_, validation) in zip(histories, folds):
            misses = np.abs(np.ravel(history.model.predict(x, verbose=0)) - y)
            sets = {
                "validation": misses[np.asarray(list(validation))],
                "all": misses[:count],
                "test": misses[count:],
            }
            facts.append({name: float(np.mean(values)) for name, values in sets.items()})
        return facts
    if fold_replay is None:
        fold_replay = _probe_fold_replay(histories, folds, x_train, y_train, x_test, y_test)
    from fairmark.checks import curve, epochs_run

    rows = len(train_data)
    for number, (history, (training, _)) in enumerate(zip(histories, folds), start=1):
        epochs = epochs_run(history)
        assert epochs == 60, f"fold {number} was trained for {epochs} epochs"
        # Rows that a mistake in q3 or q4 adds are not counted again here.
        allowed = {-(-len(training) // 4), -(-rows // 4)}
        steps = history.params.get("steps")
        assert steps in allowed, f"fold {number} took {steps} steps an epoch; batches of 4 make it {sorted(allowed)}"
    last = [float(curve(history, "val_mae")[-1]) for history in histories]
    # One fold, and any of the sets of rows, will do: which rows a fold is validated on costs points in q3 and q4.
    found = any(abs(told - value) < 2e-3 * value for told, replay in zip(last, fold_replay) for value in replay.values())
    assert found, f"the histories end with {last}; asked again about their normalised rows, the networks miss by {fold_replay}"

@test_case(points=1, hidden=True,
    failure_message="A score is what the validation rows say, in thousands of dollars, after the last epoch. Compare yours with the curves in histories.")
def test_scores_are_the_last_validation_errors(histories, fold_scores, mean_score):
    """fold_scores are the last validation MAE of the student's own histories, mean_score is their mean."""
    import numpy as np

    from fairmark.checks import curve

    last = np.array([float(curve(history, "val_mae")[-1]) for history in histories])
    found = np.asarray(fold_scores, dtype=float).ravel()
    assert found.shape == last.shape, f"fold_scores has {found.size} numbers for {last.size} histories"
    assert np.allclose(found, last, rtol=5e-3), f"fold_scores are {found.tolist()}; the histories end with {last.tolist()}"
    mean = np.asarray(mean_score, dtype=float).item()
    assert abs(mean - found.mean()) <= 5e-3 * found.mean(), f"mean_score is {mean}; the mean of fold_scores is {found.mean()}"
