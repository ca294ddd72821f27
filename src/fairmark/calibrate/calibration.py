"""The reference under many seeds: each threshold is the worst value it reached."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from fairmark import data
from fairmark.claim import claimed
from fairmark.collect.remote import collector_on
from fairmark.course import Course, CourseError
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner
from fairmark.examine.process import ExaminerProcess
from fairmark.examine.verdict import ThresholdUse, Verdict
from fairmark.kernel.choice import kernels_for_own_code
from fairmark.plan import Plan
from fairmark.thresholds import Bar, read_thresholds, write_thresholds
from fairmark.window import each

FIRST_SEED = 1
"""`grade` uses seed 0 unless told: no calibrated bar comes from the very run it judges."""


@dataclass(frozen=True)
class Calibrated:
    """One threshold as found."""

    name: str
    bar: Bar


def calibrate(
    course: Course,
    topic: str,
    seeds: int,
    jobs: int,
    progress: Callable[[int, int], None],
    executor: Executor | None = None,
) -> list[Calibrated]:
    """Collect the reference under ``seeds`` seeds and write its thresholds for the data at hand.

    Notebooks run here or, given one, on ``executor``. Evidence is kept in ``build/calibration``, so an interrupted
    calibration goes on where it stopped.
    Raises CourseError if the reference loses a point (then no bar would mean anything), and ClusterError if the
    executor's workers can't do it.
    """
    grader = course.graders(topic)
    reference = nbformat.read(grader / "reference.ipynb", as_version=4)
    fingerprint = data.fingerprint(course.topic(topic).data)
    out = course.root / "build" / "calibration" / topic / fingerprint
    store = EvidenceStore(out / "evidence")
    plan = Plan.read(grader / "plan.json")
    name = course.topic(topic).data
    examiner = Examiner(topic, grader, out, calibrating=True)
    verdicts: dict[int, Verdict] = {}
    with (
        claimed(out),
        kernels_for_own_code(name, course.limits) as kernels,
        ExaminerProcess(examiner, name, sandboxed=kernels.sandboxed) as examine,
    ):
        collector = collector_on(executor, topic, name, plan, course.limits, store, kernels)

        def one(seed: int) -> Verdict:
            key = collector.collect(reference, {}, seed)
            return examine([key], f"seed {seed}", "reference")

        def keep(seed: int, verdict: Verdict) -> None:
            verdicts[seed] = verdict
            progress(len(verdicts), seeds)

        each(one, range(FIRST_SEED, FIRST_SEED + seeds), jobs, keep)
    found = _bars(verdicts, store, grader)
    kept = {name: dict(bars) for name, bars in read_thresholds(grader).items()}
    for calibrated in found:
        kept.setdefault(calibrated.name, {})[fingerprint] = calibrated.bar
    write_thresholds(grader, kept)
    return found


def _bars(verdicts: dict[int, Verdict], store: EvidenceStore, grader: Path) -> list[Calibrated]:
    uses: dict[str, list[ThresholdUse]] = {}
    for seed in sorted(verdicts):
        verdict = verdicts[seed]
        for question in verdict.questions:
            for case in question.cases:
                if case.outcome != "passed":
                    raise CourseError(
                        f"the reference fails {case.name} ({case.test}) under seed {seed}: {case.message}; "
                        "mend the solution or the test, build, and calibrate again"
                    )
                for use in case.thresholds:
                    uses.setdefault(use.name, []).append(use)
    environment = store.manifest(verdicts[min(verdicts)].evidence[0]).environment
    reference = hashlib.sha256((grader / "reference.ipynb").read_bytes()).hexdigest()
    return [Calibrated(name, _bar(measured, reference, environment.model_dump())) for name, measured in uses.items()]


def _bar(measured: list[ThresholdUse], reference: str, environment: dict[str, str | int]) -> Bar:
    """The plainest rule: T is the smallest of n values, or the largest where less is better.

    A further run of the reference is worse than it with probability 1/(n + 1) at most (exchangeability). Raises
    CourseError where the tests use one threshold in both directions.
    """
    directions = {use.direction for use in measured}
    if len(directions) > 1:
        raise CourseError(f"threshold {measured[0].name!r} is used both as one to reach and as one not to exceed")
    values = tuple(use.measured for use in measured)
    worst = min(values) if directions == {"at_least"} else max(values)
    identity = json.dumps([values, reference, environment], sort_keys=True)
    return Bar(
        direction=measured[0].direction,
        any_of_m=worst,
        single=worst,
        of=measured[0].of,
        calibration=hashlib.sha256(identity.encode()).hexdigest()[:12],
        seeds=len(values),
        date=datetime.now(UTC).date().isoformat(),
        reference=reference,
        environment=environment,
        values=values,
    )
