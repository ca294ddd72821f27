"""Restored stand-ins for objects that are stored as plain facts."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


class NotExamined(Exception):
    """The grader itself cannot decide; the message tells the TA why. Never a zero."""


class NotShown(AssertionError):
    """A value the test needs is not in the evidence; the message tells the student why."""


@dataclass(frozen=True)
class History:
    """What ``keras.callbacks.History`` holds after ``fit``."""

    history: dict[str, list[float]]
    params: dict[str, Any]
    epoch: list[int]


@dataclass(frozen=True)
class AxesFacts:
    """Labels of one matplotlib Axes; ``lines`` counts the curves."""

    title: str
    xlabel: str
    ylabel: str
    legend: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class Figure:
    """What is kept of a matplotlib figure: its labels and a PNG for human eyes."""

    axes: tuple[AxesFacts, ...]
    png: bytes


@dataclass(frozen=True)
class UnrebuiltModel:
    """A model whose graph can't be rebuilt from data: claimed facts and the predictions it made.

    ``predictions`` maps the sha256 of an input array to the model's output for it. Whoever decides anything by what
    the model says of itself notes it in ``claims``, which all models of an examination share.
    """

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    predictions: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)

    def count_params(self) -> int:
        """Return the number of parameters, as the sandbox claimed it."""
        if self.facts.get("parameters") is None:
            raise NotExamined("the model was not built when it was captured")
        self.claims.append("parameters")
        return int(self.facts["parameters"])

    def __getattr__(self, name: str) -> Any:
        """Refuse whatever would need the graph."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotExamined(f"`{name}` needs the model's graph, and it could not be rebuilt: {self.reason}")
