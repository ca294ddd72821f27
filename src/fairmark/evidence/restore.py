"""JSON nodes and blobs → values, in the examiner. Nothing here trusts what it reads."""

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from fairmark.evidence import models
from fairmark.evidence.blobs import BadBlob, BlobReader, array_from_npy
from fairmark.evidence.records import AxesFacts, Figure, History, NotShown, UnrebuiltModel

MAX_DEPTH = 100
KINDS = frozenset(
    """
    absent array dict figure float frame history model placeholder reference scalar series tuple
    """.split()
)


class Absent(NotShown):
    """A value that exists but was not stored; the message says why."""


class Placeholder(NotShown):
    """The notebook's own `...`, never filled in."""


class Rebuilt(NamedTuple):
    """A model built anew from evidence, with what the evidence says of it besides."""

    model: Any
    digest: str
    """Names its function: graph and weights."""
    facts: dict[str, Any]
    """What the sandbox claimed; how the model was compiled is known from nowhere else."""


@dataclass
class Restorer:
    """Restores values from the blobs of one submission.

    ``references`` looks up a data-set array by name. Each rebuilt model is kept in ``digests`` by its id, so that
    its predictions can be shared between runs of the examiner (and no other object gets that id).
    """

    blobs: BlobReader
    references: Any
    digests: dict[int, Rebuilt]
    budget: int = 1 << 29
    """Bytes that may be restored in all: one blob may be named a million times."""
    claims: list[str] = field(default_factory=list)
    """What was taken from the word of a model without a graph, each time."""

    def value(self, node: Any, depth: int = 0) -> Any:
        """Restore ``node``. Raises Absent, Placeholder, or BadBlob for a record that is not sound."""
        if depth > MAX_DEPTH:
            raise BadBlob("a value nested without end")
        if node is None or isinstance(node, bool | int | float | str):
            return node
        if isinstance(node, list):
            return [self.value(item, depth + 1) for item in node]
        if not (isinstance(node, dict) and isinstance(node.get("$"), str) and node["$"] in KINDS):
            raise BadBlob("a record of an unknown kind")
        try:
            return getattr(self, f"_{node['$']}")(node, depth + 1)
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise BadBlob(f"a {node['$']} that is not sound ({type(error).__name__})") from error

    def _float(self, node: dict[str, Any], depth: int) -> float:
        value = float(node["value"])
        if math.isfinite(value):
            raise ValueError("finite floats are plain")
        return value

    def _placeholder(self, node: dict[str, Any], depth: int) -> Any:
        raise Placeholder("it still holds the placeholder `...`")

    def _absent(self, node: dict[str, Any], depth: int) -> Any:
        raise Absent(str(node["reason"])[:300])

    def _tuple(self, node: dict[str, Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.value(item, depth) for item in node["items"])

    def _dict(self, node: dict[str, Any], depth: int) -> dict[Any, Any]:
        return {self.value(key, depth): self.value(value, depth) for key, value in node["items"]}

    def _scalar(self, node: dict[str, Any], depth: int) -> Any:
        array = self._read(node["blob"])
        if array.ndim:
            raise ValueError("a scalar has no dimensions")
        return array[()]

    def _array(self, node: dict[str, Any], depth: int) -> Any:
        return self._read(node["blob"])

    def _read(self, blob: str) -> Any:
        return self._charged(array_from_npy(self.blobs.get(blob)))

    def _charged(self, array: Any) -> Any:
        self.budget -= array.nbytes
        if self.budget < 0:
            raise BadBlob("the evidence of this question does not fit into memory")
        return array

    def _reference(self, node: dict[str, Any], depth: int) -> Any:
        return self._charged(np.array(self.references(node["name"])))

    def _history(self, node: dict[str, Any], depth: int) -> History:
        return History(*(self.value(node[name], depth) for name in ("history", "params", "epoch")))

    def _figure(self, node: dict[str, Any], depth: int) -> Figure:
        axes = tuple(
            AxesFacts(
                title=str(axes["title"]),
                xlabel=str(axes["xlabel"]),
                ylabel=str(axes["ylabel"]),
                legend=tuple(str(text) for text in axes["legend"]),
                lines=int(axes["lines"]),
            )
            for axes in node["axes"]
        )
        return Figure(axes, self.blobs.get(node["png"]))

    def _series(self, node: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        return pd.Series(self.value(node["values"], depth), name=self.value(node["name"], depth))

    def _frame(self, node: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        return pd.DataFrame({self.value(k, depth): self.value(v, depth) for k, v in node["columns"]})

    def _model(self, node: dict[str, Any], depth: int) -> Any:
        facts = self.value(node["facts"], depth)
        if not isinstance(facts, dict):
            raise TypeError("facts have names")
        if node["architecture"] is None:
            outputs = {key: self.value(item, depth) for key, item in node["predictions"].items()}
            return UnrebuiltModel(str(node["reason"])[:300], facts, outputs, self.claims)
        weights = [self._read(blob) for blob in node["weights"]]
        model = models.rebuild(node["architecture"], weights)
        self.digests[id(model)] = Rebuilt(model, models.digest(node["architecture"], node["weights"]), facts)
        return model
