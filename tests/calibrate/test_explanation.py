"""Which fit made the model in evidence, and what replay says that it can't train."""

from pathlib import Path
from typing import Any

import pytest

from fairmark.calibrate.replay.explanation import recipe_of
from fairmark.calibrate.replay.recipe import NotReplayable, Recipe
from fairmark.evidence.fits import FILE, Fit, Fits
from fairmark.evidence.manifest import Captured, Ending, Environment, Manifest
from fairmark.evidence.store import EvidenceStore

DENSE = {"class_name": "Dense", "config": {"units": 1, "kernel_initializer": {"config": {"seed": None}}}}
ARCHITECTURE: dict[str, Any] = {"class_name": "Sequential", "config": {"layers": [DENSE]}}
FIT = Fit(
    fresh=True,
    overridden=(),
    architecture=ARCHITECTURE,
    compiled={"optimizer": "rmsprop", "loss": "mse", "metrics": ["mae"]},
    loss_like=None,
    steps=(0, 40),
    global_seed=7,
    x="x" * 64,
    y="y" * 64,
    epochs=4,
    batch_size=None,
    shuffle=True,
    buffer=None,
    given={"validation_data": "tuple"},
    before=("b1",),
    after=("a1",),
)
ENVIRONMENT = Environment(
    python="", keras="", tensorflow="", numpy="", machine="", instructions="", threads=1, sandbox="none"
)


def model_node(weights: tuple[str, ...]) -> dict[str, Any]:
    return {"$": "model", "facts": {}, "architecture": ARCHITECTURE, "weights": list(weights)}


class Reruns:
    """Evidence of some runs, each with the fits that it recorded; the model is the last one's."""

    def __init__(self, folder: Path) -> None:
        self.store = EvidenceStore(folder)
        self.keys: list[str] = []

    def add(self, *fits: Fit, **names: Any) -> None:
        key = f"run{len(self.keys)}"
        captured = Captured(cell=1, names=names or {"model": model_node(fits[-1].after), "rows": 4})
        manifest = Manifest(
            key=key,
            topic="mini",
            notebook_sha256="",
            data="imdb-twin",
            seed=len(self.keys),
            environment=ENVIRONMENT,
            ending=Ending(kind="finished"),
            errors=(),
            cells=1,
            wall_seconds=1,
            cpu_seconds=1,
            peak_memory_mb=1,
            questions={"q1": captured},
        )
        self.store.write(manifest, lambda folder: (folder / FILE).write_bytes(Fits.dump_json(fits)) and None)
        self.keys.append(key)

    def recipe(self) -> Recipe:
        return recipe_of(self.store, self.keys, "q1")


@pytest.fixture
def reruns(tmp_path: Path) -> Reruns:
    return Reruns(tmp_path)


def another(seed: int, **change: Any) -> Fit:
    return FIT.model_copy(update={"before": (f"b{seed}",), "after": (f"a{seed}",), **change})


def test_the_fit_is_found_by_the_weights_it_left(reruns: Reruns) -> None:
    earlier = another(9, epochs=20, x="z" * 64, batch_size=7)
    reruns.add(earlier, FIT)
    reruns.add(earlier, another(2, epochs=6))
    recipe = reruns.recipe()
    assert recipe.epochs == (4, 6)
    assert (recipe.x, recipe.y, recipe.batch_size) == (FIT.x, FIT.y, 32)
    assert (recipe.optimizer, recipe.loss, recipe.shuffle) == ("rmsprop", "mse", True)


def test_seeds_given_to_layers_differ_from_run_to_run(reruns: Reruns) -> None:
    for seed in (11, 12):
        layer = {**DENSE, "config": {"kernel_initializer": {"config": {"seed": seed}}}}
        reruns.add(another(seed, architecture={"class_name": "Sequential", "config": {"layers": [layer]}}))
    (layer,) = reruns.recipe().architecture["config"]["layers"]
    assert layer["config"]["kernel_initializer"]["config"]["seed"] is None


