"""A layer's settings in one spelling: what Keras takes for the same is the same here."""

import inspect
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.graph import Shape
from fairmark.checks.penalties import NO_PENALTY, penalty
from fairmark.evidence.compilation import attempted

Initializer = tuple[str, dict[str, Any]]
"""Keras's name and the settings, the seed left out."""

_LEFT_OUT = {"name", "trainable", "dtype", "seed", "activity_regularizer", "build_config", "quantization_config"}
"""Names and seeds tell no two models apart; the others are looked at elsewhere, or not at all."""


def settings_of(layer: Any, rank: int) -> dict[str, Any]:
    """Return the settings of ``layer``, whose input has ``rank`` dimensions besides the batch.

    Regularizers are a Penalty, initialisers an Initializer; what is not set is left out, as are settings of a
    bias that the layer does not have.
    """
    settings: dict[str, Any] = _canonical(layer.get_config())
    if settings.get("use_bias") is False:
        settings = {name: value for name, value in settings.items() if not name.startswith("bias_")}
    if isinstance(axis := settings.get("axis"), int) and axis > 0:
        settings["axis"] = axis - rank - 1  # -1 is the last one
    return settings


def canonical_initializer(initializer: Any) -> Initializer:
    """Return name and settings of ``initializer`` (text, object, as Keras writes it down).

    By behaviour: VarianceScaling with the settings of "glorot_uniform" is "glorot_uniform".
    """
    import keras

    found = keras.initializers.get(initializer)
    drawn = _drawn(found)
    for name, usual, of_usual in _usual_initializers():
        if drawn is not None and np.array_equal(drawn, of_usual):
            return name, _own_settings(usual)
    return snake_case(type(found).__name__), _own_settings(found)


def text_of(value: Any) -> str:
    """Write a setting down, the same for equal ones: sorted, numbers to six digits."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {text_of(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return f"{float(value):.6g}"
    return repr(value)


def plain_number(value: Any) -> Any:
    """Return a float as it was written before it became a float32: 0.001, not 0.0010000000474974513."""
    return float(f"{value:.7g}") if isinstance(value, float) else value


def snake_case(name: str) -> str:
    """Spell a class as Keras's text does: "GlorotUniform" as "glorot_uniform", "AUC" as "auc"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def shape_text(shape: Shape) -> str:
    """Write a shape down for a message."""
    return str(tuple("any" if extent is None else extent for extent in shape)).replace("'", "")


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping) and "class_name" in value:
        return _object(value)
    if isinstance(value, Mapping):
        kept = {str(name): _canonical(item) for name, item in value.items() if name not in _LEFT_OUT}
        return {name: item for name, item in kept.items() if item is not None and item != NO_PENALTY}
    if isinstance(value, list | tuple):
        return tuple(_canonical(item) for item in value)
    return plain_number(value)


def _object(value: Mapping[str, Any]) -> Any:
    """Read an object as Keras writes it down: regularizers and initialisers by what they do."""
    if value.get("module") in ("keras.regularizers", "keras.initializers"):
        return _tried(str(value["module"]), json.dumps(value, sort_keys=True))
    return str(value["class_name"]), _canonical(value.get("config"))


@lru_cache(maxsize=1024)
def _tried(module: str, written: str) -> Any:
    """Try a regularizer or initialiser, written as JSON; the same few are everywhere."""
    return (penalty if module == "keras.regularizers" else canonical_initializer)(json.loads(written))


def _drawn(initializer: Any) -> NDArray[Any] | None:
    """Return what ``initializer`` gives for a fixed shape under a fixed seed."""

    def draw() -> NDArray[Any]:
        config = initializer.get_config()
        seeded = type(initializer).from_config({**config, "seed": 7} if "seed" in config else config)
        return np.asarray(seeded((8, 6), dtype="float32"))

    drawn: NDArray[Any] | None = attempted(draw)
    return drawn


def _own_settings(initializer: Any) -> dict[str, Any]:
    config = attempted(initializer.get_config) or {}
    return {name: plain_number(value) for name, value in config.items() if name != "seed" and value is not None}


@cache
def _usual_initializers() -> tuple[tuple[str, Any, NDArray[Any]], ...]:
    """Return Keras's initialisers as they are without arguments, the shortest name first."""
    import keras

    kinds = {kind for kind in vars(keras.initializers).values() if inspect.isclass(kind)}
    kinds.discard(keras.initializers.STFT)  # needs two seconds for scipy.signal, and fills no matrix
    usual = [(snake_case(kind.__name__), made) for kind in kinds if (made := attempted(kind)) is not None]
    usual.sort(key=lambda item: (len(item[0]), item[0]))
    return tuple((name, made, drawn) for name, made in usual if (drawn := _drawn(made)) is not None)
