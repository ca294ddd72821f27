"""What a topic's test measures of a model, asked of many models of one graph at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark import data
from fairmark.calibrate.replay.explanation import measured_model
from fairmark.calibrate.replay.recipe import NotReplayable
from fairmark.calibrate.replay.weights import SeedWeights
from fairmark.checks.canonical import architecture
from fairmark.checks.examination import Examination, Measurement, examination
from fairmark.checks.predictions import BATCH
from fairmark.evidence.restore import Restorer
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.names import Names
from fairmark.examine.testfile import EvidenceTestFile
from fairmark.plan import Plan


@dataclass(frozen=True)
class Measuring:
    """One model of a rerun, and the metrics behind the thresholds that its question asks for."""

    model: Any
    metrics: dict[str, Measurement]
    """By threshold."""

    def of(self, trained: Iterable[SeedWeights]) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield each seed with what its weights are worth, by threshold; outputs are those of ``predict``."""
        outputs = {id(metric.x): _outputs(self.model, metric.x) for metric in self.metrics.values()}
        for seed in trained:
            self.model.set_weights(seed.weights)
            found = {place: compute() for place, compute in outputs.items()}
            yield seed.seed, {name: float(m.of(found[id(m.x)], m.y)) for name, m in self.metrics.items()}


def measuring(grader: Path, store: EvidenceStore, key: str, question: str, model: str) -> Measuring:
    """Examine ``question`` on the evidence ``key`` once, and keep the metrics that met its thresholds.

    Raises NotReplayable where a threshold is met by something else than one metric of fairmark's of this model.
    """
    names, restorer = _restored(grader, store, key, question)
    fingerprint, kept = store.manifest(key).data, store.folder.parent / "predictions"
    context = Examination({}, fingerprint, kept, restorer.digests, calibrating=True)
    with examination(context):
        EvidenceTestFile.from_file(str(grader / "tests" / f"{question}.py")).examine(names)
        subject = names.get(model)
    metrics = {}
    for use in context.uses:
        same = [metric for metric in context.measurements if metric.value == use.measured]
        if not same:
            raise NotReplayable(f"what {question} measures against {use.name!r} is no single metric of `{model}`")
        metrics[use.name] = same[-1]
    found = Measuring(subject, metrics)
    _prove(found, key)
    return found


def same_function(grader: Path, store: EvidenceStore, one: str, other: str, question: str) -> bool:
    """Do the models that ``question`` measures have one canonical form in two pieces of evidence?"""
    models = []
    for key in (one, other):
        names, _ = _restored(grader, store, key, question)
        models.append(names.get(measured_model(store.manifest(key), question)))
    return architecture(models[0]) == architecture(models[1])


def _restored(grader: Path, store: EvidenceStore, key: str, question: str) -> tuple[Names, Restorer]:
    restorer = Restorer(store.blobs(key), lambda name: data.references(name.split("/")[0])[name], digests={})
    plan = Plan.read(grader / "plan.json").questions[question]
    return Names(question, plan, store.manifest(key), restorer), restorer


def _prove(found: Measuring, key: str) -> None:
    """Measure the rerun's own model in the same way; another model may have been what its test measured."""
    weights = SeedWeights(0, tuple(np.asarray(weight) for weight in found.model.get_weights()))
    ((_, values),) = found.of([weights])
    for name, metric in found.metrics.items():
        if values[name] != metric.value:
            raise NotReplayable(
                f"the threshold {name!r} was met by {metric.value:g} in evidence {key}, and here it is {values[name]:g}"
            )


def _outputs(model: Any, x: NDArray[Any]) -> Any:
    """Return a function that computes the model's outputs for ``x`` with the weights it has then."""
    import tensorflow as tf

    batches = [tf.constant(x[start : start + BATCH], dtype=model.inputs[0].dtype) for start in range(0, len(x), BATCH)]
    forward = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    return lambda: np.concatenate([forward(batch).numpy() for batch in batches])
