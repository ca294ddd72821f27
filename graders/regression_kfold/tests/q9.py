from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=0, hidden=False)
def test_result_is_an_error(final_model, test_mae):
    """final_model is a Keras model and test_mae one positive number."""
    import keras
    import numpy as np

    assert isinstance(final_model, keras.Model), f"final_model should be a Keras model; it is {type(final_model).__name__}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be one number; it is {test_mae!r}"
    assert np.asarray(test_mae).item() > 0, f"An error is positive; yours is {test_mae}"

@test_case(points=1, hidden=True,
    failure_message="The final network should be a new one that has never been trained before, with nothing taken over from the folds.")
def test_final_model_is_a_new_network(shared_variables, histories, final_model):
    """The final model shares no weights with any model of the folds."""
    def _probe_shared_variables(histories, final_model):
        """How many variables the final model has in common with the models of the folds."""
        before = {id(variable) for history in histories for variable in history.model.variables}
        return len(before & {id(variable) for variable in final_model.variables})
    if shared_variables is None:
        shared_variables = _probe_shared_variables(histories, final_model)
    assert shared_variables == 0, f"final_model shares {shared_variables} variables with the networks of the folds"

@test_case(points=1, hidden=True,
    failure_message="How many steps are best_epoch passes through all training rows, four at a time? Check the rows, the epochs and the batch size of your final training.")
def test_final_training(final_training, best_epoch, final_model, x_train):
    """The final model has taken the steps of best_epoch (the student's own) passes through all rows in batches of 4."""
    def _probe_final_training(final_model, x_train):
        """How many steps the final model has taken, and how many rows there are to train on."""
        return {"steps_taken": int(final_model.optimizer.iterations), "training_rows": len(x_train)}
    if final_training is None:
        final_training = _probe_final_training(final_model, x_train)
    an_epoch = -(-final_training["training_rows"] // 4)
    steps, expected = final_training["steps_taken"], int(best_epoch) * an_epoch
    assert steps == expected, f"final_model has taken {steps} steps; {best_epoch} epochs of {an_epoch} are {expected}"

@test_case(points=1, hidden=True,
    failure_message="test_mae should be the mean absolute error of final_model, as it is now, on the test rows: in thousands of dollars, not squared, and of no other rows.")
def test_reported_error_is_that_of_the_model(final_model, test_mae, x_test, y_test):
    """The reported error is what the model's weights give on the student's own normalised test rows."""
    import numpy as np

    from fairmark.checks import mean_absolute_error

    expected = mean_absolute_error(final_model, np.asarray(x_test), np.asarray(y_test))
    found = np.asarray(test_mae).item()
    assert abs(found - expected) <= 5e-3 * expected, f"test_mae is {found:.4f}; final_model misses the test rows by {expected:.4f} on average"

@test_case(points=2, hidden=True,
    failure_message="On the test rows, the final network misses by more than a network trained as described here does. Follow the three steps of the question once more.")
def test_error_on_the_test_set(final_model):
    """On test rows normalised by the examiner, the final model is as close as correctly trained networks are."""
    from fairmark.checks import mean_absolute_error, threshold
    from fairmark.data import load

    (train, _), (test, y_test) = load("boston_housing")
    mae = mean_absolute_error(final_model, (test - train.mean(axis=0)) / train.std(axis=0), y_test)
    bar = threshold("test_mae")
    assert bar.not_exceeded_by(mae), f"final_model misses by {mae:.3f} thousand dollars; {bar} is needed"
