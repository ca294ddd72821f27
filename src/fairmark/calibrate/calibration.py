"""A topic's thresholds: its notebooks under many seeds, the bars they justify, and whether these can do their job."""

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path

from fairmark import data
from fairmark.build.variants import read_misconceptions
from fairmark.calibrate.bands import NO_BANDS, Bands, bands_of
from fairmark.calibrate.bound import Promise, seeds_needed
from fairmark.calibrate.drawing import draw
from fairmark.calibrate.found import BarFound, CalibrationFound, Engine
from fairmark.calibrate.judgement import judge
from fairmark.calibrate.names import threshold_names
from fairmark.calibrate.record import remove_record, write_record
from fairmark.calibrate.replays import Replays
from fairmark.calibrate.reruns import reruns
from fairmark.calibrate.sampling import Budget, Progress, Sampling
from fairmark.claim import claimed
from fairmark.course import Course, CourseError
from fairmark.thresholds import RUNS
from fairmark.verify.specimen import specimens


def calibrate(
    course: Course,
    topic: str,
    jobs: int,
    progress: Progress,
    engine: Engine = "rerun",
    *,
    seeds: int | None = None,
    device: str = "cpu",
    executor: Executor | None = None,
) -> CalibrationFound:
    """Train a topic's notebooks, draw its bars for the data at hand, judge them, and write the record.

    ``seeds`` are those of the chosen ``engine`` (default: course.toml). What was trained stays in
    ``build/calibration``, so an interrupted calibration goes on where it stopped. Notebooks run here or, given one, on
    ``executor``.
    Raises CourseError if the seeds are too few, ClusterError if the executor's workers can't do it, and Refused if a
    correct notebook loses a point, or for a bar that can't do its job; then nothing is written.
    """
    grader, out = course.graders(topic), calibration_folder(course, topic)
    if executor is not None and engine == "replay":
        raise CourseError("a scheduler's workers rerun notebooks: give --engine rerun with --scheduler")
    names = threshold_names(grader)
    if not names:
        remove_record(grader)
        return _found(course, topic, device, {}, ())
    promise = promise_of(course, len(names))
    budget = Budget(
        reruns=seeds if seeds and engine == "rerun" else course.calibration.reruns,
        replays=seeds or course.calibration.seeds,
        promise=promise,
    )
    arrays = out / "arrays" if engine == "replay" else None
    processes = jobs if device == "cpu" else 1
    replays = Replays(grader, out / "replay", arrays, processes, device) if arrays else None
    with (
        claimed(out),
        reruns(course, topic, out, jobs, executor, record_fits=arrays) as running,
    ):
        sampling = Sampling(running, replays, budget, names, progress)
        sampling.train(specimens(course, topic))
        environment = running.environment(sampling.reference[0]) | sampling.replayed_with
        bands = bands_of(running.store.manifest(trial.key) for trial in sampling.reference)
    single_alpha = single_alpha_of(course, len(names))
    bars = tuple(_drawn(name, sampling, promise, single_alpha) for name in names)
    judge(bars)
    found = _found(course, topic, device, environment, bars, tuple(sampling.notes), bands)
    write_record(grader, found, environment)
    return found


def promise_of(course: Course, checks: int) -> Promise:
    """Return what each of a topic's ``checks`` thresholds promises: alpha is a student's for the whole topic."""
    asked = course.calibration
    return Promise(asked.alpha, asked.confidence, RUNS).shared_by(checks)


def single_alpha_of(course: Course, checks: int) -> float:
    """Return the same for places that run once: what is asked of a topic, shared by its ``checks``."""
    return course.calibration.single_alpha / checks


def calibration_folder(course: Course, topic: str) -> Path:
    """Return where a calibration on the data at hand keeps what it trained."""
    return course.root / "build" / "calibration" / topic / data.fingerprint(course.topic(topic).data)


def _drawn(name: str, sampling: Sampling, promise: Promise, single_alpha: float) -> BarFound:
    samples, use = sampling.samples[name], sampling.uses[name]
    comparisons = sampling.comparisons.get(name, ())
    bar = draw(name, use.direction, use.of, samples, promise, single_alpha, comparisons)
    if bar is None:
        correct = [sample for sample in samples if sample.kind != "misconception" and sample.in_bar]
        least, fewest = seeds_needed(promise, len(correct) - 1), min(len(sample.values) for sample in correct)
        raise CourseError(
            f"threshold {name!r}: {fewest} seeds are too few for a bar with {len(correct) - 1} variants: "
            f"give --seeds {least}"
        )
    return bar


def _found(
    course: Course,
    topic: str,
    device: str,
    environment: Mapping[str, str | int],
    bars: tuple[BarFound, ...],
    notes: tuple[str, ...] = (),
    bands: Bands = NO_BANDS,
) -> CalibrationFound:
    mistakes = read_misconceptions(course.solutions(topic))
    return CalibrationFound(
        topic=topic,
        title=course.topic(topic).title,
        data=data.fingerprint(course.topic(topic).data),
        date=datetime.now(UTC).date().isoformat(),
        device=device,
        versions={name: str(value) for name, value in environment.items()},
        class_size=course.calibration.class_size,
        bars=bars,
        structural=tuple(mistake.name for mistake in mistakes if not mistake.threshold and not mistake.survives),
        notes=notes,
        bands=bands,
    )
