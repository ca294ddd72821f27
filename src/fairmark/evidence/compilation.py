"""How a live model was compiled, as plain data: names, settings, and what a function of the notebook's own gives.

Whatever ``compile`` takes is described: text, functions, classes, objects, lists and dicts of them, None.
``fairmark.checks`` gives the descriptions of live and of restored models the same canonical names.
"""

import inspect
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

PROBES = (
    ([[0.0], [1.0], [1.0], [0.0], [1.0]], [[0.2], [0.7], [0.4], [0.9], [0.6]]),
    ([[0.0], [1.0], [1.0], [0.0], [2.5]], [[-1.5], [0.3], [2.0], [3.5], [-0.4]]),
    ([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [[0.2, 0.5, 0.3], [0.1, 0.6, 0.3]]),
)
"""Targets and outputs on which a loss or metric of the notebook's own is tried: probabilities, any numbers, classes."""

MAX_DEPTH = 4
_PLAIN = (bool, int, float, str)


def compilation_of(model: Any) -> dict[str, Any] | None:
    """Describe how ``model`` was compiled; None if it was not. What can't be read is None."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # Keras wraps it under mixed precision
    given = attempted(lambda: dict(model._compile_config.config)) or attempted(model.get_compile_config) or {}
    described = described_optimizer(optimizer)
    return {
        "optimizer": described["name"],
        "own_optimizer": described["own"],
        "optimizer_settings": described["settings"],
        "loss": attempted(description, getattr(model, "loss", None)),
        "loss_weights": attempted(description, given.get("loss_weights")),
        "metrics": attempted(_listed, given.get("metrics")),
        "weighted_metrics": attempted(_listed, given.get("weighted_metrics")),
        "outputs": attempted(lambda: [str(name) for name in model.output_names]),
    }


def description(thing: Any, depth: int = 0) -> Any:
    """Describe a loss or metric: text and numbers as they are, a dict of outputs as ``{"outputs": …}``.

    Any other object is ``{"name", "own", "settings", "values"}``: ``own`` if Keras does not export this very
    object under its name, and then ``values`` are its means over ``PROBES`` (None where it can't take them).
    """
    if thing is None or type(thing) in _PLAIN or depth > MAX_DEPTH:
        return thing if depth <= MAX_DEPTH else None
    if isinstance(thing, list | tuple):
        return [description(item, depth + 1) for item in thing]
    if isinstance(thing, dict) and "class_name" in thing:  # as Keras itself writes it down
        settings = _plain(thing.get("config") or {})
        return {"name": str(thing["class_name"]), "own": False, "settings": settings, "values": None}
    if isinstance(thing, dict):
        return {"outputs": {str(name): description(item, depth + 1) for name, item in thing.items()}}
    return _object(thing)


def described_optimizer(optimizer: Any) -> dict[str, Any]:
    """Describe an optimizer object: ``name``, ``own`` and ``settings``; a schedule is described likewise."""
    settings = attempted(optimizer.get_config)
    if not isinstance(settings, dict):  # its schedule has no `get_config`, as in many a tutorial
        names = attempted(lambda: list(inspect.signature(type(optimizer).__init__).parameters)) or []
        settings = {name: attempted(getattr, optimizer, name) for name in names if name != "learning_rate"}
    described = _plain(settings)
    if isinstance(rate := settings.get("learning_rate"), dict):
        described["learning_rate"] = attempted(description, rate)
    return {"name": type(optimizer).__name__, "own": not _exported(type(optimizer)), "settings": described}


def values_of(function: Callable[..., Any]) -> list[float | None]:
    """Return the mean of what ``function`` (targets, outputs) gives for each of ``PROBES``."""
    return [attempted(_value, function, *probe) for probe in PROBES]


def attempted(read: Callable[..., Any], *of: Any) -> Any:
    """Return what can be read; None if the object's own code stands in the way."""
    try:
        return read(*of)
    except Exception:
        return None


def _listed(metrics: Any) -> Any:
    found = description(metrics)
    if isinstance(found, dict) and "outputs" in found:
        return found
    return found if isinstance(found, list) else [] if found is None else [found]


def _object(thing: Any) -> dict[str, Any]:
    plain = inspect.isclass(thing) or inspect.isfunction(thing)  # Keras makes an object of a class
    own = not _exported(thing if plain else type(thing))
    settings = {} if plain else attempted(_settings, thing)
    tried = own and callable(thing) and not inspect.isclass(thing) and not hasattr(thing, "update_state")
    name = getattr(thing, "__name__", None) or type(thing).__name__
    return {"name": str(name), "own": own, "settings": settings, "values": values_of(thing) if tried else None}


def _settings(thing: Any) -> dict[str, Any]:
    kept = attempted(lambda: dict(thing._fn_kwargs)) or {}  # Huber, for one, keeps its `delta` out of its config
    return _plain({**thing.get_config(), **kept})


def _exported(thing: Any) -> bool:
    """Is ``thing`` the very object that Keras exports under its name?"""
    import keras

    places = (keras.losses, keras.metrics, keras.optimizers, keras.optimizers.schedules)
    return any(getattr(place, str(thing.__name__), None) is thing for place in places)


def _value(function: Callable[..., Any], targets: Any, outputs: Any) -> float:
    import keras

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not every function is meant for every probe
        found = function(keras.ops.convert_to_tensor(targets), keras.ops.convert_to_tensor(outputs))
    return float(np.mean(np.asarray(found, dtype="float64")))


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the settings that are numbers or text."""
    values = {name: value.item() if isinstance(value, np.generic) else value for name, value in settings.items()}
    return {str(name): value for name, value in values.items() if type(value) in _PLAIN}
