"""Made-up calibrations for the report, without any training."""

from dataclasses import replace

from fairmark.calibrate.bands import Band, Bands
from fairmark.calibrate.bound import Promise, bound, rank
from fairmark.calibrate.found import BarFound, CalibrationFound, Comparison, Kind, Sample
from fairmark.examine.verdict import Direction

PROMISE = Promise(alpha=0.0005, confidence=0.95, runs=3)


def spread(centre: float, step: float, count: int) -> tuple[float, ...]:
    """``count`` values around ``centre``, closer together in the middle, in no order."""
    values = [centre + step * (place - count / 2) * abs(place - count / 2) / count for place in range(count)]
    return tuple(values[place * 7 % count] for place in range(count))


def bar(direction: Direction = "at_least") -> BarFound:
    """A bar over 150 seeds: ``at_least`` counts of 25,000 around 22,000; ``at_most`` errors around 2.5."""
    counts = direction == "at_least"
    worse = -1 if counts else 1

    def values(shift: float, count: int) -> tuple[float, ...]:
        made = spread(22_000 + worse * 100 * shift if counts else 2.5 + 0.1 * shift, 4 if counts else 0.004, count)
        return tuple(float(round(value)) for value in made) if counts else made

    def right(name: str, shift: float) -> Sample:
        found, place = values(shift, 151), rank(151, PROMISE, 1)
        worst = sorted(found, reverse=not counts)[place - 1]
        kind: Kind = "reference" if name == "reference" else "alternative"
        return Sample(name, kind, "replay", found, place, worst)

    samples = (right("reference", 0), right("tf_data", 0.5))
    rerun = values(0.1, 30)
    value = bound([one.values for one in samples], PROMISE, direction)
    assert value is not None
    return BarFound(
        name="test_accuracy" if counts else "test_mae",
        direction=direction,
        any_of_m=value,
        single=value + worse * (200 if counts else 0.2),
        promise=PROMISE,
        single_alpha=0.01,
        samples=(
            *samples,
            Sample("hidden_layers_without_activation", "misconception", "replay", values(-0.5, 200)),
            Sample("one_epoch", "misconception", "replay", values(5, 200), must_fail=True),
            Sample("labels_not_cut", "misconception", "replay", values(90, 200), must_fail=True),
        ),
        comparisons=(Comparison("reference", rerun, samples[0].values, 0.62, 0.0031, False),),
        of=25_000 if counts else None,
    )


def found(*bars: BarFound) -> CalibrationFound:
    """A calibration of ``bars``, or of one."""
    return CalibrationFound(
        topic="binary_classification",
        title="Film reviews",
        data="imdb-twin-68d8001f9a81",
        date="2026-11-21",
        device="CPU (2 cores)",
        versions={"python": "3.11.7", "keras": "3.15.1"},
        class_size=200,
        bars=bars or (bar(),),
        structural=("metric_forgotten",),
        notes=("Replay differs, so rerun was used.",),
    )


def with_sample(base: BarFound, sample: Sample) -> BarFound:
    """``base`` with one sample more."""
    return replace(base, samples=(*base.samples, sample))


def bands(name: str = "history") -> Bands:
    """Learning curves of one training that two questions captured, and of another in a third."""
    down = Band(low=(0.6, 0.3, 0.1), median=(0.65, 0.35, 0.15), high=(0.7, 0.4, 0.2))
    first = {"loss": down, "val_loss": down, "accuracy": down}
    return Bands(runs=30, questions={"q5": {name: first}, "q6": {name: first}, "q9": {name: {"loss": down}}})
