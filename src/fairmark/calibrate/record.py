"""What a calibration leaves in ``graders/<topic>``: bars, every seed's values, learning curves, a page to read."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from fairmark.calibrate.bands import FOLDER, write_bands
from fairmark.calibrate.found import BarFound, CalibrationFound, Sample
from fairmark.calibrate.judgement import power_of
from fairmark.calibrate.names import threshold_tests
from fairmark.calibrate.page import calibration_page
from fairmark.calibrate.seeds_table import SeedValue, read_seeds, write_seeds
from fairmark.collect.collector import VERSION
from fairmark.collect.run import checks_after, runs
from fairmark.plan import Plan
from fairmark.report.files import write_atomically
from fairmark.thresholds import FILE, Bar, SampleRecord, read_thresholds, write_thresholds


def reference_digest(grader: Path) -> str:
    """Hash what decides the reference's evidence on any machine."""
    return evidence_digest(grader, nbformat.read(grader / "reference.ipynb", as_version=4))


def evidence_digest(grader: Path, notebook: Any) -> str:
    """Hash what decides a notebook's evidence on any machine: its code, the topic's capture plan, the collector."""
    cells = [[cell.source, checks_after(cell)] for cell in notebook.cells if runs(cell)]
    ingredients = [VERSION, cells, Plan.read(grader / "plan.json").digest()]
    return hashlib.sha256(json.dumps(ingredients).encode()).hexdigest()


def measures_digest(grader: Path) -> str:
    """Hash what decides what is measured of that evidence: the tests that ask for thresholds."""
    tests = [[test.question, test.source] for test in threshold_tests(grader)]
    return hashlib.sha256(json.dumps(tests).encode()).hexdigest()


def write_record(grader: Path, found: CalibrationFound, environment: Mapping[str, str | int]) -> None:
    """Write bars, values, learning curves and page; what other data sets' calibrations left stays."""
    kept = {name: dict(bars) for name, bars in read_thresholds(grader).items()}
    digests = reference_digest(grader), measures_digest(grader)
    for bar in found.bars:
        kept.setdefault(bar.name, {})[found.data] = _record(bar, found, *digests, environment)
    folder = grader / FOLDER
    folder.mkdir(exist_ok=True)
    rows = [row for bar in found.bars for sample in bar.samples for row in _rows(bar, sample)]
    write_seeds(folder / f"{found.data}.csv", rows)
    write_bands(grader, found.data, found.bands)
    write_atomically(folder / f"{found.data}.html", calibration_page(found))
    write_thresholds(grader, {name: kept[name] for name in kept if any(bar.name == name for bar in found.bars)})


def remove_record(grader: Path) -> None:
    """Remove what was written when a topic still had a threshold."""
    (grader / FILE).unlink(missing_ok=True)
    shutil.rmtree(grader / FOLDER, ignore_errors=True)


def reference_values(grader: Path, fingerprint: str) -> dict[str, tuple[float, ...]]:
    """Return what the reference's seeds measured on the data ``fingerprint``, by threshold; nothing if it never ran."""
    path = grader / FOLDER / f"{fingerprint}.csv"
    found: dict[str, list[float]] = {}
    for row in read_seeds(path) if path.is_file() else ():
        if row.kind == "reference":
            found.setdefault(row.threshold, []).append(row.value)
    return {name: tuple(values) for name, values in found.items()}


def _rows(bar: BarFound, sample: Sample) -> list[SeedValue]:
    return [
        SeedValue(bar.name, sample.name, sample.kind, sample.engine, seed, value)
        for seed, value in enumerate(sample.values, start=1)
    ]


def _record(
    bar: BarFound, found: CalibrationFound, reference: str, measures: str, environment: Mapping[str, str | int]
) -> Bar:
    samples = {sample.name: _sample(bar, sample) for sample in bar.samples}
    identity = json.dumps([[sample.values for sample in bar.samples], reference, dict(environment)], sort_keys=True)
    return Bar(
        direction=bar.direction,
        any_of_m=bar.any_of_m,
        single=bar.single,
        of=bar.of,
        alpha=bar.promise.alpha,
        confidence=bar.promise.confidence,
        runs=bar.promise.runs,
        single_alpha=bar.single_alpha,
        calibration=hashlib.sha256(identity.encode()).hexdigest()[:12],
        seeds=len(bar.reference.values),
        engine=bar.reference.engine,
        device=found.device,
        date=found.date,
        reference=reference,
        measures=measures,
        environment=environment,
        samples=samples,
    )


def _sample(bar: BarFound, sample: Sample) -> SampleRecord:
    missed = power_of(bar, sample)
    confidence = bar.promise.confidence
    fails = missed.guaranteed(confidence) if sample.kind == "misconception" else missed.at_most(confidence)
    return SampleRecord(
        kind=sample.kind,
        engine=sample.engine,
        seeds=len(sample.values),
        bound=sample.bound,
        missed=round(missed.share, 6),
        fails=float(f"{fails:.3g}"),
        must_fail=sample.must_fail,
    )
