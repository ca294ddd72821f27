"""Fresh seeds of right answers through grade's rule, against the committed bars: how many are failed by bad luck?

    python -m benchmarks.held_out TOPIC … [--seeds 300] [--reruns 30|0]

After `fairmark calibrate` has run here (its reruns are the recipes). Takes seeds that no calibration saw, replayed, or
rerun for what can't be replayed; one that misses the bar gets two more, as a submission does.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fairmark import data
from fairmark.calibrate.calibration import calibration_folder
from fairmark.calibrate.replays import Replays
from fairmark.calibrate.reruns import FIRST_SEED, Reruns, reruns
from fairmark.calibrate.sampling import VARIANT_RERUNS, values_of
from fairmark.course import Course, read_course
from fairmark.jobs import default_jobs
from fairmark.thresholds import RUNS, Bar, SampleRecord, read_thresholds
from fairmark.verify.specimen import Specimen, specimens

FRESH = 2_000_001

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
            values = values_under(course, specimen, samples[0], running, replays)
            seeds = replayed if samples[0].engine == "replay" else rerun
            if not seeds:
                continue
            for threshold, bar in bars.items():
                missed, failed = fails(bar, threshold, values, seeds)
                said = f"{seeds:5} {samples[0].engine:7} {missed:12} {failed:12}"
                print(f"{found}  {threshold}  {specimen.name:22} {said}", flush=True)


def values_under(course: Course, specimen: Specimen, sample: SampleRecord, running: Reruns, replays: Replays) -> Values:
    """Return what trains a right answer under seeds, as its calibration did."""

    def run_again(seeds: range) -> Mapping[str, Sequence[float]]:
        trials = running.of(specimen, seeds, lambda *_: None)
        return {threshold: values_of(trials, threshold) for threshold in trials[0].uses}

    if sample.engine == "rerun":
        return run_again
    count = course.calibration.reruns if specimen.kind == "reference" else VARIANT_RERUNS
    trials = running.of(specimen, range(FIRST_SEED, FIRST_SEED + count), lambda *_: None)
    keys = [trial.key for trial in trials]
    return lambda seeds: replays.of(specimen.name, running.store, keys, seeds, lambda _: None).values


def fails(bar: Bar, threshold: str, values: Values, seeds: int) -> tuple[int, int]:
    """Return how many of fresh ``seeds`` miss the bar in their first run, and how many in all their runs."""
    first = values(range(FRESH, FRESH + seeds))[threshold]
    missed = sum(not met(bar, value) for value in first)
    if not missed:
        return 0, 0
    more = values(range(FRESH + seeds, FRESH + seeds + missed * (RUNS - 1)))[threshold]
    tries = [more[i : i + RUNS - 1] for i in range(0, len(more), RUNS - 1)]
    return missed, sum(not any(met(bar, value) for value in again) for again in tries)


def met(bar: Bar, value: float) -> bool:
    """Does ``value`` meet the bar for any of several runs?"""
    return value >= bar.any_of_m if bar.direction == "at_least" else value <= bar.any_of_m


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count false fails under seeds that no calibration saw.")
    parser.add_argument("topics", nargs="+")
    parser.add_argument("--seeds", type=int, default=300, help="replayed, of each right answer")
    parser.add_argument("--reruns", type=int, default=30, help="of each that can't be replayed; 0 leaves them out")
    given = parser.parse_args()
    print("data and threshold, right answer, seeds, first run missed, all runs missed")
    for topic in given.topics:
        held_out(read_course(Path.cwd()), topic, given.seeds, given.reruns)
