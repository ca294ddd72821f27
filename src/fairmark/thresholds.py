"""``thresholds.toml``: the calibrated bars of a topic, by name and data fingerprint."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, ValidationError

from fairmark.course import CourseError

FILE = "thresholds.toml"


class Bar(BaseModel):
    """One bar, with the calibration that produced it and the values it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: Literal["at_least", "at_most"]
    any_of_m: float
    """For `fairmark grade`, which owns the seed."""
    single: float
    """For places that run once (plain otter, Gradescope)."""
    of: int | None = None
    """Number of predictions, where the values count correct ones."""
    calibration: str
    """Id of the calibration: a hash of its values and of what it ran on."""
    seeds: int
    date: str
    reference: str
    """sha256 of the reference notebook that was trained."""
    environment: Mapping[str, str | int]
    values: tuple[float, ...]
    """What the reference reached under each seed, in the order of the seeds."""


Thresholds = Mapping[str, Mapping[str, Bar]]
"""Threshold name → data fingerprint → bar."""


def read_thresholds(grader: Path) -> Thresholds:
    """Read ``thresholds.toml`` of a grader's folder; an empty table if it was never calibrated."""
    path = grader / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf8"))
        return {name: {data: Bar.model_validate(bar) for data, bar in bars.items()} for name, bars in tables.items()}
    except (tomllib.TOMLDecodeError, ValidationError, AttributeError) as error:
        raise CourseError(f"{path}: not written by calibrate: {error}") from error


def write_thresholds(grader: Path, thresholds: Thresholds) -> None:
    """Write ``thresholds.toml`` in one step."""
    tables = {
        name: {data: bar.model_dump(mode="json", exclude_none=True) for data, bar in sorted(bars.items())}
        for name, bars in sorted(thresholds.items())
    }
    head = "# Written by `fairmark calibrate`; not by hand.\n\n"
    part = grader / f"{FILE}.part"
    part.write_text(head + tomli_w.dumps(tables), encoding="utf8")
    part.replace(grader / FILE)


def single_bars(thresholds: Thresholds) -> dict[str, dict[str, dict[str, object]]]:
    """Return what a place that runs once needs: name → data fingerprint → bar, direction, calibration."""
    return {
        name: {
            data: {"bar": bar.single, "direction": bar.direction, "calibration": bar.calibration}
            for data, bar in bars.items()
        }
        for name, bars in thresholds.items()
    }
