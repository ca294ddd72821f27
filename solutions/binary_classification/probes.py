"""What the tests of this topic ask a student's own functions, models and figures.

Each function is a probe: its parameters name variables of the student, and it is called when the question is checked.
A probe stands alone (its source travels into the test files), holds no expected answer, and returns small plain values
and arrays. What the student's code raises is the test's failure, so nothing is caught here.
"""


def vectorized_examples(vectorize_sequences):
    """The multi-hot tables of a few short reviews."""
    import numpy as np

    return {
        "small": np.asarray(vectorize_sequences([[1, 4], [5, 0, 5]], dimension=6)),
        "repeated": np.asarray(vectorize_sequences([[3, 3, 3, 3], [7, 2, 7], [0, 0]], dimension=8)),
    }


def default_examples(vectorize_sequences):
    """The shape, and the places that are not 0, of a table with the default dimension."""
    import numpy as np

    table = np.asarray(vectorize_sequences([[9_999], [9_999, 0]]))
    return {
        "shape": list(table.shape),
        "ticked": [[int(i) for i in place] for place in np.argwhere(table)[:20]],
    }


def empty_examples(vectorize_sequences):
    """The multi-hot tables of no reviews, and of reviews of which one has no words."""
    import numpy as np

    return {
        "no_reviews": np.asarray(vectorize_sequences([], dimension=6)),
        "no_words": np.asarray(vectorize_sequences([[], [2]], dimension=6)),
    }


def vectorized_data(x_train, x_test, y_train, y_test):
    """Shapes, words ticked in each row and the first rows of both tables; the labels as they are."""
    import numpy as np

    facts = {"y_train": np.asarray(y_train), "y_test": np.asarray(y_test)}
    for name, x, y in [("train", x_train, y_train), ("test", x_test, y_test)]:
        x = np.asarray(x)
        facts[f"x_{name}_shape"] = list(x.shape)
        facts[f"y_{name}_shape"] = list(np.shape(y))
        facts[f"x_{name}_dtype"] = str(x.dtype)
        if x.ndim == 2:
            facts[f"x_{name}_words"] = np.array([np.count_nonzero(row) for row in x], dtype="int32")
            facts[f"x_{name}_first"] = (x[:4] != 0).astype("uint8")
    return facts


def split_summary(x_train, x_val, partial_x_train, y_val, partial_y_train):
    """Shapes of the parts, whether their rows are those of the student's own table, and their labels."""
    import numpy as np

    def same_rows(part, first, last):
        # In blocks of rows: comparing whole tables at once would need 150 MB more.
        if table.ndim != 2 or part.shape != (len(table[first:last]), table.shape[1]):
            return False
        starts = range(0, len(part), 500)
        return all(
            np.array_equal(part[start : start + 500], table[first:last][start : start + 500]) for start in starts
        )

    table, val, partial = np.asarray(x_train), np.asarray(x_val), np.asarray(partial_x_train)
    return {
        "x_val_shape": list(val.shape),
        "x_partial_shape": list(partial.shape),
        "y_val_shape": list(np.shape(y_val)),
        "y_partial_shape": list(np.shape(partial_y_train)),
        "x_val_rows_as_asked": same_rows(val, 0, 10_000),
        "x_partial_rows_as_asked": same_rows(partial, 10_000, None),
        "y_val": np.asarray(y_val),
        "y_partial": np.asarray(partial_y_train),
    }


def fresh_models(build_model):
    """What two models made by two calls have in common."""
    first, second = build_model(), build_model()
    shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
    return {
        "same_object": first is second,
        "shared_variables": len(shared),
        "parameters": [first.count_params(), second.count_params()],
    }


def compile_settings(model):
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


def validation_replay(model, partial_x_train, x_val, y_val):
    """The model's loss on the student's own validation set, and how many steps it has taken."""
    return {
        "loss": float(model.evaluate(x_val, y_val, batch_size=512, verbose=0, return_dict=True)["loss"]),
        "validation_rows": len(x_val),
        "training_rows": len(partial_x_train),
        "steps_taken": int(model.optimizer.iterations),
    }


def figure_facts(loss_figure, accuracy_figure):
    """Labels, legend entries and the heights of all curves of both figures."""
    facts = {}
    for name, figure in [("loss_figure", loss_figure), ("accuracy_figure", accuracy_figure)]:
        legends = [axes.get_legend() for axes in figure.axes] + list(figure.legends)
        lines = [[float(y) for y in line.get_ydata()] for axes in figure.axes for line in axes.get_lines()]
        dots = [
            [float(y) for _, y in marks.get_offsets()]
            for axes in figure.axes
            for marks in axes.collections
            if len(marks.get_offsets()) > 1
        ]
        x_labels = [axes.get_xlabel() for axes in figure.axes] + [figure.get_supxlabel()]
        y_labels = [axes.get_ylabel() for axes in figure.axes] + [figure.get_supylabel()]
        facts[name] = {
            "curves": lines + dots,
            "x_labels": [label for label in x_labels if label],
            "y_labels": [label for label in y_labels if label],
            "legend": [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()],
        }
    return facts


def final_training(model, final_model):
    """What the two models share, and how many steps the final one has taken."""
    shared = {id(variable) for variable in model.variables} & {id(variable) for variable in final_model.variables}
    return {
        "same_object": final_model is model,
        "shared_variables": len(shared),
        "steps_taken": int(final_model.optimizer.iterations),
    }


def decoded_examples(decode_review):
    """A few short reviews in words: for each, how many numbers it has and the text."""
    reviews = {
        "empty": [],
        "special": [0, 1, 2, 3],
        "frequent": list(range(4, 24)),
        "mixed": [1, 4, 2, 9_999, 5, 10**7],
    }
    return {name: [len(review), decode_review(review)] for name, review in reviews.items()}


def inputs():
    """The arrays on which a model that cannot be rebuilt is asked for its predictions."""
    import keras
    import numpy as np

    _, (test_sequences, _) = keras.datasets.imdb.load_data(num_words=10_000)
    x_test = np.zeros((len(test_sequences), 10_000), dtype="uint8")
    for row, sequence in enumerate(test_sequences):
        x_test[row, sequence] = 1
    return {"x_test": x_test}
