from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_fit_reports_loss_and_mae(custom_fits, new_model):
    """fit works with the model, and its history has a loss and a mae."""
    def _probe_custom_fits(new_model):
        """Four calls of fit on one model: what each reported, and the weights it left behind.

    In order: the first batch; the first and the second; the second, from where the first led; the first once more.
    """
        import keras
        import numpy as np

        def percentage_error(y_true, y_pred):
            return keras.losses.MeanAbsolutePercentageError()(y_true, y_pred)

        rng = np.random.default_rng(5)
        inputs = keras.Input(shape=(3,))
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization(momentum=0.5)(hidden)
        outputs = keras.layers.Dense(1)(hidden)
        network = keras.Model(inputs, outputs)
        network.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in network.get_weights()])
        before = network.get_weights()
        x, y = rng.normal(size=(8, 3)).astype("float32"), rng.uniform(1, 6, 8).astype("float32")

        model = new_model(inputs, outputs, keras.optimizers.SGD(learning_rate=0.01), percentage_error)
        runs = []
        for first, last, repeated in [(0, 4, True), (0, 8, True), (4, 8, False), (0, 4, True)]:
            network.set_weights(before if repeated else runs[0]["after"])
            history = model.fit(x[first:last], y[first:last], batch_size=4, epochs=1, shuffle=False, verbose=0)
            logs = {name: float(np.mean(values[0])) for name, values in history.history.items()}
            runs.append({"logs": logs, "after": network.get_weights()})
        return {
            "network": network,
            "x": x,
            "y": y,
            "before": before,
            "trainable": [bool(variable.trainable) for variable in network.weights],
            "runs": runs,
        }
    if custom_fits is None:
        custom_fits = _probe_custom_fits(new_model)
    reported = sorted(custom_fits["runs"][0]["logs"])
    for name in ["loss", "mae"]:
        assert name in reported, f'train_step should return a dictionary with "loss" and "mae"; fit reports {reported}'
