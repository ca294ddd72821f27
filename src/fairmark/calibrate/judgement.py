"""Whether a bar can do its job: it must rest on sound samples, and fail what it is meant to fail."""

import math
from collections.abc import Iterable, Sequence

from fairmark.calibrate.found import SURELY, BarFound, Sample
from fairmark.calibrate.power import Power, power
from fairmark.calibrate.shape import flaw
from fairmark.course import CourseError

ADVICE = (
    "in this order: catch it with a structural check; train for more epochs; measure on a larger test set or as "
    "the mean over the folds; measure the mean of several trainings"
)


class Refused(CourseError):
    """No bar was written: one that can't do its job is worse than none. The message says why and what to do."""

    exit_code = 1


def judge(bars: Iterable[BarFound]) -> None:
    """Raise Refused, with a line for each fault, if a bar does not deserve to be written."""
    problems = [problem for bar in bars for problem in [*_unsound(bar), *_powerless(bar)]]
    if problems:
        raise Refused("\n".join([*problems, "nothing was written"]))


def refuse_divergence(threshold: str, kind: str, name: str, values: Sequence[float]) -> None:
    """Raise Refused if a correct notebook gave what is no number, or a mistake under no seed gave one."""
    diverged = sum(not math.isfinite(value) for value in values)
    if kind == "misconception" and diverged == len(values):
        raise Refused(
            f"threshold {threshold!r}: the misconception {name!r} never gives a number, so no seed of it says what the "
            "bar can do: its test fails before it measures, or every training diverges; leave `threshold=` out of it"
        )
    if kind != "misconception" and diverged:
        what = f"{diverged} of {len(values)} seeds end in NaN or infinity"
        raise Refused(
            f"threshold {threshold!r}: the {kind} {name!r} gives no bar: {what}; {ADVICE}\nnothing was written"
        )


def power_of(bar: BarFound, sample: Sample) -> Power:
    """Return how often ``sample`` misses the bar."""
    return power(sample.values, bar.any_of_m, bar.direction, bar.promise.runs)


def seeds_to_guarantee(runs: int, confidence: float) -> int:
    """Return the fewest seeds, all of them failing, that guarantee a kill in all ``runs`` (Clopper and Pearson)."""
    return math.ceil(runs * math.log(1 - confidence) / math.log(SURELY))


def _unsound(bar: BarFound) -> Iterable[str]:
    for sample in bar.samples:
        if sample.kind != "misconception" and (what := flaw(sample.values)):
            yield f"threshold {bar.name!r}: the {sample.kind} {sample.name!r} gives no bar: {what}; {ADVICE}"


def _powerless(bar: BarFound) -> Iterable[str]:
    confidence, runs = bar.promise.confidence, bar.promise.runs
    for sample in bar.samples:
        found = power_of(bar, sample)
        if not sample.must_fail or found.guaranteed(confidence) >= SURELY:
            continue
        which = f"threshold {bar.name!r}: the misconception {sample.name!r}"
        least = seeds_to_guarantee(runs, confidence)
        if found.failed == found.seeds:
            yield (
                f"{which} fails under all {found.seeds} seeds, and it takes {least} of them to guarantee a share of "
                f"{SURELY:.0%}: give more seeds"
            )
        else:
            yield (
                f"{which} is to be failed by it, and {found.failed} of its {found.seeds} runs do: it would pass in "
                f"one of {runs} runs with a chance of up to {1 - found.guaranteed(confidence):.0%}; {ADVICE}"
            )
