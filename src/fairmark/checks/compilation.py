"""How a model was compiled, in canonical names: read from a live model, claimed by the sandbox for a restored one."""

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fairmark.checks.examination import current
from fairmark.checks.settings import plain_number, snake_case, text_of
from fairmark.checks.subject import asked_model, shown
from fairmark.evidence.compilation import attempted, compilation_of, description, values_of
from fairmark.evidence.records import UnrebuiltModel

OWN = "own:"
"""Before the name of what the notebook wrote itself, if it does not do what something of Keras does."""
ACCURACIES = {1: ("binary_accuracy",), 2: ("categorical_accuracy", "sparse_categorical_accuracy")}
"""What Keras makes of "accuracy" for one column of outputs, and for two or more."""


@dataclass(frozen=True)
class Loss:
    """A loss: Keras's name of the function, "none", or "own:" and the name in the notebook."""

    name: str
    from_logits: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What differs from Keras's defaults."""


@dataclass(frozen=True)
class Compiled:
    """How a model was compiled."""

    optimizer: str
    """Keras's name, such as "rmsprop"; or "own:" and the name of the notebook's class."""
    optimizer_settings: Mapping[str, Any]
    """Its numbers; ``learning_rate`` is always there: a number, a schedule as (name, settings), or None if unknown.

    A rate that a callback changed is the one it changed it to.
    """
    losses: tuple[Loss, ...]
    """One, or one an output."""
    metrics: tuple[str, ...]
    """In order; settings other than the default ones stand in brackets."""

    @property
    def loss(self) -> Loss:
        """The loss, the same for all outputs; Loss("none") if none was given.

        Raises AssertionError where outputs have different ones.
        """
        assert len(set(map(text_of, map(vars, self.losses)))) <= 1, "the model has different losses for its outputs"
        return self.losses[0] if self.losses else Loss("none")


def compiled(model: Any) -> Compiled:
    """Return how ``model`` was compiled. Raises AssertionError if it is no model or was not compiled."""
    asked_model(model)
    context = current()
    if isinstance(model, UnrebuiltModel):
        told = model.facts.get("compiled")
    elif context is not None and id(model) in context.digests:
        told = context.digests[id(model)].facts.get("compiled")
    else:
        told = compilation_of(model)
    assert isinstance(told, Mapping), "the model is not compiled"
    losses = tuple(_loss(one, _columns(model)) for one in _by_output(told.get("loss"), told.get("outputs")))
    given = [*_flat(told.get("metrics")), *_flat(told.get("weighted_metrics"))]
    logits = any(loss.from_logits for loss in losses)
    return Compiled(
        optimizer=_optimizer(told),
        optimizer_settings=_optimizer_settings(told.get("optimizer_settings")),
        losses=losses,
        metrics=tuple(_metric(one, _columns(model), logits) for one in given if one is not None),
    )


def canonical_loss(thing: Any) -> Loss:
    """Return the same Loss for a loss's text, function, class, object, or a function of one's own that does the same.

    Raises AssertionError for what Keras takes for no loss.
    """
    assert thing is None or isinstance(thing, str | dict) or callable(thing), f"a loss is asked, found {shown(thing)}"
    found = _loss(description(thing), 1)
    assert not found.name.startswith("unknown:"), f"a loss is asked, found {shown(thing)}"
    return found


def canonical_metric(thing: Any, columns: int = 1) -> str:
    """Return the same name for a metric's text, function, class or object, for a model with ``columns`` outputs.

    "accuracy" is what Keras makes of it: binary for one column, categorical for more. Raises AssertionError for
    what Keras takes for no metric.
    """
    assert isinstance(thing, str | dict) or callable(thing), f"a metric is asked, found {shown(thing)}"
    found = _metric(description(thing), columns, logits=False)
    assert not found.startswith("unknown:"), f"a metric is asked, found {shown(thing)}"
    return found


def canonical_optimizer(thing: Any) -> str:
    """Return the same name for an optimizer's text, class or object. Raises AssertionError for anything else."""
    import keras

    kind = thing if inspect.isclass(thing) else type(attempted(keras.optimizers.get, thing))
    assert issubclass(kind, keras.optimizers.Optimizer), f"an optimizer is asked, found {shown(thing)}"
    own = getattr(keras.optimizers, kind.__name__, None) is not kind
    return _optimizer({"optimizer": kind.__name__, "own_optimizer": own})


def _optimizer(told: Mapping[str, Any]) -> str:
    name = str(told.get("optimizer"))
    return f"{OWN}{name}" if told.get("own_optimizer") else name.lower()


def _optimizer_settings(told: Any) -> dict[str, Any]:
    settings = dict(told) if isinstance(told, Mapping) else {}
    rate = settings.get("learning_rate")
    if isinstance(rate, Mapping):
        rate = str(rate.get("name")), _numbers(rate.get("settings") or {})
    settings.pop("learning_rate", None)
    return {"learning_rate": plain_number(rate), **_numbers(settings)}


def _numbers(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_number(value) for name, value in settings.items() if isinstance(value, bool | int | float)}


