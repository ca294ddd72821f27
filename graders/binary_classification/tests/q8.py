from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_results_are_a_loss_and_a_share(final_model, test_loss, test_accuracy):
    """final_model is a Keras model, test_loss a number and test_accuracy a share."""
    import numpy as np

    is_model = hasattr(final_model, "count_params")
    assert is_model, f"final_model should be a Keras model; it is {type(final_model).__name__}"
    for name, value in [("test_loss", test_loss), ("test_accuracy", test_accuracy)]:
        is_number = np.size(value) == 1 and np.asarray(value).dtype.kind in "iuf"
        assert is_number and value >= 0, f"{name} should be one number, 0 or more; it is {value!r}"
    assert test_accuracy <= 1, f"test_accuracy should be a share between 0 and 1; it is {test_accuracy!r}"

@test_case(points=1, hidden=True,
    failure_message="The final model should be a new network that has never been trained before, with nothing taken over from the first one.")
def test_final_model_is_a_new_network(final_training, model, final_model):
    """final_model is not the overfitted model, and shares no weights with it."""
    def _probe_final_training(model, final_model):
        """What the two models share, and how many steps the final one has taken."""
        shared = {id(variable) for variable in model.variables} & {id(variable) for variable in final_model.variables}
        return {
            "same_object": final_model is model,
            "shared_variables": len(shared),
            "steps_taken": int(final_model.optimizer.iterations),
        }
    if final_training is None:
        final_training = _probe_final_training(model, final_model)
    assert not final_training["same_object"], "final_model and model are one and the same network"
    assert final_training["shared_variables"] == 0, f"final_model shares {final_training['shared_variables']} variables with model"

@test_case(points=1, hidden=True,
    failure_message="How many steps are four passes through all 25,000 training reviews, 512 at a time? Check the reviews, the epochs and the batch size of your final training.")
def test_final_training(final_training, model, final_model):
    """The final model has taken the steps of 4 epochs over 25,000 reviews in batches of 512: 4 x 49."""
    def _probe_final_training(model, final_model):
        """What the two models share, and how many steps the final one has taken."""
        shared = {id(variable) for variable in model.variables} & {id(variable) for variable in final_model.variables}
        return {
            "same_object": final_model is model,
            "shared_variables": len(shared),
            "steps_taken": int(final_model.optimizer.iterations),
        }
    if final_training is None:
        final_training = _probe_final_training(model, final_model)
    steps = final_training["steps_taken"]
    assert steps == 4 * 49, f"final_model has taken {steps} steps; 4 epochs of 25,000 reviews in batches of 512 are {4 * 49}"

@test_case(points=1, hidden=True,
    failure_message="test_loss and test_accuracy should be the loss and the accuracy of final_model, as it is now, on the test set.")
def test_reported_results_are_those_of_the_model(final_model, test_loss, test_accuracy):
    """The reported accuracy and loss are what the model's weights give on the test set, give or take 25 reviews."""
    import keras
    import numpy as np

    from fairmark.checks import accuracy, binary_cross_entropy, compiled, predictions
    from fairmark.data import load, multi_hot

    loss = compiled(final_model).loss
    is_cross_entropy = loss.name == "binary_crossentropy" and not loss.settings  # any other costs points in q4 only
    has_graph = isinstance(final_model, keras.Model)  # one without was asked about the test reviews only

    def results(x, y):
        return accuracy(final_model, x, y), binary_cross_entropy(final_model, x, y, from_logits=loss.from_logits)

    def are_reported(x, y):
        share, cross_entropy = results(x, y)
        # What a wrong answer of full certainty costs depends on where Keras stops counting.
        certain_and_wrong = np.mean(np.abs(predictions(final_model, x).ravel() - y) > 1 - 1e-6)
        same_loss = abs(test_loss - cross_entropy) <= 1e-3 + 16 * certain_and_wrong
        return abs(test_accuracy - share) <= 0.001 and (same_loss or not is_cross_entropy)

    (train_sequences, y_train), (test_sequences, y_test) = load("imdb")
    x_test = multi_hot(test_sequences)
    if are_reported(x_test, y_test):
        return
    if has_graph:  # counts instead of ticks cost points in q1 only
        counts = np.array([np.bincount(sequence, minlength=10_000).astype("uint8") for sequence in test_sequences])
        if are_reported(counts, y_test):
            return
    seen = has_graph and are_reported(multi_hot(train_sequences), y_train)
    raise AssertionError(
        f"accuracy and loss are reported as {test_accuracy:.4f} and {test_loss:.4f}, "
        f"those of {'the training reviews' if seen else 'something else'}; "
        f"on the test set final_model has {' and '.join(f'{result:.4f}' for result in results(x_test, y_test))}"
    )

@test_case(points=2, hidden=True,
    failure_message="The final model gets fewer of the test reviews right than a network trained as described here does. Follow the three steps of the question once more.")
def test_accuracy_on_the_test_set(final_model):
    """The final model gets as many test reviews right as correctly trained networks do."""
    import keras
    import numpy as np

    from fairmark.checks import correct_predictions, threshold
    from fairmark.data import load, multi_hot

    _, (test_sequences, y_test) = load("imdb")
    correct = correct_predictions(final_model, multi_hot(test_sequences), y_test)
    bar = threshold("test_accuracy")
    if bar.value is not None and correct < bar.value and isinstance(final_model, keras.Model):
        # Trained on counts instead of ticks? They cost points in q1 only.
        counts = np.array([np.bincount(sequence, minlength=10_000).astype("uint8") for sequence in test_sequences])
        correct = max(correct, correct_predictions(final_model, counts, y_test))
    assert bar.met_by(correct, of=len(y_test)), f"final_model gets {correct} of {len(y_test)} test reviews right; {bar} are needed"
