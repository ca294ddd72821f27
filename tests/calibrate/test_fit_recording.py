"""From the reference's reruns to a replayed seed that the examiner measures."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairmark.calibrate.measuring import measuring
from fairmark.calibrate.replay.engine import replay
from fairmark.calibrate.replay.explanation import measured_model, recipe_of
from fairmark.calibrate.replay.recipe import NotReplayable
from fairmark.collect.collector import Collector
from fairmark.course import Course
from fairmark.evidence.fits import SUFFIX, read_array, read_fits
from fairmark.evidence.store import EvidenceStore
from fairmark.plan import Plan

POINTS = """
places = np.arange(200)
points = np.stack([2 * np.sin(1.7 * places), 2 * np.cos(0.9 * places)], axis=1).astype("float32")
side = (points[:, 0] > 0).astype("int64")
"""


@pytest.fixture(scope="module")
def runs(
    mini: Course, kernels: Any, edited: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Collector, Any, list[str]]:
    """The reference, on data that no seed touches, run twice with its fits recorded."""

    def seedless(cells: list[Any]) -> None:
        (cell,) = (cell for cell in cells if "default_rng" in cell.source)
        cell.source = cell.source[: cell.source.index("rng = ")] + POINTS

    folder = tmp_path_factory.mktemp("calibration")
    plan = Plan.read(mini.graders("mini") / "plan.json")
    store = EvidenceStore(folder / "evidence")
    collector = Collector("mini", "imdb", plan, mini.limits, store, kernels, folder / "arrays")
    notebook = edited(seedless)
    return collector, notebook, [collector.collect(notebook, {}, seed) for seed in (1, 2)]


def test_every_fit_is_recorded_and_its_arrays_once(runs: tuple[Collector, Any, list[str]]) -> None:
    collector, _, keys = runs
    assert collector.record_fits is not None
    for key in keys:
        first, final = read_fits(collector.store.path(key))
        assert (first.epochs, final.epochs, final.batch_size, final.fresh) == (3, 10, 20, True)
        assert final.given == {}
        assert final.compiled is not None
        assert final.compiled["optimizer"]["config"]["learning_rate"] == pytest.approx(0.05)
        assert final.x is not None
        assert read_array(collector.record_fits / f"{final.x}{SUFFIX}", final.x).shape == (200, 2)
    assert len(list(collector.record_fits.iterdir())) == 2


def test_recording_changes_no_weight(runs: tuple[Collector, Any, list[str]], tmp_path: Path) -> None:
    collector, notebook, (key, _) = runs
    plain = Collector("mini", "imdb", collector.plan, collector.limits, EvidenceStore(tmp_path), collector.kernels)
    unrecorded = plain.collect(notebook, {}, 1)
    assert unrecorded != key
    assert read_fits(plain.store.path(unrecorded)) == ()
    for question, name in (("q2", "model"), ("q4", "final_model")):
        one, other = (
            manifest.questions[question].names[name]["weights"]
            for manifest in (plain.store.manifest(unrecorded), collector.store.manifest(key))
        )
        assert one == other


def test_a_replayed_seed_is_measured_as_a_rerun_is(
    runs: tuple[Collector, Any, list[str]], mini: Course, tmp_path: Path
) -> None:
    collector, _, keys = runs
    assert collector.record_fits is not None
    recipe = recipe_of(collector.store, keys, "q4")
    assert recipe.epochs == (10, 10)
    recipe.write(tmp_path / "recipe", collector.record_fits)
    done = replay(tmp_path / "recipe", range(3), 1, lambda _: None)
    name = measured_model(collector.store.manifest(keys[0]), "q4")
    assert name == "final_model"
    found = dict(measuring(mini.graders("mini"), collector.store, keys[0], "q4", name).of(done.weights.read(range(3))))
    assert sorted(found) == [0, 1, 2]
    assert all(450 < values["accuracy"] <= 500 for values in found.values())


OWN_LOSS = """
def surprise(targets, outputs):
    right = targets * outputs + (1 - targets) * (1 - outputs)
    return -keras.ops.log(keras.ops.clip(right, 1e-7, 1.0))

"""
CALLS = "for _ in range(10): final_model.fit(points, side.astype('float32'), batch_size=20, verbose=0)"
PIPELINE = """import tensorflow as tf
rows = tf.data.Dataset.from_tensor_slices((points, side)).shuffle(50).batch(20)
final_model.fit(rows, epochs=10, verbose=0)"""
FIT = "final_model.fit(points, side, epochs=10, batch_size=20, verbose=0)"


@pytest.mark.parametrize(
    ("code", "own_loss", "buffer"),
    [(CALLS, True, None), (PIPELINE, False, 50)],
    ids=["in ten calls with a loss of its own", "on a pipeline"],
)
def test_other_ways_to_train_are_replayed(
    runs: tuple[Collector, Any, list[str]], tmp_path: Path, code: str, own_loss: bool, buffer: int | None
) -> None:
    collector, reference, keys = runs
    assert collector.record_fits is not None
    notebook = copy.deepcopy(reference)
    (cell,) = (cell for cell in notebook.cells if FIT in cell.source)
    cell.source = cell.source.replace(FIT, code)
    if own_loss:
        cell.source = OWN_LOSS + cell.source.replace('"binary_crossentropy"', "surprise")
    others = [collector.collect(notebook, {}, seed) for seed in (1, 2)]
    found, usual = recipe_of(collector.store, others, "q4"), recipe_of(collector.store, keys, "q4")
    assert (found.loss, found.buffer, found.batch_size, found.epochs) == ("binary_crossentropy", buffer, 20, (10, 10))
    assert found.x == usual.x
    found.write(tmp_path / "recipe", collector.record_fits)
    done = replay(tmp_path / "recipe", range(3), 1, lambda _: None)
    assert len(list(done.weights.read(range(3)))) == 3


def test_the_metric_of_another_model_is_refused(
    runs: tuple[Collector, Any, list[str]], mini: Course, tmp_path: Path
) -> None:
    collector, _, keys = runs
    grader = tmp_path / "grader"
    shutil.copytree(mini.graders("mini"), grader)
    test = grader / "tests" / "q4.py"
    test.write_text(test.read_text().replace("met_by(correct", "met_by(correct - 1"))
    with pytest.raises(NotReplayable, match="q4 measures against 'accuracy' is no single metric of `final_model`"):
        measuring(grader, collector.store, keys[0], "q4", "final_model")
