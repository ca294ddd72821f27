"""A model's outputs and what they are worth, computed from its weights by fairmark itself."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.examination import Measurement, current, note_measurement
from fairmark.checks.subject import asked_model
from fairmark.constants import remembered
from fairmark.evidence.blobs import BadBlob, array_from_npy, digest_of, npy_bytes
from fairmark.evidence.models import architecture_of, graph_of
from fairmark.evidence.records import NotExamined, UnrebuiltModel

BATCH = 512

_name_of = remembered(4)(digest_of)


def predictions(model: Any, x: NDArray[Any]) -> NDArray[Any]:
    """Return the model's outputs for ``x`` (n, …) as an array (n, …).

    They follow from graph and weights, never from a method the student could override, and are kept by
    (model, data). A model without a graph has only the predictions it made in the sandbox; raises
    NotExamined if these are on other inputs, and AssertionError for what is no model or was never built.
    """
    asked_model(model)
    key = _name_of(x)
    if isinstance(model, UnrebuiltModel):
        if key not in model.predictions:
            raise NotExamined(f"the model can't be rebuilt ({model.reason}) and was not asked about these inputs")
        model.claims.append("predictions")
        return model.predictions[key]
    context = current()
    if context is None or id(model) not in context.digests:
        return _computed(model, x)
    digest = context.digests[id(model)].digest
    path = context.predictions / f"{digest[:32]}-{key[:32]}.npy"
    try:
        return array_from_npy(path.read_bytes())
    except (FileNotFoundError, BadBlob):
        outputs = _computed(model, x)
        _keep(path, outputs)
        return outputs


def correct_predictions(model: Any, x: NDArray[Any], y: NDArray[Any]) -> int:
    """Count the rows of ``x`` whose class (output above 0.5) is the one in ``y`` (n,) of 0 and 1.

    Outputs that are logits are not asked here: see ``accuracy``. Raises AssertionError when the model does not
    give one probability a row.
    """
    targets = np.asarray(y)
    value = _correct(predictions(model, x), targets)
    note_measurement(Measurement(value, x, targets, _correct))
    return value


def _correct(outputs: NDArray[Any], y: NDArray[Any]) -> int:
    assert outputs.shape in ((len(y), 1), (len(y),)), f"found outputs of shape {outputs.shape}, one a row is asked"
    return int(np.sum((outputs.reshape(-1) > 0.5) == (y.reshape(-1) > 0.5)))


def _computed(model: Any, x: NDArray[Any]) -> NDArray[Any]:
    import keras
    import tensorflow as tf

    assert model.built, "the model was never built: it was not trained"
    # A live model with a `call` of its own is asked itself, as the sandbox does; no other has its methods called.
    asked = model if architecture_of(model)[0] is None else graph_of(model)
    try:
        # What `predict` gives to the last bit, without its pipeline, which costs more than a small model's work.
        batches = [asked.predict_on_batch(x[first : first + BATCH]) for first in range(0, len(x), BATCH)]
        return np.asarray(keras.tree.map_structure(lambda *parts: np.concatenate(parts), *batches))
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        raise AssertionError(f"the model can't take inputs of the shape {np.shape(x)}") from error


def _keep(path: Path, outputs: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid4().hex[:8]}.part")
    part.write_bytes(npy_bytes(outputs))
    part.replace(path)
