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

@test_case(points=1, hidden=True,
    failure_message="Which rows does each of your networks get to train on? They should be the training rows of its fold: all of them, and no others.")
def test_each_network_trains_on_the_training_rows(fold_runs, cross_validate):
    """A network that writes down its batches saw the training rows of its fold, and no others."""
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
    import numpy as np

    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, (run, (training, validation)) in enumerate(zip(fold_runs["runs"], fold_runs["folds"]), start=1):
        seen = np.unique(np.asarray(run["training"])[:, 0])
        held_out = np.intersect1d(seen, validation).size
        assert held_out == 0, f"fold {number} trained on {held_out} of the {len(validation)} rows that it should be validated on"
        assert np.array_equal(seen, np.sort(training)), f"fold {number} trained on the rows {seen.tolist()} instead of {np.sort(training).tolist()}"

@test_case(points=1, hidden=True,
    failure_message="After each epoch a network should be asked about the validation rows of its own fold, and about no other rows.")
def test_each_network_is_validated_on_its_fold(fold_runs, cross_validate):
    """During fit, the network was asked about the validation rows of its fold, and about no others."""
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
    import numpy as np

    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, (run, (_, validation)) in enumerate(zip(fold_runs["runs"], fold_runs["folds"]), start=1):
        seen = np.unique(np.asarray(run["validation"])[:, 0])
        assert np.array_equal(seen, np.sort(validation)), f"fold {number} was validated on the rows {seen.tolist()} instead of {np.sort(validation).tolist()}"

@test_case(points=1, hidden=True,
    failure_message="A target belongs to one row: pick the targets with the same row numbers as the inputs, for training and for validation.")
def test_targets_go_with_their_rows(fold_runs, cross_validate):
    """Each row that was seen came with its own target."""
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
    import numpy as np

    assert fold_runs["runs"], "fit was never called"
    for number, run in enumerate(fold_runs["runs"], start=1):
        for name in ["training", "validation"]:
            rows = np.asarray(run[name])
            assert len(rows), f"fold {number}: there was no {name} at all"
            wrong = int(np.sum(rows[:, 3] != 100 + rows[:, 0]))
            assert wrong == 0, f"fold {number}: {wrong} of {len(rows)} rows came with the target of another row in {name}"

@test_case(points=1, hidden=True,
    failure_message="What does the second network know when its training begins? It should be as new as the first one was.")
def test_each_fold_begins_with_a_new_network(fold_runs, cross_validate):
    """No network had taken a step, or weights other than its first ones, when its fold began."""
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
    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, run in enumerate(fold_runs["runs"], start=1):
        trained = run["steps_before"] or run["weights_before"]
        assert not trained, f"fold {number} began with a network that had been trained for {run['steps_before']} steps"

@test_case(points=1, hidden=True,
    failure_message="Does each network train for the epochs, and in the batches, that cross_validate was asked for? And do the returned histories stand in the order of the folds?")
def test_epochs_batches_and_order(fold_runs, cross_validate):
    """Each fold trained for the given epochs in batches of the given size, and the histories are in order."""
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
    assert len(fold_runs["runs"]) == len(fold_runs["folds"]), f"fit was called {len(fold_runs['runs'])} times for 3 folds"
    for number, run in enumerate(fold_runs["runs"], start=1):
        # Counted in passes through the rows that were really seen: which rows these are is another check's business.
        rows = len({tuple(row) for row in run["training"].tolist()})
        passes = len(run["training"]) / rows
        assert abs(passes - 2) < 1e-9, f"fold {number} went {passes:g} times through its rows where epochs=2"
        sizes = sorted(set(run["batch_sizes"]))
        assert max(sizes) == 4, f"fold {number} trained in batches of {sizes} rows where batch_size=4"
    order = [item["of_fit"] for item in fold_runs["returned"]]
    assert order == [[0], [1], [2]], f"the returned histories are those of the fits {order}"
