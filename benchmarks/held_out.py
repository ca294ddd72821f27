"""Fresh seeds of right answers through grade's rule, against the committed bars: how many are failed by bad luck?

    python -m benchmarks.held_out TOPIC … [--seeds 300] [--reruns 30]

Takes seeds that no calibration saw, replayed, or rerun for what can't be replayed; one that misses the bar gets two
more, as a submission does. What was rerun is kept in benchmarks/held_out_seeds, for 300 seeds of one notebook take
hours: a later call adds to it. Either number may be 0.
"""

import argparse
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fairmark import data
from fairmark.calibrate.calibration import calibration_folder
from fairmark.calibrate.record import evidence_digest, measures_digest
from fairmark.calibrate.replays import Replays
from fairmark.calibrate.reruns import FIRST_SEED, Reruns, reruns
from fairmark.calibrate.sampling import VARIANT_RERUNS, values_of
from fairmark.calibrate.seeds_table import SeedValue, read_seeds, write_seeds
from fairmark.course import Course, read_course
from fairmark.jobs import default_jobs
from fairmark.thresholds import RUNS, Bar, read_thresholds
from fairmark.verify.specimen import Specimen, specimens

FRESH = 2_000_001
RETRIES = 3_000_001
"""First of the seeds for those that missed; more fresh seeds later leave these as they are."""

KEPT = Path(__file__).with_name("held_out_seeds")
GROUP = 20
"""Reruns after which what came out is written down."""

Values = Callable[[range], Mapping[str, Sequence[float]]]
"""What each threshold measures under some seeds."""


def held_out(course: Course, topic: str, replayed: int, rerun: int) -> None:
    """Print a line for each right answer of ``topic`` on the data at hand."""
    grader, out, name = course.graders(topic), calibration_folder(course, topic), course.topic(topic).data
    jobs = default_jobs(course.topic(topic).memory_gb)
    replays = Replays(grader, out / "replay", out / "arrays", jobs, "cpu")
    found = data.fingerprint(name)
    bars = {threshold: of_data[found] for threshold, of_data in read_thresholds(grader).items()}
    with reruns(course, topic, out, jobs, None, record_fits=out / "arrays") as running:
        for specimen in specimens(course, topic):
            samples = [bar.samples[specimen.name] for bar in bars.values() if specimen.name in bar.samples]
            if specimen.kind not in ("reference", "alternative"):
                continue
            if not samples:
                print(f"{found}  {specimen.name:22} trains as the reference does, and has its distribution", flush=True)
                continue
            if samples[0].engine == "rerun":
                seeds, values = rerun, Rerun(specimen, running, kept_in(grader, found, specimen)).values
            else:
                seeds, values = replayed, replayed_values(course, specimen, running, replays)
            for threshold, bar in bars.items() if seeds else ():
                missed, failed = fails(bar, threshold, values, seeds)
                said = f"{seeds:5} {samples[0].engine:7} {missed:12} {failed:12}"
                print(f"{found}  {threshold}  {specimen.name:22} {said}", flush=True)


def replayed_values(course: Course, specimen: Specimen, running: Reruns, replays: Replays) -> Values:
    """Return what replays a right answer under seeds, as its calibration did."""

    def values(seeds: range) -> Mapping[str, Sequence[float]]:
        count = course.calibration.reruns if specimen.kind == "reference" else VARIANT_RERUNS
        trials = running.of(specimen, range(FIRST_SEED, FIRST_SEED + count), lambda *_: None)
        keys = [trial.key for trial in trials]
        return replays.of(specimen.name, running.store, keys, seeds, lambda _: None).values

    return values


def kept_in(grader: Path, found: str, specimen: Specimen) -> Path:
    """Return where the reruns of a right answer are kept: elsewhere once its code, tests or the collector change."""
    digests = evidence_digest(grader, specimen.notebook) + measures_digest(grader)
    return KEPT / f"{found}-{specimen.name}-{hashlib.sha256(digests.encode()).hexdigest()[:12]}.csv"


class Rerun:
    """Reruns a right answer under seeds and keeps what came out in a table."""

    def __init__(self, specimen: Specimen, running: Reruns, path: Path) -> None:
        self._specimen, self._running, self._path = specimen, running, path
        self._rows = read_seeds(path) if path.is_file() else []

    def values(self, seeds: range) -> Mapping[str, Sequence[float]]:
        """Return what each threshold measures under ``seeds``; runs those that are not in the table."""
        done = {row.seed for row in self._rows}
        missing = [seed for seed in seeds if seed not in done]
        for start in range(0, len(missing), GROUP):
            self._run(missing[start : start + GROUP])
        found: dict[str, dict[int, float]] = {}
        for row in self._rows:
            found.setdefault(row.threshold, {})[row.seed] = row.value
        return {threshold: [of_seed[seed] for seed in seeds] for threshold, of_seed in found.items()}

    def _run(self, seeds: Sequence[int]) -> None:
        trials = self._running.of(self._specimen, seeds, lambda *_: None)
        for threshold in trials[0].uses:
            pairs = zip(trials, values_of(trials, threshold), strict=True)
            self._rows += [
                SeedValue(threshold, self._specimen.name, "alternative", "rerun", trial.seed, value)
                for trial, value in pairs
            ]
        write_seeds(self._path, sorted(self._rows, key=lambda row: (row.threshold, row.seed)))


def fails(bar: Bar, threshold: str, values: Values, seeds: int) -> tuple[int, int]:
    """Return how many of fresh ``seeds`` miss the bar in their first run, and how many in all their runs."""
    first = values(range(FRESH, FRESH + seeds))[threshold]
    missed = sum(not met(bar, value) for value in first)
    if not missed:
        return 0, 0
    more = values(range(RETRIES, RETRIES + missed * (RUNS - 1)))[threshold]
    tries = [more[i : i + RUNS - 1] for i in range(0, len(more), RUNS - 1)]
    return missed, sum(not any(met(bar, value) for value in again) for again in tries)


def met(bar: Bar, value: float) -> bool:
    """Does ``value`` meet the bar for any of several runs?"""
    return value >= bar.any_of_m if bar.direction == "at_least" else value <= bar.any_of_m


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count false fails under seeds that no calibration saw.")
    parser.add_argument("topics", nargs="+")
    parser.add_argument("--seeds", type=int, default=300, help="replayed, of each right answer; 0 leaves them out")
    parser.add_argument("--reruns", type=int, default=30, help="of each that can't be replayed; 0 leaves them out")
    given = parser.parse_args()
    print("data and threshold, right answer, seeds, first run missed, all runs missed")
    for topic in given.topics:
        held_out(read_course(Path.cwd()), topic, given.seeds, given.reruns)
