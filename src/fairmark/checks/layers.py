"""A model's layers as an author thinks of them, and their parameters."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairmark.checks.architecture import Architecture, Node
from fairmark.checks.canonical import architecture
from fairmark.checks.graph import Shape
from fairmark.checks.penalties import NO_PENALTY, Penalty
from fairmark.checks.settings import Initializer
from fairmark.checks.subject import asked_model
from fairmark.evidence.models import architecture_of
from fairmark.evidence.records import NotExamined, UnrebuiltModel


@dataclass(frozen=True, eq=False)
class LayerFacts:
    """One layer with a role, its activation included wherever that was written."""

    kind: str
    """Keras's name of the layer, or "activation" for one that follows no layer."""
    shape: Shape
    """Of its output, without the batch."""
    activation: str = "linear"
    """Keras's name, or "other"."""
    parameters: int = 0
    trainable: bool = True
    units: int | None = None
    rate: float | None = None
    use_bias: bool | None = None
    kernel_penalty: Penalty = NO_PENALTY
    bias_penalty: Penalty = NO_PENALTY
    activity_penalty: Penalty = NO_PENALTY
    kernel_initializer: Initializer | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """All settings in one spelling."""

    def __str__(self) -> str:
        """Say what it is in a few words, for a message."""
        words = self.kind
        if self.units is not None:
            words += f" of {self.units} units"
        if self.rate is not None:
            words += f" at {self.rate:g}"
        return words if self.activation == "linear" else f"{words} with {self.activation}"


@dataclass(frozen=True)
class Parameters:
    """Numbers of a model's parameters."""

    total: int
    trainable: int
    non_trainable: int
    per_layer: tuple[int, ...]
    """Of each layer that has any, in canonical order; a shared layer counts once."""


def layers(model: Any, kind: str | None = None) -> tuple[LayerFacts, ...]:
    """Return the layers of ``model`` in canonical order, those of one ``kind`` if that is given.

    Activations are part of the layer that they follow. Raises as ``architecture`` does.
    """
    found = layers_of(architecture(model))
    return tuple(facts for facts in found if kind is None or facts.kind == kind)


def layers_of(form: Architecture) -> tuple[LayerFacts, ...]:
    """Return the layers of an architecture."""
    users: dict[int, list[int]] = defaultdict(list)
    for place, node in enumerate(form.nodes):
        for ref in node.inputs:
            users[ref.node].append(place)
    for ref in form.results:
        users[ref.node].append(-1)
    taken: set[int] = set()
    found = []
    for place, node in enumerate(form.nodes):
        if place in taken:
            continue
        last, activation = place, str(node.settings.get("activation", "linear"))
        if node.kind != "activation" and (after := _only(users[last], form, "activation")) is not None:
            last, activation = after, str(form.nodes[after].settings["activation"])
            taken.add(last)
        charged = NO_PENALTY
        if (after := _only(users[last], form, "ActivityRegularization")) is not None:
            charged = form.nodes[after].settings["activity_regularizer"]
            taken.add(after)
        found.append(_facts(node, activation, charged))
    return tuple(found)


def parameters(model: Any) -> Parameters:
    """Return how many parameters ``model`` has: counted where there are weights, else as the sandbox claimed.

    Raises AssertionError if it is no model or was never built.
    """
    asked_model(model)
    if isinstance(model, UnrebuiltModel):
        model.claims.append("parameters")
        return _claimed(model.facts)
    assert model.built, "the model was never built: it has no parameters yet"
    if architecture_of(model)[0] is None:  # a `call` of its own
        per_layer = tuple(_size(layer.weights) for layer in model.layers if layer.weights)
    else:
        sizes = {node.weights: node.parameters for node in architecture(model).nodes if node.weights is not None}
        per_layer = tuple(sizes.values())
    trainable, total = _size(model.trainable_weights), _size(model.weights)
    return Parameters(total, trainable, total - trainable, per_layer)


def _only(users: list[int], form: Architecture, kind: str) -> int | None:
    """Return the only user of a node, if it is of ``kind``."""
    return users[0] if len(users) == 1 and users[0] >= 0 and form.nodes[users[0]].kind == kind else None


def _facts(node: Node, activation: str, charged: Penalty) -> LayerFacts:
    settings = node.settings
    return LayerFacts(
        kind=node.kind,
        shape=node.shape,
        activation=activation,
        parameters=node.parameters,
        trainable=node.trainable,
        units=settings.get("units"),
        rate=settings.get("rate"),
        use_bias=settings.get("use_bias"),
        kernel_penalty=settings.get("kernel_regularizer", NO_PENALTY),
        bias_penalty=settings.get("bias_regularizer", NO_PENALTY),
        activity_penalty=settings.get("activity_regularizer", charged),
        kernel_initializer=settings.get("kernel_initializer"),
        settings=settings,
    )


def _size(weights: Any) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _claimed(facts: Mapping[str, Any]) -> Parameters:
    assert facts.get("built"), "the model was never built: it has no parameters yet"
    total, trainable = facts.get("parameters"), facts.get("trainable")
    if not (isinstance(total, int) and isinstance(trainable, int)):
        raise NotExamined("the model can't be rebuilt, and how many parameters it has was not recorded")
    per_layer = tuple(layer["parameters"] for layer in facts["layers"] if layer and layer.get("parameters"))
    return Parameters(total, trainable, total - trainable, per_layer)
