"""From samples to bars."""

from collections.abc import Sequence
from dataclasses import replace

from fairmark.calibrate.bound import Promise, bound, rank, seeds_needed
from fairmark.calibrate.found import Agreement, BarFound, Effort, Sample
from fairmark.examine.verdict import Direction


def draw(
    name: str,
    direction: Direction,
    of: int | None,
    samples: Sequence[Sample],
    promise: Promise,
    single_alpha: float,
    agreements: Sequence[Agreement] = (),
    efforts: Sequence[Effort] = (),
) -> BarFound | None:
    """Return the bar that ``samples`` justify, None if one of a correct solution has too few seeds.

    Reference and alternatives make the bar; misconceptions only say what it can do. The bar for a single run rests on
    those that have seeds enough for it.
    """
    correct = [sample.values for sample in samples if sample.kind != "misconception" and sample.in_bar]
    bar = bound(correct, promise, direction)
    if bar is None:
        return None
    single = Promise(single_alpha, promise.confidence, runs=1)
    return BarFound(
        name=name,
        direction=direction,
        any_of_m=bar,
        single=bound([values for values in correct if len(values) >= seeds_needed(single, 0)], single, direction),
        promise=promise,
        single_alpha=single_alpha,
        samples=tuple(_placed(sample, promise, len(correct) - 1, direction) for sample in samples),
        agreements=tuple(agreements),
        efforts=tuple(efforts),
        of=of,
    )


def _placed(sample: Sample, promise: Promise, variants: int, direction: Direction) -> Sample:
    if sample.kind == "misconception" or not sample.in_bar:
        return sample
    position = rank(len(sample.values), promise, variants)
    ordered = sorted(sample.values, reverse=direction == "at_most")
    return replace(sample, rank=position, bound=ordered[position - 1])
