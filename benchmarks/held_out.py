"""Fresh seeds of right answers through grade's rule, against the committed bars: how many are failed by bad luck?

python -m benchmarks.held_out TOPIC … , after `fairmark calibrate` has run here (its reruns are the recipes). Takes 300
replayed seeds a notebook that no calibration saw; one that misses the bar gets two more, as a submission does.
"""

import sys
from pathlib import Path

from fairmark import data
from fairmark.calibrate.calibration import calibration_folder
from fairmark.calibrate.replays import Replays
from fairmark.calibrate.reruns import FIRST_SEED, reruns
from fairmark.calibrate.training import VARIANT_RERUNS
from fairmark.course import Course, read_course
from fairmark.jobs import default_jobs
from fairmark.thresholds import RUNS, Bar, read_thresholds
from fairmark.verify.specimen import specimens

SEEDS = 300
FRESH = 2_000_001


def held_out(course: Course, topic: str) -> None:
    """Print a line for each right answer of ``topic`` on the data at hand."""
    grader, out, name = course.graders(topic), calibration_folder(course, topic), course.topic(topic).data
    jobs = default_jobs(course.topic(topic).memory_gb)
    replays = Replays(grader, out / "replay", out / "arrays", jobs, "cpu")
    bars = {name: found[data.fingerprint(course.topic(topic).data)] for name, found in read_thresholds(grader).items()}
    with reruns(course, topic, out, jobs, None, record_fits=out / "arrays") as running:
        for specimen in specimens(course, topic):
            samples = [bar.samples.get(specimen.name) for bar in bars.values()]
            if specimen.kind not in ("reference", "alternative") or not any(samples):
                continue
            count = course.calibration.reruns if specimen.kind == "reference" else VARIANT_RERUNS
            trials = running.of(specimen, range(FIRST_SEED, FIRST_SEED + count), lambda *_: None)
            keys = [trial.key for trial in trials]

            def values(seeds: range, specimen: str = specimen.name, keys: list[str] = keys) -> dict[str, list[float]]:
                found = replays.of(specimen, running.store, keys, seeds, lambda _: None)
                return {threshold: list(measured) for threshold, measured in found.items()}

            for threshold, bar in bars.items():
                missed = sum(not met(bar, value) for value in values(range(FRESH, FRESH + SEEDS))[threshold])
                again = values(range(FRESH + SEEDS, FRESH + SEEDS + missed * (RUNS - 1)))[threshold] if missed else []
                tries = [again[i : i + RUNS - 1] for i in range(0, len(again), RUNS - 1)]
                failed = sum(not any(met(bar, value) for value in values) for values in tries)
                where = f"{data.fingerprint(name)}  {threshold}"
                print(f"{where}  {specimen.name:28} {SEEDS:5} {missed:12} {failed:12}", flush=True)


def met(bar: Bar, value: float) -> bool:
    """Does ``value`` meet the bar for any of several runs?"""
    return value >= bar.any_of_m if bar.direction == "at_least" else value <= bar.any_of_m


if __name__ == "__main__":
    print("data and threshold, right answer, seeds, first run missed, all runs missed")
    for argument in sys.argv[1:]:
        held_out(read_course(Path.cwd()), argument)
