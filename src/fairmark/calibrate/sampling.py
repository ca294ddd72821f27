"""From notebooks to samples: which of them are trained, under how many seeds, by which engine."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fairmark.calibrate.bound import Promise, bound, seeds_needed
from fairmark.calibrate.found import Comparison, Engine, Sample
from fairmark.calibrate.judgement import refuse_divergence, seeds_to_guarantee
from fairmark.calibrate.replay.recipe import NotReplayable
from fairmark.calibrate.replays import Replays, compared, drawn_epochs
from fairmark.calibrate.reruns import FIRST_SEED, Reruns, Trial
from fairmark.course import CourseError
from fairmark.examine.verdict import ThresholdUse
from fairmark.verify.specimen import Specimen

VARIANT_RERUNS = 5
"""Reruns of a variant that is replayed: they show the epochs it takes, and whether replay is far off."""

Progress = Callable[[int, int, str], None]
"""Called with seeds done, seeds in all so far, and a line on the last one."""


@dataclass(frozen=True)
class Budget:
    """How many seeds are trained."""

    reruns: int
    """Of the reference, through its notebook."""
    replays: int
    """Of each notebook that is replayed."""
    promise: Promise


@dataclass
class Sampling:
    """Trains a topic's notebooks for the thresholds ``names``; what it found is in its fields."""

    running: Reruns
    replays: Replays | None
    """None: every seed is a run of the notebook."""
    budget: Budget
    names: Sequence[str]
    progress: Progress
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    comparisons: dict[str, list[Comparison]] = field(default_factory=dict)
    uses: dict[str, ThresholdUse] = field(default_factory=dict)
    """One use of each threshold by the reference: its direction, and the number behind counts."""
    notes: list[str] = field(default_factory=list)
    epochs: dict[str, Sequence[int]] = field(default_factory=dict)
    """Those of the reruns of each notebook that chooses them, from which its replayed seeds draw."""
    reference: Sequence[Trial] = ()
    """Its reruns."""
    _seen: dict[int, Trial] = field(default_factory=dict)
    """Reruns of the reference, by seed."""
    _done: int = 0
    _planned: int = 0

    @property
    def replayed_with(self) -> dict[str, str | int]:
        """What a record says of replay; nothing if every seed was a run of the notebook."""
        replayed = any(sample.engine == "replay" for samples in self.samples.values() for sample in samples)
        return self.replays.versions if self.replays and replayed else {}

    def train(self, tries: Sequence[Specimen]) -> None:
        """Train the reference, the other right answers that train otherwise, and the mistakes a bar must catch."""
        reference = next(one for one in tries if one.kind == "reference")
        alternatives = [one for one in tries if one.kind == "alternative"]
        mistakes = [one for one in tries if one.misconception and one.misconception.threshold]
        self._refuse_unknown(mistakes)
        trials = self._rerun([reference], self.budget.reruns)
        self.reference, self.uses = trials, dict(trials[0].uses)
        if missing := [name for name in self.names if name not in self.uses]:
            raise CourseError(f"no test of the reference asks for the threshold {missing[0]!r}: mend its test")
        variants = [one for one in alternatives if not self._alike(one)]
        for specimen in (reference, *variants, *mistakes):
            self._sample(specimen, len(variants))
        if self.epochs:
            self.notes.append(drawn_epochs(self.epochs))

    def _refuse_unknown(self, mistakes: Sequence[Specimen]) -> None:
        for one in mistakes:
            asked = one.misconception.threshold if one.misconception else None
            if asked not in self.names:
                raise CourseError(
                    f"the misconception {one.name!r} is to be caught by the threshold {asked!r}, for which no test "
                    f"asks: name one of {', '.join(self.names)}"
                )

    def _alike(self, other: Specimen) -> bool:
        """Does an alternative train as the reference does? Under equal seeds an equal training measures the very same.

        Another order of random draws may be all the difference; a recording of both trainings tells.
        """
        found = self._rerun([other], min(VARIANT_RERUNS, len(self.reference)))
        if all(values_of([one], name) == values_of([two], name)
               for one, two in zip(found, self.reference, strict=False) for name in self.names):  # fmt: skip
            self.notes.append(f"{other.name} trains as the reference does: the very same in {len(found)} reruns")
            return True
        keys, others = [trial.key for trial in self.reference], [trial.key for trial in found]
        if self.replays is None or not self.replays.alike(self.running.store, keys, others):
            return False
        self.notes.append(f"{other.name} trains as the reference does, but for the order of random draws")
        return True

    def _sample(self, specimen: Specimen, variants: int) -> None:
        if self.replays is not None:
            try:
                self._replayed(specimen, self.replays)
                return
            except NotReplayable as reason:
                if specimen.kind == "alternative" and self._like_the_reference(specimen, reason):
                    return
                self.notes.append(f"{specimen.name} was rerun, not replayed: {reason}")
        needed = seeds_needed(self.budget.promise, variants)
        if specimen.kind == "reference":
            needed = max(needed, self.budget.reruns)
        if specimen.kind == "misconception":
            needed = max(needed, seeds_to_guarantee(self.budget.promise.runs, self.budget.promise.confidence))
        trials = self._rerun([specimen], needed)
        for name in self._measured_by(specimen):
            self._keep(specimen, name, "rerun", values_of(trials, name))

    def _like_the_reference(self, specimen: Specimen, reason: NotReplayable) -> bool:
        """Do a few reruns of an alternative agree with the reference? Then there is no need to rerun it many times."""
        trials = self._rerun([specimen], VARIANT_RERUNS)
        values = {name: values_of(trials, name) for name in self.names}
        found = [compared(specimen.name, values[name], self.samples[name][0].values) for name in self.names]
        if not all(comparison.agrees for comparison in found):
            return False
        for name in self.names:
            sample = Sample(specimen.name, "alternative", "rerun", values[name], in_bar=False)
            self.samples[name].append(sample)
        p = min(min(comparison.welch_p, comparison.mann_whitney_p) for comparison in found)
        self.notes.append(
            f"{specimen.name} has no part in the bar: it can't be replayed ({reason}), and {len(trials)} reruns of it "
            f"are like the reference's (p = {p:.2g})"
        )
        return True

    def _replayed(self, specimen: Specimen, replays: Replays) -> None:
        trials = self._rerun([specimen], self.budget.reruns if specimen.kind == "reference" else VARIANT_RERUNS)
        count, began, trained = self.budget.replays, time.monotonic(), 0

        def done(seeds: int) -> None:
            nonlocal trained
            self._planned += 0 if trained else count
            self._done, trained = self._done + seeds, trained + seeds
            rate = trained / (time.monotonic() - began)
            self.progress(self._done, self._planned, f"{specimen.name}: {trained} replayed, {rate:.1f} a second")

        seeds = range(FIRST_SEED, FIRST_SEED + count)
        found = replays.of(specimen.name, self.running.store, [trial.key for trial in trials], seeds, done)
        if found.epochs:
            self.epochs[specimen.name] = found.epochs
        for name in self._measured_by(specimen):
            refuse_divergence(name, specimen.kind, specimen.name, found.values[name])
            comparison = compared(specimen.name, values_of(trials, name), found.values[name])
            self.comparisons.setdefault(name, []).append(comparison)
            if not comparison.agrees:
                raise NotReplayable(
                    f"replays of it do not agree with its reruns (Welch p = {comparison.welch_p:.2g}, "
                    f"Mann-Whitney p = {comparison.mann_whitney_p:.2g})"
                )
        for name in self._measured_by(specimen):
            self._keep(specimen, name, "replay", found.values[name])

    def _measured_by(self, specimen: Specimen) -> Sequence[str]:
        if specimen.misconception is None:
            return self.names
        return [name for name in self.names if name == specimen.misconception.threshold]

    def _rerun(self, specimens: Sequence[Specimen], count: int) -> list[Trial]:
        """Run each of ``specimens`` under the first ``count`` seeds."""
        tries = [(one, seed) for one in specimens for seed in range(FIRST_SEED, FIRST_SEED + count)]
        self._planned += len(tries)
        began, ran = time.monotonic(), 0

        def done(specimen: Specimen, trial: Trial) -> None:
            nonlocal ran
            self._done, ran = self._done + 1, ran + 1
            said = ", ".join(f"{name} {use.measured:g}" for name, use in trial.uses.items())
            if specimen.kind == "reference":
                said += self._bar_so_far(trial)
            rate = ran / (time.monotonic() - began)
            self.progress(
                self._done, self._planned, f"{specimen.name}, seed {trial.seed}: {said}; {rate:.2f} seeds a second"
            )

        return self.running.run(tries, done)

    def _bar_so_far(self, trial: Trial) -> str:
        self._seen[trial.seed] = trial
        bars = {
            name: bound([values_of(list(self._seen.values()), name)], self.budget.promise, use.direction)
            for name, use in trial.uses.items()
        }
        return "".join(f"; {name} bar so far {bar:g}" for name, bar in bars.items() if bar is not None)

    def _keep(self, specimen: Specimen, name: str, engine: Engine, values: Sequence[float]) -> None:
        assert specimen.kind != "blank"
        refuse_divergence(name, specimen.kind, specimen.name, values)
        must_fail = specimen.misconception is not None
        sample = Sample(specimen.name, specimen.kind, engine, tuple(values), must_fail=must_fail)
        self.samples.setdefault(name, []).append(sample)


def values_of(trials: Sequence[Trial], name: str) -> tuple[float, ...]:
    """Return what each run measured against the threshold ``name``; NaN where a mistake never came so far."""
    return tuple(trial.uses[name].measured if name in trial.uses else math.nan for trial in trials)
