from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0, hidden=False)
def test_history_and_error_have_the_right_form(history, test_mae):
    """`history` is what fit returned, and test_mae a number."""
    import numpy as np

    curves = getattr(history, "history", None)
    assert isinstance(curves, dict), f"history should be what model.fit(...) returns; it is {type(history).__name__}"
    assert "mae" in curves, f"There is no mae in the history: {sorted(curves)}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be a float; it is {test_mae!r}"

@test_case(points=2, hidden=True,
    failure_message="Try your callback on any compiled model with the metric mae: training should end right after the first epoch with a mae below the target, and go on to the end if there is none.")
def test_callback(stopped_fits, StopBelow):
    """A plain Keras model stops after the first epoch whose mae is below the target, and not otherwise."""
    def _probe_stopped_fits(StopBelow):
        """After how many epochs the callback stops a plain model, and the model's mae if nobody stops it."""
        import keras
        import numpy as np

        x = np.array([[1.0], [2.0], [3.0], [4.0]], dtype="float32")
        inputs = keras.Input(shape=(1,))
        network = keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="zeros")(inputs))
        network.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse", metrics=["mae"])
        before = network.get_weights()

        def curve(callbacks):
            network.set_weights(before)
            history = network.fit(x, 10 * x, batch_size=4, epochs=10, shuffle=False, verbose=0, callbacks=callbacks)
            return [float(mae) for mae in history.history["mae"]]

        mae = curve([])
        target = (mae[4] + mae[5]) / 2
        return {
            "mae": mae,
            "target": target,
            "epochs": len(curve([StopBelow(target)])),
            "epochs_without_reaching_it": len(curve([StopBelow(0.0)])),
        }
    if stopped_fits is None:
        stopped_fits = _probe_stopped_fits(StopBelow)
    curve, target = stopped_fits["mae"], stopped_fits["target"]
    expected = next(epoch for epoch, mae in enumerate(curve, start=1) if mae < target)
    found = stopped_fits["epochs"]
    assert found == expected, f"with a target of {target:.3f} training ends after epoch {found} instead of {expected}; mae: {curve}"
    unreachable = stopped_fits["epochs_without_reaching_it"]
    assert unreachable == len(curve), f"with a target of 0 training ends after epoch {unreachable} instead of {len(curve)}"

@test_case(points=1, hidden=True,
    failure_message="All 404 training rows in batches of 32, at most 60 epochs, and an end as soon as mae is below 2.5: does your history look like that?")
def test_training(history, steps_of_model, model):
    """An epoch has 13 steps, and training ended with the first mae below 2.5 or after 60 epochs."""
    def _probe_steps_of_model(model):
        """How many steps the model's optimiser has taken."""
        return {"steps": int(model.optimizer.iterations)}
    if steps_of_model is None:
        steps_of_model = _probe_steps_of_model(model)
    maes = history.history["mae"]
    epochs, steps = len(maes), steps_of_model["steps"]
    assert steps == 13 * epochs, f"{steps} steps in {epochs} epochs; 404 rows in batches of 32 are 13 an epoch"
    early = [epoch for epoch, mae in enumerate(maes[:-1], start=1) if mae < 2.5]
    assert not early, f"mae was below 2.5 after epoch {early[0]} already; training went on until epoch {epochs}" if early else ""
    assert epochs <= 60, f"trained for {epochs} epochs"
    assert maes[-1] < 2.5 or epochs == 60, f"training ended after epoch {epochs} with a mae of {maes[-1]:.3f}"

@test_case(points=1, hidden=True,
    failure_message="test_mae should be the mean distance between each price of the test set and the model's own prediction for that same row, as the model is now.")
def test_reported_error_is_that_of_the_model(model, test_mae):
    """test_mae is what the model's weights give on the test set."""
    from fairmark.checks import mean_absolute_error
    from fairmark.data import load

    (x_train, _), (x_test, y_test) = load("boston_housing")
    x = ((x_test - x_train.mean(axis=0)) / x_train.std(axis=0)).astype("float32")
    expected = float(mean_absolute_error(model, x, y_test))
    assert abs(test_mae - expected) < 2e-3 * expected, f"test_mae is {test_mae:.4f}; the model's is {expected:.4f}"
