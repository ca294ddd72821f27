"""The examination under way: what ``fairmark.checks`` knows besides a test's own parameters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fairmark.evidence.restore import Rebuilt
from fairmark.examine.verdict import ThresholdUse
from fairmark.thresholds import Thresholds


@dataclass(frozen=True)
class Measurement:
    """A metric that a test took of a model: asked again of other outputs, it says what they would be worth."""

    value: float
    x: NDArray[Any]
    y: NDArray[Any]
    of: Callable[[NDArray[Any], NDArray[Any]], float]
    """Outputs and targets → value."""


@dataclass
class Examination:
    """One question's examination. In plain otter there is none."""

    thresholds: Thresholds
    data: str
    """Fingerprint of the data the notebook ran on."""
    predictions: Path
    """Where a model's outputs are kept."""
    digests: dict[int, Rebuilt]
    """Each rebuilt model with its digest and the claims made about it, by the model's id."""
    calibrating: bool = False
    """Are bars being found? Then every bar is met, and what was measured is kept."""
    uses: list[ThresholdUse] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    """Every metric that was taken, while bars are being found."""
    claims: list[str] = field(default_factory=list)
    """What was taken from the word of a model without a graph, each time."""


_CURRENT: ContextVar[Examination | None] = ContextVar("examination", default=None)


def current() -> Examination | None:
    """Return the examination under way, or None (plain otter, Gradescope)."""
    return _CURRENT.get()


def note_measurement(measurement: Measurement) -> None:
    """Keep what a test measured, if a bar is being found."""
    if (context := current()) is not None and context.calibrating:
        context.measurements.append(measurement)


@contextmanager
def examination(context: Examination) -> Iterator[Examination]:
    """Make ``context`` current inside the block."""
    token = _CURRENT.set(context)
    try:
        yield context
    finally:
        _CURRENT.reset(token)
