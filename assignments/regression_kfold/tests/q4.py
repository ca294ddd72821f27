from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0, hidden=False)
def test_one_history_for_each_fold(fold_runs, cross_validate):
    """cross_validate builds and trains a network for each fold, and returns what fit returned."""
    def _probe_fold_runs(cross_validate):
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
    if fold_runs is None:
        fold_runs = _probe_fold_runs(cross_validate)
    assert fold_runs["built"], "cross_validate should get its networks by calling build(), its first argument; it never did"
    runs, returned = len(fold_runs["runs"]), fold_runs["returned"]
    assert runs == 3, f"For three folds, cross_validate should call fit three times; yours called it {runs} times"
    assert len(returned) == 3, f"For three folds, cross_validate should return a list of three; yours has {len(returned)}"
    for item in returned:
        assert item["of_fit"], f"The list should hold what model.fit returned; yours holds something of the class {item['class']}"
        assert "val_loss" in item["curves"], f"Only the curves {item['curves']} were recorded: did you pass validation_data?"
