"""What the tests of this topic ask a student's own functions, models and figures.

Each function is a probe: its parameters name variables of the student, and it is called when the question is checked.
A probe stands alone (its source travels into the test files), holds no expected answer, and returns small plain values
and arrays. What the student's code raises is the test's failure, so nothing is caught here.
"""


def normalised_examples(normalise):
    """Two small tables, and what normalise makes of them."""
    import numpy as np

    train = np.array([[1.0, 300.0, -5.0], [2.0, 100.0, -3.0], [2.0, 250.0, 4.0], [7.0, 150.0, 8.0]])
    test = np.array([[3.0, 900.0, 0.5], [5.0, 800.0, -2.5]])
    found_train, found_test = normalise(train.copy(), test.copy())
    return {
        "train": train,
        "test": test,
        "found_train": np.asarray(found_train),
        "found_test": np.asarray(found_test),
    }


def fresh_models(build_model):
    """What two models made by two calls have in common."""
    first, second = build_model(), build_model()
    shared = {id(variable) for variable in first.variables} & {id(variable) for variable in second.variables}
    return {
        "same_object": first is second,
        "shared_variables": len(shared),
        "same_optimizer": first.optimizer is not None and first.optimizer is second.optimizer,
    }


def split_examples(fold_indices):
    """The folds of 12 rows in 4, of 10 in 3, and of 404 in 4: each a list of training and validation rows."""
    import numpy as np

    def numbers(rows):
        rows = np.asarray(list(rows))
        return np.flatnonzero(rows) if rows.dtype == bool else rows

    return {
        f"{n} rows, k = {k}": [[numbers(training), numbers(validation)] for training, validation in fold_indices(n, k)]
        for n, k in [(12, 4), (10, 3), (404, 4)]
    }


def fold_runs(cross_validate):
    """What cross_validate does with 13 rows in 3 folds, for 2 epochs in batches of 4.

    The models it gets write down each row that they are trained or validated on, whatever way it is handed over: in
    the columns of "training" and "validation" stand the three numbers of a row and its target.
    """
    import keras
    import numpy as np

    runs, fits = [], []
    state = {"built": 0, "fitting": False}

    def rows(data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        return np.column_stack([np.asarray(x), np.asarray(y)]).astype("float64")

    class Spy(keras.Sequential):
        def compile(self, *args, **kwargs):
            super().compile(*args, **{**kwargs, "run_eagerly": True, "steps_per_execution": 1, "jit_compile": False})

        def fit(self, *args, **kwargs):
            weights = max(float(np.max(np.abs(weight))) for weight in self.get_weights())
            steps = int(self.optimizer.iterations)
            runs.append({"weights_before": weights, "steps_before": steps, "training": [], "validation": []})
            state["fitting"] = True
            fits.append(super().fit(*args, **kwargs))
            state["fitting"] = False
            return fits[-1]

        def train_step(self, data):
            runs[-1]["training"].append(rows(data))
            return super().train_step(data)

        def test_step(self, data):
            if state["fitting"]:
                runs[-1]["validation"].append(rows(data))
            return super().test_step(data)

    def build():
        state["built"] += 1
        spy = Spy([keras.Input(shape=(3,)), keras.layers.Dense(1, kernel_initializer="zeros")])
        spy.compile(optimizer=keras.optimizers.SGD(1e-4), loss="mse", metrics=["mae"])
        return spy

    number = np.arange(13.0)
    x, y = np.stack([number, 20 - number, number % 4], axis=1), 100 + number
    validation = [[4, 0, 9, 11], [2, 7, 12, 5], [1, 3, 6, 8, 10]]
    folds = [(np.setdiff1d(np.arange(13), part), np.array(part)) for part in validation]
    returned = list(cross_validate(build, x, y, folds, epochs=2, batch_size=4))
    for run in runs:
        run["batch_sizes"] = [len(batch) for batch in run["training"]]
        for name in ["training", "validation"]:
            run[name] = np.concatenate([np.empty((0, 4)), *run[name]])
    return {
        "folds": [[training, part] for training, part in folds],
        "runs": runs,
        "built": state["built"],
        "returned": [
            {
                "class": type(item).__name__,
                "curves": sorted(getattr(item, "history", {})) if hasattr(item, "history") else [],
                "of_fit": [number for number, fit in enumerate(fits) if fit is item],
            }
            for item in returned
        ],
    }


def fold_replay(histories, folds, x_train, y_train, x_test, y_test):
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


def smoothing_examples(smooth_curve):
    """A few short lists, and what smooth_curve makes of them."""
    import numpy as np

    cases = {
        "example": ([2, 4, 4], {"factor": 0.5}),
        "default": ([5.0, 1.0, 2.0, 8.0, 3.0], {}),
        "other factor": ([3.0, 9.0, 0.0, 6.0], {"factor": 0.75}),
        "array": (np.array([4.0, 2.0, 6.0]), {"factor": 0.9}),
        "one point": ([7.0], {}),
        "no point": ([], {}),
    }
    return {
        name: {
            "points": np.asarray(points, dtype="float64"),
            "factor": settings.get("factor", 0.9),
            "smoothed": np.asarray(list(smooth_curve(points, **settings)), dtype="float64"),
        }
        for name, (points, settings) in cases.items()
    }


def figure_facts(mae_figure):
    """Labels, legend entries and the heights of all curves of the figure."""
    legends = [axes.get_legend() for axes in mae_figure.axes] + list(mae_figure.legends)
    lines = [[float(y) for y in line.get_ydata()] for axes in mae_figure.axes for line in axes.get_lines()]
    dots = [
        [float(y) for _, y in marks.get_offsets()]
        for axes in mae_figure.axes
        for marks in axes.collections
        if len(marks.get_offsets()) > 1
    ]
    x_labels = [axes.get_xlabel() for axes in mae_figure.axes] + [mae_figure.get_supxlabel()]
    y_labels = [axes.get_ylabel() for axes in mae_figure.axes] + [mae_figure.get_supylabel()]
    return {
        "curves": lines + dots,
        "x_labels": [label for label in x_labels if label],
        "y_labels": [label for label in y_labels if label],
        "legend": [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()],
    }


def final_training(final_model, x_train):
    """How many steps the final model has taken, and how many rows there are to train on."""
    return {"steps_taken": int(final_model.optimizer.iterations), "training_rows": len(x_train)}


def shared_variables(histories, final_model):
    """How many variables the final model has in common with the models of the folds."""
    before = {id(variable) for history in histories for variable in history.model.variables}
    return len(before & {id(variable) for variable in final_model.variables})
