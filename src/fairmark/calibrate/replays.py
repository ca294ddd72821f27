"""Replayed seeds of a topic's notebooks, measured as the topic's own tests do."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from fairmark.calibrate.agreement import agree
from fairmark.calibrate.found import Comparison
from fairmark.calibrate.likeness import trains_alike
from fairmark.calibrate.names import threshold_questions
from fairmark.calibrate.replay.engine import ReplayFailed, replay
from fairmark.calibrate.replay.explanation import measured_model, recipe_of
from fairmark.calibrate.replay.recipe import ENGINE, NotReplayable
from fairmark.calibrate.replay.weights import WeightsFolder
from fairmark.course import CourseError
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import own_source
from fairmark.report.files import write_atomically

Values = dict[int, dict[str, float]]
"""Seed → threshold → what was measured."""


@dataclass(frozen=True)
class Measured:
    """What replayed seeds of a notebook gave."""

    values: Mapping[str, tuple[float, ...]]
    """By threshold, in the order of the seeds."""
    epochs: tuple[int, ...]
    """Those of the reruns, if they differ: replayed seeds draw theirs from these."""


@dataclass(frozen=True)
class Replays:
    """Replays the training of one topic's notebooks from the evidence of their reruns."""

    grader: Path
    folder: Path
    """Where recipes, weights and values are kept."""
    arrays: Path
    """Where the reruns left the arrays that they trained on."""
    processes: int
    device: str

    def of(
        self, name: str, store: EvidenceStore, keys: Sequence[str], seeds: range, done: Callable[[int], None]
    ) -> "Measured":
        """Train ``seeds`` of the notebook ``name`` as its reruns ``keys`` did, and measure each threshold.

        ``done`` is told how many seeds are trained. What was trained or measured before is used. Raises NotReplayable
        where a model is trained or measured in a way that replay can't express.
        """
        found: dict[str, tuple[float, ...]] = {}
        epochs: tuple[int, ...] = ()
        for question, thresholds in threshold_questions(self.grader).items():
            recipe = recipe_of(store, keys, question)
            epochs += recipe.epochs if len(set(recipe.epochs)) > 1 else ()
            place = self.folder / name / question
            recipe.write(place, self.arrays)
            try:
                trained = replay(place, seeds, self.processes, done, self.device)
            except ReplayFailed as error:
                raise CourseError(f"{name} could not be replayed on the {self.device}: {error}") from error
            values = self._measured(place, store, keys[0], question, trained.weights, seeds)
            if any(threshold not in values[seed] for threshold in thresholds for seed in seeds):
                raise NotReplayable("its test fails before it measures")
            for threshold in thresholds:
                found[threshold] = tuple(values[seed][threshold] for seed in seeds)
        return Measured(found, epochs)

    @property
    def versions(self) -> dict[str, str | int]:
        """What a record says of replay: its engine and the version of JAX."""
        return {"replay": ENGINE, "jax": version("jax")}

    def alike(self, store: EvidenceStore, reference: Sequence[str], others: Sequence[str]) -> bool:
        """Is what the thresholds measure trained in ``others`` as in the evidence ``reference``, but for its seed?

        Then both have one distribution. Where epochs vary by seed, a few reruns don't tell whether they vary alike.
        """
        for question in threshold_questions(self.grader):
            try:
                one, two = recipe_of(store, reference, question), recipe_of(store, others, question)
            except NotReplayable:
                return False
            if len({*one.epochs, *two.epochs}) > 1 or not trains_alike(one, two, self.arrays):
                return False
            from fairmark.calibrate.measuring import same_function  # imports TensorFlow

            if not same_function(self.grader, store, reference[0], others[0], question):
                return False
        return True

    def _measured(
        self, place: Path, store: EvidenceStore, key: str, question: str, weights: WeightsFolder, seeds: range
    ) -> Values:
        """Ask the metrics of ``question``'s tests of each seed's model; keep what they say."""
        kept = place / f"measured-{self._way_to_measure(question)}.json"
        values = _read(kept)
        if missing := [seed for seed in seeds if seed not in values]:
            from fairmark.calibrate.measuring import measuring  # imports TensorFlow

            model = measured_model(store.manifest(key), question)
            values.update(measuring(self.grader, store, key, question, model).of(weights.read(missing)))
            write_atomically(kept, json.dumps(dict(sorted(values.items()))))
        return values

    def _way_to_measure(self, question: str) -> str:
        """Hash what a measured value depends on besides the weights' recipe and seed."""
        test = (self.grader / "tests" / f"{question}.py").read_text(encoding="utf8")
        own = Path(__file__).with_name("measuring.py").read_text(encoding="utf8")
        ingredients = [test, own, own_source(), self.device, version("tensorflow"), version("keras")]
        return hashlib.sha256(json.dumps(ingredients).encode()).hexdigest()[:12]


def compared(sample: str, rerun: Sequence[float], replayed: Sequence[float]) -> Comparison:
    """Say whether replay gave what reruns of the same notebook gave. Raises NotReplayable where one gave no number."""
    if not (any(map(math.isfinite, rerun)) and any(map(math.isfinite, replayed))):
        raise NotReplayable(f"no rerun of {sample} gives a number, or no replay does")
    found = agree(rerun, replayed)
    return Comparison(sample, tuple(rerun), tuple(replayed), found.welch_p, found.mann_whitney_p, found.agrees)


def drawn_epochs(epochs: Mapping[str, Sequence[int]]) -> str:
    """Say what the promise rests on where the seeds of notebooks draw their ``epochs`` (by name) from few reruns."""
    listed = ", ".join(
        f"{name} ({min(drawn)} to {max(drawn)} in {len(drawn)} reruns)" for name, drawn in epochs.items()
    )
    return (
        f"these choose their epochs, and each replayed seed draws those of one of their reruns: {listed}; "
        "a choice too rare to be among so few is in no promise"
    )


def _read(path: Path) -> Values:
    found = json.loads(path.read_text(encoding="utf8")) if path.is_file() else {}
    return {int(seed): measured for seed, measured in found.items()}