def _by_output(told: Any, outputs: Any) -> list[Any]:
    """Return the losses in the order of the outputs, one if it holds for all."""
    if isinstance(told, Mapping) and "outputs" in told:
        given = told["outputs"]
        order = [name for name in outputs or [] if name in given]
        return [given[name] for name in order] if len(order) == len(given) else list(given.values())
    return told if isinstance(told, list) else [told]


def _flat(told: Any) -> Iterator[Any]:
    if isinstance(told, list):
        for item in told:
            yield from _flat(item)
    elif isinstance(told, Mapping) and "outputs" in told:
        yield from _flat(list(told["outputs"].values()))
    else:
        yield told


def _columns(model: Any) -> int:
    """Return how many numbers a row the model gives; 1 where that is not known."""
    if isinstance(model, UnrebuiltModel):
        last: Mapping[str, Any] = next((layer for layer in reversed(model.facts.get("layers") or []) if layer), {})
        return int(last.get("units") or 1)
    shape = attempted(lambda: model.outputs[0].shape)
    return int(shape[-1] or 1) if shape else 1


def _loss(told: Any, columns: int) -> Loss:
    import keras

    if told is None:
        return Loss("none")
    if isinstance(told, str) and told.lower() in ("ce", "crossentropy") and columns == 1:
        told = "binary_crossentropy"  # as Keras decides it
    name, settings = _resolved(told, keras.losses)
    from_logits = bool(settings.pop("from_logits", False))
    return Loss(name, from_logits, settings)


def _metric(told: Any, columns: int, logits: bool) -> str:
    import keras

    accuracies = ACCURACIES[min(columns, 2)]
    if isinstance(told, str) and told.lower() in ("accuracy", "acc"):
        return "accuracy"
    name, settings = _resolved(told, keras.metrics)
    if name == "accuracy":  # the object: it counts outputs that equal their target
        return "exact_accuracy"
    if name in accuracies and (not settings or (logits and settings == {"threshold": 0})):
        return "accuracy"
    written = ", ".join(f"{key}={text_of(value)}" for key, value in settings.items())
    return f"{name}({written})" if written else name


def _resolved(told: Any, place: Any) -> tuple[str, dict[str, Any]]:
    """Return name and settings other than the defaults of a described loss or metric, known in ``place``."""
    if isinstance(told, str):
        found = attempted(place.get, told)
        return _known(found, {}) if found is not None else (f"unknown:{told}", {})
    if not isinstance(told, Mapping):
        return f"unknown:{told}", {}
    name, settings = str(told.get("name")), told.get("settings") or {}
    if told.get("own"):
        return _by_values(told.get("values"), place) or (OWN + name, {})
    found = getattr(place, name, None) or attempted(place.get, name)
    return _known(found, settings) if found is not None else (f"unknown:{name}", {})


def _known(thing: Any, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Name a function, class or object of Keras's own by its function; ``settings`` are those of the object."""
    made = attempted(thing) if inspect.isclass(thing) else thing
    function = thing if inspect.isfunction(thing) else getattr(made, "fn", None) or getattr(made, "_fn", None)
    usual = _defaults(function) if function is not None else {}
    if not inspect.isfunction(thing):
        usual |= attempted(lambda: dict(made.get_config())) or {}
    left = {
        name: plain_number(value) for name, value in settings.items()
        if name not in ("name", "dtype", "fn") and usual.get(name) != value
    }  # fmt: skip
    kind = thing if inspect.isclass(thing) else type(thing)
    return (function.__name__ if function is not None else snake_case(kind.__name__)), left


def _defaults(function: Any) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters
    return {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}


def _by_values(values: Any, place: Any) -> tuple[str, dict[str, Any]] | None:
    """Name what gives ``values`` for the probes, if a function of Keras does."""
    if not isinstance(values, list):
        return None
    given = [value if isinstance(value, int | float) and math.isfinite(value) else None for value in values]
    for name, settings, usual in _tried(place.__name__):
        pairs = [(found, of_usual) for found, of_usual in zip(given, usual, strict=False) if found is not None]
        if pairs and all(b is not None and math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6) for a, b in pairs):
            return name, dict(settings)
    return None


@cache
def _tried(place: str) -> tuple[tuple[str, dict[str, Any], list[float | None]], ...]:
    """Return what each function of Keras gives for the probes, with and without ``from_logits``."""
    import keras

    places = (keras.losses,) if place == keras.losses.__name__ else (keras.losses, keras.metrics)
    functions = {f.__name__: f for where in places for f in vars(where).values() if inspect.isfunction(f)}
    found: list[tuple[str, dict[str, Any], list[float | None]]] = []
    for name, function in sorted(functions.items(), key=lambda item: (len(item[0]), item[0])):
        takes = list(inspect.signature(function).parameters)
        if takes[:2] == ["y_true", "y_pred"]:
            found.append((name, {}, values_of(function)))
            if "from_logits" in takes:
                found.append((name, {"from_logits": True}, values_of(_on_logits(function))))
    return tuple(found)


def _on_logits(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda targets, outputs: function(targets, outputs, from_logits=True)
