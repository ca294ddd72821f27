"""What a calibration says on the terminal."""

from collections.abc import Sequence
from pathlib import Path

from fairmark.calibrate.found import BarFound, CalibrationFound
from fairmark.calibrate.judgement import power_of
from fairmark.calibrate.upkeep import Drift
from fairmark.thresholds import FILE


def found_said(found: CalibrationFound, grader: Path) -> list[str]:
    """Say which bars were found, what they promise and what they catch."""
    if not found.bars:
        return [f"{found.topic}: no test calls threshold(), so there is nothing to calibrate"]
    lines = [line for bar in found.bars for line in _bar(bar)]
    fails = found.class_size * sum(bar.promise.alpha for bar in found.bars)
    lines.append(f"false fails to expect in a class of {found.class_size}: {fails:.2g} at most")
    lines += list(found.notes)
    where = f"{grader / FILE} and {grader / 'calibration'}, for {found.data}"
    lines.append(f"written to {where}; now run `fairmark build {found.topic}`")
    return lines


def _bar(bar: BarFound) -> list[str]:
    word = "at least" if bar.direction == "at_least" else "at most"
    of = f" of {bar.of} ({bar.any_of_m / bar.of:.4f})" if bar.of else ""
    single = f"{bar.single:g}" if bar.single is not None else "none, for want of seeds"
    lines = [
        f"{bar.name}: {word} {bar.any_of_m:g}{of} in any of {bar.promise.runs} runs; where there is one run: {single}"
    ]
    for sample in bar.samples:
        found = power_of(bar, sample)
        kind = "" if sample.name == sample.kind else f"{sample.kind} "
        lines.append(f"  {kind}{sample.name}: {sample.engine} of {found.seeds} seeds, {found.failed} miss it")
    if not any(sample.must_fail for sample in bar.samples):
        lines.append("  no known mistake is named that it must catch: what it is good for is not shown")
    return lines


def drift_said(found: Sequence[Drift]) -> tuple[list[str], bool]:
    """Say whether fresh seeds agree with the record, and return whether all do."""
    lines = []
    for one in found:
        verdict = "as recorded" if one.comparison.agrees else "not as recorded: calibrate again"
        lines.append(
            f"{one.threshold}: {len(one.comparison.rerun)} fresh seeds are {verdict} "
            f"(Welch p = {one.comparison.welch_p:.2g}, Mann-Whitney p = {one.comparison.mann_whitney_p:.2g})"
        )
    return lines, all(one.comparison.agrees for one in found)
