"""Whether a record still holds: against what is installed and built now, and against fresh seeds."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.metadata import version

from fairmark import data
from fairmark.build.variants import read_misconceptions
from fairmark.calibrate.bound import Promise
from fairmark.calibrate.calibration import calibration_folder, promise_of, single_alpha_of
from fairmark.calibrate.found import Comparison
from fairmark.calibrate.names import threshold_names
from fairmark.calibrate.record import measures_digest, reference_digest, reference_values
from fairmark.calibrate.replay.recipe import ENGINE
from fairmark.calibrate.replays import compared
from fairmark.calibrate.reruns import Trial, reruns
from fairmark.calibrate.sampling import Progress, values_of
from fairmark.course import Course, CourseError
from fairmark.thresholds import Bar, read_thresholds
from fairmark.verify.specimen import Specimen, specimens

DRIFT_SEEDS = 30
FIRST_DRIFT_SEED = 1_000_001
"""No calibration goes so far: these seeds are fresh."""

_UNNAMED_ENGINE = 2
"""What replayed the seeds of records that do not name it."""

_VERSIONED = ("keras", "tensorflow", "numpy")


def outdated(course: Course, topic: str) -> list[str]:
    """Return what no longer matches a topic's record, a sentence each; none if it holds.

    Versions may differ in their last part. Data of which neither files nor twin are at hand is not looked at.
    """
    grader = course.graders(topic)
    used, recorded = threshold_names(grader), read_thresholds(grader)
    here = data.fingerprint(course.topic(topic).data)
    problems = [f"{topic}: the threshold {name!r} was never calibrated" for name in used if name not in recorded]
    problems += [f"{topic}: no test asks for the threshold {name!r}" for name in recorded if name not in used]
    digests = reference_digest(grader), measures_digest(grader)
    mistakes = read_misconceptions(course.solutions(topic))
    for name in (name for name in used if name in recorded):
        if not any(_same_source(fingerprint, here) for fingerprint in recorded[name]):
            problems.append(f"{topic}: the threshold {name!r} was never calibrated on {here}")
        for fingerprint, bar in recorded[name].items():
            where = f"{topic}: the threshold {name!r} on {fingerprint}"
            if _same_source(fingerprint, here) and fingerprint != here:
                problems.append(f"{where}: the data is {here} now")
            asked = promise_of(course, len(used)), single_alpha_of(course, len(used))
            problems += [f"{where}: {what}" for what in _differences(bar, *digests, *asked)]
            problems += [
                f"{where}: the mistake {mistake.name!r}, which it must catch, was never tried on it"
                for mistake in mistakes
                if mistake.threshold == name and mistake.name not in bar.samples
            ]
    return [f"{problem}: run `fairmark calibrate {topic}`" for problem in problems]


def _differences(bar: Bar, reference: str, measures: str, promise: Promise, single_alpha: float) -> Iterable[str]:
    if bar.reference != reference:
        yield "the reference, its probes or the collector changed since"
    if bar.measures and bar.measures != measures:
        yield "the test that asks for it measures something else today"
    if bar.runs != promise.runs:
        yield f"it is for {bar.runs} runs, and a submission has {promise.runs}"
    if (bar.alpha, bar.confidence) != (promise.alpha, promise.confidence):
        now = f"{promise.alpha:g} at {promise.confidence:g}"
        yield f"it promises {bar.alpha:g} at a confidence of {bar.confidence:g}, and course.toml asks for {now}"
    if bar.single_alpha != single_alpha:
        yield f"for one run it promises {bar.single_alpha:g}, and course.toml asks for {single_alpha:g}"
    replayed = any(sample.engine == "replay" for sample in bar.samples.values())
    if replayed and bar.environment.get("replay", _UNNAMED_ENGINE) != ENGINE:
        yield "seeds are replayed in another way today"
    for package in _VERSIONED:
        then, now = str(bar.environment.get(package)), version(package)
        if _minor(then) != _minor(now):
            yield f"it was found with {package} {then}, and here is {now}"


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _same_source(one: str, other: str) -> bool:
    """Are both fingerprints of the same data set and source ("imdb-twin-…")?"""
    return one.split("-")[:2] == other.split("-")[:2]


@dataclass(frozen=True)
class Drift:
    """Fresh seeds of the reference against those of the record."""

    threshold: str
    comparison: Comparison


def drift(course: Course, topic: str, jobs: int, progress: Progress, executor: Executor | None = None) -> list[Drift]:
    """Train the reference under 30 fresh seeds and compare what they measure with the record.

    Nothing is trained for a topic without a threshold.
    Raises CourseError if the topic was not calibrated on the data at hand.
    """
    grader, fingerprint = course.graders(topic), data.fingerprint(course.topic(topic).data)
    (reference,) = (one for one in specimens(course, topic) if one.kind == "reference")
    names, stored = threshold_names(grader), reference_values(grader, fingerprint)
    if not names:
        return []
    if set(names) != set(stored):
        raise CourseError(
            f"{topic}, with the thresholds {', '.join(names)}, was not calibrated on {fingerprint}: "
            f"run `fairmark calibrate {topic}`"
        )
    done: list[int] = []

    def tell(_: Specimen, trial: Trial) -> None:
        done.append(trial.seed)
        progress(len(done), DRIFT_SEEDS, f"seed {trial.seed}")

    out = calibration_folder(course, topic)
    with reruns(course, topic, out, jobs, executor, record_fits=None) as running:
        seeds: Sequence[int] = range(FIRST_DRIFT_SEED, FIRST_DRIFT_SEED + DRIFT_SEEDS)
        trials = running.of(reference, seeds, tell)
    return [Drift(name, compared("reference", values_of(trials, name), values)) for name, values in stored.items()]
