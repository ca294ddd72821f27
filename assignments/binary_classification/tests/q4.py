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
