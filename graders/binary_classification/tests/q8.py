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

    from fairmark.checks import accuracy, binary_cross_entropy, compiled
    from fairmark.data import load, multi_hot

    (train_sequences, y_train), (test_sequences, y_test) = load("imdb")
    x_test = multi_hot(test_sequences)
    share = accuracy(final_model, x_test, y_test)
    if abs(test_accuracy - share) > 0.001:
        # A model without a graph was asked about the test reviews only.
        seen = accuracy(final_model, multi_hot(train_sequences), y_train) if isinstance(final_model, keras.Model) else -1
        of_what = "its accuracy on the training reviews" if abs(test_accuracy - seen) <= 0.001 else "another number"
        raise AssertionError(f"test_accuracy is {test_accuracy:.4f}, {of_what}; final_model gets {share:.4f} of the test set right")
    loss = compiled(final_model).loss
    if loss.name == "binary_crossentropy" and not loss.settings:  # any other costs points in q4 only
        expected = binary_cross_entropy(final_model, x_test, y_test, from_logits=loss.from_logits)
        # Keras takes it from the logits, unclipped: of a model that is sure of its mistakes that is half a percent more.
        assert abs(test_loss - expected) <= 1e-2 * max(1, expected), f"test_loss is {test_loss:.4f}; final_model's is {expected:.4f}"

@test_case(points=2, hidden=True,
    failure_message="The final model gets fewer of the test reviews right than a network trained as described here does. Follow the three steps of the question once more.")
def test_accuracy_on_the_test_set(final_model):
    """The final model gets as many test reviews right as correctly trained networks do."""
    from fairmark.checks import correct_predictions, threshold
    from fairmark.data import load, multi_hot

    _, (test_sequences, y_test) = load("imdb")
    correct = correct_predictions(final_model, multi_hot(test_sequences), y_test)
    bar = threshold("test_accuracy")
    assert bar.met_by(correct, of=len(y_test)), f"final_model gets {correct} of {len(y_test)} test reviews right; {bar} are needed"
