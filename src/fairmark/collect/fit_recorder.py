"""Inside the kernel, while the reference is calibrated: writes down every call of ``keras.Model.fit``."""

import functools
import inspect
import json
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fairmark.collect.own_losses import loss_like
from fairmark.collect.pipelines import pipeline_of
from fairmark.evidence.blobs import digest_of
from fairmark.evidence.fits import FILE, SUFFIX, Fit, Fits, write_array
from fairmark.evidence.models import architecture_of, facts_of, weights_of

_RECORDED = ("self", "x", "y", "epochs", "batch_size", "shuffle", "verbose")


def record_fits(folder: Path, known: Sequence[str]) -> None:
    """Replace ``keras.Model.fit`` by one that trains alike and writes its records into ``folder``.

    The arrays it was given are written too, but for those that are ``known`` by their sha256.
    """
    import keras

    folder.mkdir()
    keras.Model.fit = _FitRecorder(folder, set(known)).recording(keras.Model.fit)


class _FitRecorder:
    def __init__(self, folder: Path, known: set[str]) -> None:
        self._folder = folder
        self._known = known
        self._trained: weakref.WeakSet[Any] = weakref.WeakSet()
        self._fits: list[Fit] = []

    def recording(self, fit: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``fit``, recorded."""
        signature = inspect.signature(fit)

        @functools.wraps(fit)
        def recorded(model: Any, *args: Any, **kwargs: Any) -> Any:
            call = signature.bind(model, *args, **kwargs)
            call.apply_defaults()
            before = self._before(model)
            history = fit(model, *args, **kwargs)
            self._add(model, call.arguments, signature, before)
            return history

        return recorded

    def _before(self, model: Any) -> dict[str, Any]:
        steps = _steps(model)
        fresh = model not in self._trained and steps == 0
        self._trained.add(model)
        try:
            compiled = json.loads(json.dumps(model.get_compile_config()))
        except Exception:  # an optimizer or loss of the notebook's own may not be able to describe itself
            compiled = None
        before = _digests(model) if model.built else ()
        return {"fresh": fresh, "compiled": compiled, "steps": steps, "before": before}

    def _add(self, model: Any, given: dict[str, Any], signature: inspect.Signature, before: dict[str, Any]) -> None:
        record = {
            **before,
            **self._rows(given),
            "steps": (before["steps"], _steps(model)),
            "global_seed": _global_seed(),
            "loss_like": loss_like(getattr(model, "loss", None)),
            "overridden": facts_of(model)["overridden"],
            "architecture": architecture_of(model)[0],
            "epochs": int(given["epochs"]),
            "given": {
                name: _kind(value)
                for name, value in given.items()
                if name not in _RECORDED and not _is(value, signature.parameters[name].default)
            },
            "after": _digests(model),
        }
        self._fits.append(Fit.model_validate(record))
        part = self._folder / f"{FILE}.part"
        part.write_bytes(Fits.dump_json(tuple(self._fits)))
        part.replace(self._folder / FILE)

    def _rows(self, given: dict[str, Any]) -> dict[str, Any]:
        """Describe what is trained on, in which batches and order."""
        if pipeline := pipeline_of(given["x"]):
            return {
                "x": self._array(pipeline.x),
                "y": self._array(pipeline.y),
                "batch_size": pipeline.batch_size,
                "shuffle": pipeline.buffer is not None,
                "buffer": pipeline.buffer,
            }
        return {
            "x": self._array(given["x"]),
            "y": self._array(given["y"]),
            "batch_size": None if given["batch_size"] is None else int(given["batch_size"]),
            "shuffle": given["shuffle"],
            "buffer": None,
        }

    def _array(self, value: Any) -> str | None:
        if type(value) is not np.ndarray and not hasattr(value, "numpy"):
            return None
        array = np.asarray(value)
        digest = digest_of(array)
        if digest not in self._known:
            self._known.add(digest)
            write_array(self._folder / f"{digest}{SUFFIX}", array)
        return digest


def _steps(model: Any) -> int:
    """Count the steps that the model's optimizer has taken."""
    iterations = getattr(getattr(model, "optimizer", None), "iterations", None)
    return 0 if iterations is None else int(iterations)


def _global_seed() -> int | None:
    import tensorflow as tf

    seed: int | None = tf.compat.v1.get_seed(0)[0]
    return seed


def _digests(model: Any) -> tuple[str, ...]:
    try:
        return tuple(digest_of(weight) for weight in weights_of(model))
    except Exception:  # no graph: architecture_of says so
        return ()


def _is(value: Any, default: Any) -> bool:
    return value is default or (type(value) in (bool, int, float, str) and bool(value == default))


def _kind(value: Any) -> str:
    """Name the class of an argument, or of each item of a list."""
    items = value if isinstance(value, list) else [value]
    return ", ".join(type(item).__name__ for item in items)