def seeded_twice() -> dict[str, Any]:
    layer = {**DENSE, "config": {"seed": 3}}
    return {"class_name": "Sequential", "config": {"layers": [layer, layer]}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"fresh": False}, "trained before its first recorded `fit`"),
        ({"overridden": ("train_step",)}, "its own train_step"),
        ({"x": None}, "something else than one array"),
        ({"given": {"callbacks": "History, EarlyStopping"}}, r"given callbacks \(History, EarlyStopping\)"),
        ({"given": {"class_weight": "dict", "validation_data": "tuple"}}, r"given class_weight \(dict\)"),
        ({"given": {"validation_split": "float"}}, r"given validation_split \(float\)"),
        ({"shuffle": "batch"}, "shuffle='batch'"),
        ({"compiled": None}, "can't be written down"),
        ({"compiled": {"optimizer": "sgd", "loss": "mse", "loss_weights": [2.0]}}, "loss_weights"),
        ({"architecture": seeded_twice()}, "two layers are given the same seed"),
    ],
)
def test_what_replay_cannot_train_is_refused(reruns: Reruns, change: dict[str, Any], reason: str) -> None:
    reruns.add(another(1, **change))
    with pytest.raises(NotReplayable, match=reason):
        reruns.recipe()


def test_harmless_arguments_are_not(reruns: Reruns) -> None:
    reruns.add(another(1, given={"callbacks": "History"}))
    assert reruns.recipe().epochs == (4,)


@pytest.mark.parametrize(("name", "value"), [("x", "z" * 64), ("batch_size", 8), ("compiled", {"optimizer": "sgd"})])
def test_a_fit_that_depends_on_the_seed_is_refused(reruns: Reruns, name: str, value: Any) -> None:
    reruns.add(another(1))
    reruns.add(another(2, **{name: value}))
    with pytest.raises(NotReplayable, match=f"depends on the seed by its {name}"):
        reruns.recipe()


def test_weights_that_no_fit_left(reruns: Reruns) -> None:
    reruns.add(FIT, model=model_node(("edited",)))
    with pytest.raises(NotReplayable, match="no recorded `fit` explains the weights of the model in q1"):
        reruns.recipe()


def test_weights_taken_over_from_another_model(reruns: Reruns) -> None:
    reruns.add(another(1), another(2, before=("a1",)))
    with pytest.raises(NotReplayable, match="begins with the weights of another one"):
        reruns.recipe()


def going_on(seed: int, calls: int, **change: Any) -> list[Fit]:
    """Calls of ``fit`` on one model, each from where the last one ended."""
    fits = [another(seed, after=(f"a{seed}.0",))]
    for number in range(1, calls):
        goes_on = {
            "fresh": False,
            "before": fits[-1].after,
            "after": (f"a{seed}.{number}",),
            "steps": (number * 40, number * 40 + 40),
        }
        fits.append(FIT.model_copy(update=goes_on | change))
    return fits


def test_a_training_in_several_calls(reruns: Reruns) -> None:
    one, two, three = going_on(1, 3)
    reruns.add(another(8), one, another(9), two, three)
    reruns.add(*going_on(2, 2))
    recipe = reruns.recipe()
    assert recipe.epochs == (12, 8)


def test_a_pipelines_buffer(reruns: Reruns) -> None:
    reruns.add(another(1, buffer=200))
    assert reruns.recipe().buffer == 200


def test_a_loss_that_is_like_one_of_kerass(reruns: Reruns) -> None:
    reruns.add(another(1, compiled={"optimizer": "sgd", "loss": "own"}, loss_like="mean_squared_error"))
    assert reruns.recipe().loss == "mean_squared_error"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"steps": (0, 40)}, "compiled anew between two calls"),
        ({"before": ("set",)}, "or changed between two of them"),
        ({"batch_size": 8, "x": "z" * 64}, "calls of `fit` that differ by their batch_size, x"),
        ({"global_seed": 8}, "a seed was set between two calls"),
    ],
)
def test_calls_that_are_not_one_training(reruns: Reruns, change: dict[str, Any], reason: str) -> None:
    reruns.add(*going_on(1, 2, **change))
    with pytest.raises(NotReplayable, match=reason):
        reruns.recipe()


def test_weights_that_every_seed_begins_with(reruns: Reruns) -> None:
    reruns.add(another(1, before=("same",)))
    reruns.add(another(2, before=("same",)))
    with pytest.raises(NotReplayable, match="the same weights under every seed"):
        reruns.recipe()


def test_two_models_in_one_question(reruns: Reruns) -> None:
    reruns.add(FIT, model=model_node(FIT.after), other=model_node(FIT.after))
    with pytest.raises(NotReplayable, match="take 2 models"):
        reruns.recipe()


def test_a_model_without_a_graph(reruns: Reruns) -> None:
    reruns.add(FIT, model={"$": "model", "facts": {}, "architecture": None, "reason": "it has a `call`"})
    with pytest.raises(NotReplayable, match="`model` has no graph of Keras layers: it has a `call`"):
        reruns.recipe()
