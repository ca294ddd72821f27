from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0, hidden=False)
def test_model_is_compiled(compile_settings, model):
    """The model is compiled, and reports something besides its loss."""
    def _probe_compile_settings(model):
        """Optimiser, learning rate and loss, and what the compiled loss and metrics say about a few invented reviews.

    Two of the five labels are the opposite of what the model answers; the loss is asked about four given probabilities.
    """
        import keras
        import numpy as np

        if not model.compiled:
            return {"compiled": False, "evaluated": {}}

        loss_labels = np.array([[1], [0], [1], [0]], dtype="float32")
        loss_probabilities = np.array([[0.9], [0.2], [0.4], [0.7]], dtype="float32")
        loss_value = model.compute_loss(
            y=keras.ops.convert_to_tensor(loss_labels), y_pred=keras.ops.convert_to_tensor(loss_probabilities)
        )

        reviews = (np.random.default_rng(1).random((5, 10_000)) < 0.02).astype("float32")
        answers = model.predict(reviews, verbose=0)
        labels = (answers > 0.5).astype("float32")
        labels[:2] = 1 - labels[:2]

        return {
            "compiled": True,
            "optimizer": type(model.optimizer).__name__.lower(),
            "learning_rate": float(model.optimizer.learning_rate),
            "loss": getattr(model.loss, "__name__", None) or getattr(model.loss, "name", None) or str(model.loss),
            "loss_labels": loss_labels,
            "loss_probabilities": loss_probabilities,
            "loss_value": float(loss_value),
            "answers": answers,
            "labels": labels,
            "evaluated": {
                name: float(value) for name, value in model.evaluate(reviews, labels, verbose=0, return_dict=True).items()
            },
        }
    if compile_settings is None:
        compile_settings = _probe_compile_settings(model)
    assert compile_settings["compiled"], (
        "The model is not compiled yet: call model.compile(...). If the cell stopped with \"Argument(s) not recognized\", "
        "write learning_rate for what older code calls lr"
    )
    names = sorted(compile_settings["evaluated"])
    assert len(names) > 1, f"The model should report its loss and a metric; yours reports only {names}"

@test_case(points=1, hidden=True,
    failure_message="Which optimiser does the question ask for, and with which learning rate?")
def test_optimizer(compile_settings, model):
    """The optimiser is RMSprop with its default learning rate of 0.001."""
    def _probe_compile_settings(model):
        """Optimiser, learning rate and loss, and what the compiled loss and metrics say about a few invented reviews.

    Two of the five labels are the opposite of what the model answers; the loss is asked about four given probabilities.
    """
        import keras
        import numpy as np

        if not model.compiled:
            return {"compiled": False, "evaluated": {}}

        loss_labels = np.array([[1], [0], [1], [0]], dtype="float32")
        loss_probabilities = np.array([[0.9], [0.2], [0.4], [0.7]], dtype="float32")
        loss_value = model.compute_loss(
            y=keras.ops.convert_to_tensor(loss_labels), y_pred=keras.ops.convert_to_tensor(loss_probabilities)
        )

        reviews = (np.random.default_rng(1).random((5, 10_000)) < 0.02).astype("float32")
        answers = model.predict(reviews, verbose=0)
        labels = (answers > 0.5).astype("float32")
        labels[:2] = 1 - labels[:2]

        return {
            "compiled": True,
            "optimizer": type(model.optimizer).__name__.lower(),
            "learning_rate": float(model.optimizer.learning_rate),
            "loss": getattr(model.loss, "__name__", None) or getattr(model.loss, "name", None) or str(model.loss),
            "loss_labels": loss_labels,
            "loss_probabilities": loss_probabilities,
            "loss_value": float(loss_value),
            "answers": answers,
            "labels": labels,
            "evaluated": {
                name: float(value) for name, value in model.evaluate(reviews, labels, verbose=0, return_dict=True).items()
            },
        }
    if compile_settings is None:
        compile_settings = _probe_compile_settings(model)
    optimizer, rate = compile_settings["optimizer"], compile_settings["learning_rate"]
    assert optimizer == "rmsprop", f"the optimiser is {optimizer}"
    assert abs(rate - 0.001) < 1e-6, f"the learning rate is {rate:g}"

@test_case(points=1, hidden=True,
    failure_message="Which loss compares one probability with a label that is 0 or 1?")
