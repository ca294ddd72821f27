"""What a check is about: a model's graph, or a sentence that says why there is none."""

from typing import Any

import numpy as np

from fairmark.checks.examination import current
from fairmark.evidence.models import architecture_of, graph_of, is_model
from fairmark.evidence.records import NotExamined, UnrebuiltModel


def shown(value: object) -> str:
    """Say in a few words what ``value`` is, for a message."""
    if value is ...:
        return "the placeholder `...`"
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, bool | int | float | str):
        text = repr(value)
        return text if len(text) <= 60 else f"{text[:60]}…"
    name = type(value).__name__
    return f"{'an' if name[:1] in 'AEIOUaeiou' else 'a'} {name}"


def asked_model(model: Any) -> None:
    """Raise AssertionError unless ``model`` is a Keras model, live or restored, with or without its graph."""
    assert isinstance(model, UnrebuiltModel) or is_model(model), f"a Keras model is asked, found {shown(model)}"


def graph(model: Any) -> Any:
    """Return a plain built Sequential or functional model over the layers of ``model``.

    Raises AssertionError if ``model`` is no Keras model or was never built, and NotExamined where its graph
    can't be read: what can't be stored as evidence is not read from a live model either.
    """
    asked_model(model)
    if isinstance(model, UnrebuiltModel):
        raise NotExamined(f"the model's graph is asked, and it can't be rebuilt: {model.reason}")
    context = current()
    if context is None or id(model) not in context.digests:
        _, reason = architecture_of(model)
        if reason:
            raise NotExamined(f"the model's graph is asked, and it can't be read: {reason}")
    assert model.built, "the model was never built: it was given no input shape and never trained"
    return graph_of(model)
