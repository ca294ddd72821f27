"""Live values → JSON nodes and blobs. Runs inside the sandbox, so it trusts no method of a value.

A plain value is itself; anything else is an object with the key ``$``. Only exact types are plain: a
subclass of ``int`` that equals everything is not an ``int`` and is not stored.
"""

import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.evidence import models
from fairmark.evidence.blobs import KINDS, BlobWriter, TooLarge, npy_bytes
from fairmark.evidence.figures import axes_of

MAX_DEPTH = 40
MAX_NODES = 500_000
MAX_DIGITS = 4_000

type_name = "{0.__module__}.{0.__qualname__}".format


class _Refused(Exception):
    """A value (or a part of it) that is not stored; the message says why."""


@dataclass
class Recorder:
    """Records values of one submission.

    ``references`` maps the sha256 of a data-set array's .npy bytes to its name: such arrays are stored
    by name. ``inputs`` gives the arrays on which a model without a rebuildable graph is asked for its
    predictions.
    """

    blobs: BlobWriter
    references: dict[str, str] = field(default_factory=dict)
    inputs: Callable[[], dict[str, Any]] = dict
    _nodes: int = 0

    def node(self, value: object) -> Any:
        """Return the JSON node of ``value``; what can't be stored becomes ``absent`` with a reason."""
        self._nodes = 0
        try:
            return self._node(value, 0)
        except (_Refused, TooLarge) as error:
            return {"$": "absent", "reason": str(error)}
        except BaseException as error:
            # The value's own code failed under our hands, or would end us: that says nothing about the other names.
            return {"$": "absent", "reason": f"reading it raised {type(error).__name__}"}

    def _node(self, value: Any, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise TooLarge("a value nested or repeated without end")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            if len(value) > self.blobs.name_limit:
                raise TooLarge(f"a text of {len(value) / 1e6:,.0f} million characters")
            return _text(value)
        if kind is int:
            if value.bit_length() > MAX_DIGITS * 3:
                raise TooLarge("an integer of thousands of digits")
            return value
        if kind is float:
            return value if math.isfinite(value) else {"$": "float", "value": repr(value)}
        if value is ...:
            return {"$": "placeholder"}
        if kind is list:
            return [self._node(item, depth + 1) for item in list.__iter__(value)]
        if issubclass(kind, tuple):
            return {"$": "tuple", "items": [self._node(item, depth + 1) for item in tuple.__iter__(value)]}
        if kind is dict:
            pairs = [[self._node(k, depth + 1), self._node(v, depth + 1)] for k, v in dict.items(value)]
            return {"$": "dict", "items": pairs}
        return self._object(value, depth)

    def _object(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if issubclass(kind, np.generic):
            return {"$": "scalar", "blob": self.blobs.put(npy_bytes(np.asarray(value)))}
        if kind is np.ndarray:
            return self._array(value)
        root = str(kind.__module__).split(".")[0]
        if root in ("tensorflow", "keras") and hasattr(kind, "__array__"):
            return self._array(np.asarray(value))
        if root == "pandas" and kind.__name__ in ("DataFrame", "Series"):
            return self._frame(value, depth)
        if root == "matplotlib" and kind.__name__ == "Figure":
            return self._figure(value)
        if kind.__module__.startswith("keras.") and kind.__name__ == "History":
            return {"$": "history", **{k: self._node(getattr(value, k), depth + 1)
                                       for k in ("history", "params", "epoch")}}  # fmt: skip
        if models.is_model(value):
            return self._model(value)
        if callable(value):
            raise _Refused(f"a {kind.__name__} is not stored: a probe calls it")
        raise _Refused(f"an object of class {type_name(kind)} is not stored")

    def _array(self, array: NDArray[Any]) -> Any:
        if array.dtype.name == "bfloat16":
            array = array.astype("float32")
        if array.dtype.hasobject:
            raise _Refused("an array of Python objects is not stored")
        if array.dtype.kind not in KINDS or array.dtype.itemsize == 0:
            raise _Refused(f"an array of {array.dtype} is not stored")
        if array.nbytes > self.blobs.name_limit:
            raise TooLarge(f"an array of {array.nbytes / 1e6:,.0f} MB")
        data = npy_bytes(array)
        if name := self.references.get(hashlib.sha256(data).hexdigest()):
            return {"$": "reference", "name": name}
        return {"$": "array", "blob": self.blobs.put(data)}

    def _frame(self, frame: Any, depth: int) -> Any:
        if type(frame).__name__ == "Series":
            return {"$": "series", "name": self._node(frame.name, depth + 1),
                    "values": self._node(frame.tolist(), depth + 1)}  # fmt: skip
        columns = [[self._node(name, depth + 1), self._node(frame[name].tolist(), depth + 1)] for name in frame]
        return {"$": "frame", "columns": columns}

    def _figure(self, figure: Any) -> Any:
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=60)
        return {"$": "figure", "axes": axes_of(figure), "png": self.blobs.put(png.getvalue())}

    def _model(self, model: Any) -> Any:
        try:
            facts = self._node(models.facts_of(model), 0)
        except _Refused:
            facts = {"$": "dict", "items": []}
        architecture, reason = models.architecture_of(model)
        node: dict[str, Any] = {"$": "model", "facts": facts, "architecture": architecture}
        if architecture is not None:
            node["weights"] = [self.blobs.put(npy_bytes(weight)) for weight in models.weights_of(model)]
            return node
        node["reason"] = reason
        node["predictions"] = {}
        for x in self.inputs().values() if getattr(model, "built", False) else ():
            try:
                outputs = self._array(np.asarray(model.predict(x, batch_size=512, verbose=0)))
            except Exception:
                continue  # it takes other inputs than these
            node["predictions"][hashlib.sha256(npy_bytes(np.asarray(x))).hexdigest()] = outputs
        return node


def _text(value: str) -> str:
    try:
        value.encode("utf8")
    except UnicodeEncodeError:
        raise _Refused("a text that is not valid Unicode is not stored") from None
    return value