def test_loss(compile_settings, model):
    """The compiled loss gives what binary cross-entropy gives on four probabilities, whatever its spelling."""
    def _probe_compile_settings(model):
        """Optimiser, learning rate and loss, and what the compiled loss and metrics say about a few invented reviews.

    Two of the five labels are the opposite of what the model answers; the loss is asked about four given probabilities.
    """
        import keras
        import numpy as np

        if not model.compiled:
            return {"compiled": False, "evaluated": {}}

        loss_labels = np.array([[1], [0], [1], [0]], dtype="float32")
        loss_probabilities = np.array([[0.9], [0.2], [0.4], [0.7]], dtype="float32")
        loss_value = model.compute_loss(
            y=keras.ops.convert_to_tensor(loss_labels), y_pred=keras.ops.convert_to_tensor(loss_probabilities)
        )

        reviews = (np.random.default_rng(1).random((5, 10_000)) < 0.02).astype("float32")
        answers = model.predict(reviews, verbose=0)
        labels = (answers > 0.5).astype("float32")
        labels[:2] = 1 - labels[:2]

        return {
            "compiled": True,
            "optimizer": type(model.optimizer).__name__.lower(),
            "learning_rate": float(model.optimizer.learning_rate),
            "loss": getattr(model.loss, "__name__", None) or getattr(model.loss, "name", None) or str(model.loss),
            "loss_labels": loss_labels,
            "loss_probabilities": loss_probabilities,
            "loss_value": float(loss_value),
            "answers": answers,
            "labels": labels,
            "evaluated": {
                name: float(value) for name, value in model.evaluate(reviews, labels, verbose=0, return_dict=True).items()
            },
        }
    if compile_settings is None:
        compile_settings = _probe_compile_settings(model)
    import numpy as np

    y, p = (np.asarray(compile_settings[name], dtype="float64").ravel() for name in ["loss_labels", "loss_probabilities"])
    expected = float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    found = compile_settings["loss_value"]
    assert abs(found - expected) < 1e-4, (
        f"the loss ({compile_settings['loss']}) of {np.round(p, 3).tolist()} for the labels {y.tolist()} is {found:.4f}, not {expected:.4f}"
    )

@test_case(points=1, hidden=True,
    failure_message="Besides the loss, the model should report the share of reviews it gets right.")
def test_metric(compile_settings, model):
    """One of the reported metrics is the share of right answers at 0.5, whatever its name."""
    def _probe_compile_settings(model):
        """Optimiser, learning rate and loss, and what the compiled loss and metrics say about a few invented reviews.

    Two of the five labels are the opposite of what the model answers; the loss is asked about four given probabilities.
    """
        import keras
        import numpy as np

        if not model.compiled:
            return {"compiled": False, "evaluated": {}}

        loss_labels = np.array([[1], [0], [1], [0]], dtype="float32")
        loss_probabilities = np.array([[0.9], [0.2], [0.4], [0.7]], dtype="float32")
        loss_value = model.compute_loss(
            y=keras.ops.convert_to_tensor(loss_labels), y_pred=keras.ops.convert_to_tensor(loss_probabilities)
        )

        reviews = (np.random.default_rng(1).random((5, 10_000)) < 0.02).astype("float32")
        answers = model.predict(reviews, verbose=0)
        labels = (answers > 0.5).astype("float32")
        labels[:2] = 1 - labels[:2]

        return {
            "compiled": True,
            "optimizer": type(model.optimizer).__name__.lower(),
            "learning_rate": float(model.optimizer.learning_rate),
            "loss": getattr(model.loss, "__name__", None) or getattr(model.loss, "name", None) or str(model.loss),
            "loss_labels": loss_labels,
            "loss_probabilities": loss_probabilities,
            "loss_value": float(loss_value),
            "answers": answers,
            "labels": labels,
            "evaluated": {
                name: float(value) for name, value in model.evaluate(reviews, labels, verbose=0, return_dict=True).items()
            },
        }
    if compile_settings is None:
        compile_settings = _probe_compile_settings(model)
    import numpy as np

    answers = np.asarray(compile_settings["answers"]).ravel() > 0.5
    right = float(np.mean(answers == (np.asarray(compile_settings["labels"]).ravel() > 0.5)))
    metrics = {name: value for name, value in compile_settings["evaluated"].items() if name != "loss"}
    assert any(abs(value - right) < 1e-5 for value in metrics.values()), (
        f"{right:.1%} of the probe's reviews were answered rightly; the model reports {metrics}"
    )
