"""``thresholds.toml``: the calibrated bars of a topic, by name and data fingerprint."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, ValidationError

from fairmark.course import CourseError

FILE = "thresholds.toml"

RUNS = 3
"""Runs at most: a correct solution fails only if every one of them misses a threshold."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleRecord(_Record):
    """What one notebook's seeds say of a bar; the values are in ``calibration/``."""

    kind: Literal["reference", "alternative", "misconception"]
    engine: Literal["rerun", "replay"]
    seeds: int
    bound: float | None = None
    """Its own r-th worst value, of which the worst over all correct solutions is the bar."""
    missed: float
    """Share of its seeds that miss the bar in one run."""
    fails: float
    """Chance to miss it in every run: at least this for a misconception, at most this for a correct solution."""
    must_fail: bool = False


class Bar(_Record):
    """One bar, with the calibration that produced it."""

    direction: Literal["at_least", "at_most"]
    any_of_m: float
    """For `fairmark grade`, which owns the seed: a correct solution misses it in all ``runs`` with chance ``alpha``."""
    single: float | None = None
    """For places that run once (plain otter, Gradescope); none where the seeds were too few to promise one."""
    of: int | None = None
    """Number of predictions, where the values count correct ones."""
    alpha: float
    confidence: float
    runs: int
    single_alpha: float
    calibration: str
    """Id of the calibration: a hash of its values and of what it ran on."""
    seeds: int
    """Seeds of the reference behind the bar."""
    engine: Literal["rerun", "replay"]
    device: str
    date: str
    reference: str
    """sha256 of the reference's code, its capture plan and the collector's version."""
    measures: str = ""
    """sha256 of the tests that ask for bars; empty in a record that is older than this field."""
    environment: Mapping[str, str | int]
    samples: Mapping[str, SampleRecord] = {}


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
