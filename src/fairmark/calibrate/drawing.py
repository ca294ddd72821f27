"""From samples to bars."""

from collections.abc import Sequence
from dataclasses import replace

from fairmark.calibrate.bound import Promise, bound, rank
from fairmark.calibrate.found import BarFound, Comparison, Sample
from fairmark.examine.verdict import Direction


def draw(
    name: str,
    direction: Direction,
    of: int | None,
    samples: Sequence[Sample],
    promise: Promise,
    single_alpha: float,
    comparisons: Sequence[Comparison] = (),
) -> BarFound | None:
    """Return the bar that ``samples`` justify, None if one of a correct solution has too few seeds.

    Reference and alternatives make the bar; misconceptions only say what it can do. There is a bar for a single run
    only where each of them has seeds enough for it.
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
        single=bound(correct, single, direction),
        promise=promise,
        single_alpha=single_alpha,
        samples=tuple(_placed(sample, promise, len(correct) - 1, direction) for sample in samples),
        comparisons=tuple(comparisons),
        of=of,
    )


def _placed(sample: Sample, promise: Promise, variants: int, direction: Direction) -> Sample:
    if sample.kind == "misconception" or not sample.in_bar:
        return sample
    position = rank(len(sample.values), promise, variants)
    ordered = sorted(sample.values, reverse=direction == "at_most")
    return replace(sample, rank=position, bound=ordered[position - 1])
