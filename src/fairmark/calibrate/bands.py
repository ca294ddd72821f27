"""How the learning curves of a correct solution look: for each epoch, the range of the reference's reruns.

Kept in ``graders/<topic>/calibration/<data fingerprint>.curves.json``. For teaching alone: no mark depends on it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fairmark.course import CourseError
from fairmark.evidence.histories import LARGEST, MAX_EPOCHS, learning_curves
from fairmark.evidence.manifest import Manifest
from fairmark.report.files import write_atomically

FOLDER = "calibration"

_QUANTILES = (0.05, 0.5, 0.95)
_LIST = re.compile(r"\[\n[^]]*]")

_Numbers = Annotated[
    tuple[Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)], ...],
    Field(min_length=1, max_length=MAX_EPOCHS),
]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(_Record):
    """Quantiles of one metric over the runs, one number an epoch, to five significant digits.

    They are NumPy's by default: linear between the two nearest runs. Of 30 runs the 5 % quantile lies halfway between
    the second and the third lowest, so it is rough.
    """

    low: _Numbers
    """5 % of the runs are below."""
    median: _Numbers
    high: _Numbers
    """5 % of the runs are above."""

    @model_validator(mode="after")
    def _equally_long(self) -> "Band":
        if not len(self.low) == len(self.median) == len(self.high):
            raise ValueError("low, median and high have one number an epoch each")
        return self


History = Mapping[str, Band]
"""Metric → band."""


class Bands(_Record):
    """The bands of a topic on one data set."""

    format: Literal[1] = 1
    runs: int = 0
    """Reruns of the reference behind them."""
    questions: Mapping[str, Mapping[str, History]] = {}
    """Question → captured name → history."""


NO_BANDS = Bands()


def bands_of(runs: Iterable[Manifest]) -> Bands:
    """Return the bands of every metric that each of ``runs`` has a curve of, as far as nine tenths of them trained."""
    found = [_curves(manifest) for manifest in runs]
    questions: dict[str, dict[str, dict[str, Band]]] = {}
    for question, name, metric in found[0] if found else ():
        curves = [run[question, name, metric] for run in found if (question, name, metric) in run]
        if len(curves) == len(found):
            questions.setdefault(question, {}).setdefault(name, {})[metric] = _band(curves)
    return Bands(runs=len(found), questions=questions)


def read_bands(grader: Path, fingerprint: str) -> Bands:
    """Read a grader's bands for the data ``fingerprint``; none if calibrate found no learning curve, or never ran."""
    path = _path(grader, fingerprint)
    if not path.is_file():
        return NO_BANDS
    try:
        return Bands.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise CourseError(f"{path}: not written by calibrate: {error}") from error


def write_bands(grader: Path, fingerprint: str, bands: Bands) -> None:
    """Write the bands in one step, a list a line; without any there is no file."""
    path = _path(grader, fingerprint)
    if not bands.questions:
        path.unlink(missing_ok=True)
        return
    text = json.dumps(bands.model_dump(mode="json"), indent=1, ensure_ascii=False)
    write_atomically(path, _LIST.sub(lambda found: "".join(found[0].split()).replace(",", ", "), text) + "\n")


def _path(grader: Path, fingerprint: str) -> Path:
    return grader / FOLDER / f"{fingerprint}.curves.json"


def _curves(manifest: Manifest) -> dict[tuple[str, str, str], tuple[float, ...]]:
    """Return the curves of one run by question, captured name and metric."""
    return {
        (question, name, metric): curve
        for question, captured in manifest.questions.items()
        for name, node in captured.names.items()
        for metric, curve in learning_curves(node).items()
    }


def _band(curves: Sequence[Sequence[float]]) -> Band:
    nine_tenths = -(-9 * len(curves) // 10)
    epochs = sorted(map(len, curves), reverse=True)[nine_tenths - 1]
    columns = [[curve[epoch] for curve in curves if len(curve) > epoch] for epoch in range(epochs)]
    low, median, high = zip(*(np.quantile(column, _QUANTILES).tolist() for column in columns), strict=True)
    return Band(low=_rounded(low), median=_rounded(median), high=_rounded(high))


def _rounded(numbers: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(f"{number:.5g}") for number in numbers)
