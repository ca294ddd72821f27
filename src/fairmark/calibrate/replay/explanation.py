"""Which recorded fits made the model in evidence, and whether they can be replayed."""

from collections.abc import Sequence
from typing import Any

from fairmark.calibrate.replay.recipe import NotReplayable, Recipe
from fairmark.evidence.fits import Fit, read_fits
from fairmark.evidence.manifest import Manifest
from fairmark.evidence.store import EvidenceStore

_HARMLESS = {"validation_data", "validation_batch_size", "validation_freq"}
_HARMLESS_CALLBACKS = {"History", "ProgbarLogger"}
_ALIKE = (
    "architecture",
    "compiled",
    "loss_like",
    "batch_size",
    "shuffle",
    "buffer",
    "given",
    "x",
    "y",
)
_DEFAULT_BATCH = 32


def measured_model(manifest: Manifest, question: str) -> str:
    """Return the name of the one trained model among what ``question``'s tests take. Raises NotReplayable else."""
    captured = manifest.questions.get(question)
    names = captured.names if captured else {}
    models = [name for name, node in names.items() if isinstance(node, dict) and node.get("$") == "model"]
    if len(models) != 1:
        raise NotReplayable(f"the tests of {question} take {len(models)} models, and one was expected")
    if names[models[0]]["architecture"] is None:
        raise NotReplayable(f"`{models[0]}` has no graph of Keras layers: {names[models[0]]['reason']}")
    return models[0]


def recipe_of(store: EvidenceStore, keys: Sequence[str], question: str) -> Recipe:
    """Return how the model that ``question`` measures was trained, from the evidence of some reruns.

    Raises NotReplayable where replay could not train it alike.
    """
    calls = [_explaining(store, key, question) for key in keys]
    fits = [fit for of_run in calls for fit in of_run]
    begun = [of_run[0] for of_run in calls]
    first = fits[0]
    for fit in fits:
        _refuse(fit)
        if differing := [name for name in _ALIKE if _unseeded(getattr(fit, name)) != _unseeded(getattr(first, name))]:
            raise NotReplayable(f"the fit depends on the seed by its {', '.join(differing)}")
    if len(begun) > 1 and all(fit.before and fit.before == first.before for fit in begun[1:]):
        raise NotReplayable("the model begins with the same weights under every seed")
    assert first.architecture is not None
    assert first.compiled is not None
    assert first.x is not None
    assert first.y is not None
    seeds = list(_seeds(first.architecture))
    if len(seeds) != len(set(seeds)):
        raise NotReplayable("two layers are given the same seed")
    return Recipe(
        architecture=_unseeded(first.architecture),
        optimizer=first.compiled["optimizer"],
        loss=first.loss_like or first.compiled["loss"],
        batch_size=first.batch_size or _DEFAULT_BATCH,
        shuffle=bool(first.shuffle),
        buffer=first.buffer,
        epochs=tuple(sum(fit.epochs for fit in of_run) for of_run in calls),
        x=first.x,
        y=first.y,
    )


def _explaining(store: EvidenceStore, key: str, question: str) -> tuple[Fit, ...]:
    """Find the calls of ``fit``, one after the other, that left the weights which the evidence holds."""
    manifest = store.manifest(key)
    assert manifest.questions
    weights = tuple(manifest.questions[question].names[measured_model(manifest, question)]["weights"])
    fits = read_fits(store.path(key))
    for number, fit in enumerate(fits):
        if fit.after == weights:
            calls = _going_on(fits[: number + 1])
            if any(calls[0].before == other.after for other in fits):
                raise NotReplayable("the model begins with the weights of another one")
            return calls
    raise NotReplayable(f"no recorded `fit` explains the weights of the model in {question}")


def _going_on(fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """Return the last of ``fits`` with those before it that it goes on from: one training in several calls."""
    calls = [fits[-1]]
    for earlier in reversed(fits[:-1]):
        if calls[0].fresh:
            break
        if earlier.after != calls[0].before:
            continue
        if earlier.steps[1] != calls[0].steps[0]:
            raise NotReplayable("the model was compiled anew between two calls of `fit`")
        if earlier.global_seed != calls[0].global_seed:
            raise NotReplayable("a seed was set between two calls of `fit`")
        if differing := [name for name in _ALIKE if getattr(earlier, name) != getattr(calls[0], name)]:
            raise NotReplayable(f"the model was trained in calls of `fit` that differ by their {', '.join(differing)}")
        calls.insert(0, earlier)
    if not calls[0].fresh:
        raise NotReplayable("the model was trained before its first recorded `fit`, or changed between two of them")
    return tuple(calls)


def _refuse(fit: Fit) -> None:
    if fit.overridden:
        raise NotReplayable(f"the model's class has its own {', '.join(fit.overridden)}")
    if fit.x is None or fit.y is None:
        raise NotReplayable(
            "`fit` was given something else than one array of inputs and one of targets, or a pipeline of such batches"
        )
    acting = set(fit.given) - _HARMLESS
    if acting == {"callbacks"} and set(fit.given["callbacks"].split(", ")) <= _HARMLESS_CALLBACKS:
        acting = set()
    if acting:
        raise NotReplayable(f"`fit` was given {', '.join(f'{name} ({fit.given[name]})' for name in sorted(acting))}")
    if not isinstance(fit.shuffle, bool):
        raise NotReplayable(f"`fit` was given shuffle={fit.shuffle!r}")
    if fit.compiled is None:
        raise NotReplayable("how the model was compiled can't be written down")
    if fit.compiled.get("loss_weights") is not None:
        raise NotReplayable("the model was compiled with loss_weights")


def _unseeded(node: Any) -> Any:
    """Return a description without the seeds in it: these differ with the seed of the run."""
    if isinstance(node, dict):
        return {key: None if key == "seed" else _unseeded(value) for key, value in node.items()}
    return [_unseeded(item) for item in node] if isinstance(node, list) else node


def _seeds(node: Any) -> Any:
    """Yield the seeds that a description gives."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "seed" and value is not None:
            yield str(value)
        else:
            yield from _seeds(value)
