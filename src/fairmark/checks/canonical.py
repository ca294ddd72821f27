"""From a Keras model to the canonical form of its graph."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fairmark.checks.architecture import Architecture, Node, arranged
from fairmark.checks.behaviour import Behaviour, behaviour, ends_with_activation, gives_back, probes
from fairmark.checks.graph import Call, Ref, read
from fairmark.checks.penalties import NO_PENALTY, penalty
from fairmark.checks.settings import settings_of
from fairmark.checks.subject import graph
from fairmark.evidence.compilation import attempted


def architecture(model: Any) -> Architecture:
    """Return the canonical form of the graph of ``model``, live or restored.

    Raises AssertionError if ``model`` is no Keras model or was never built, and NotExamined if its graph can't be
    read (a ``call`` or layers of the notebook's own).
    """
    opened = read(graph(model))
    form = _Form()
    for place, call in enumerate(opened.calls):
        form.add(place, call)
    return arranged(opened.inputs, form.nodes, [form.now(ref) for ref in opened.outputs])


def assert_same_architecture(found_model: Any, expected_model: Any, ignoring: tuple[str, ...] = ()) -> None:
    """Assert that two models are the same to Keras; ``ignoring`` names what ``Architecture.without`` leaves out."""
    found, expected = (architecture(model).without(*ignoring) for model in (found_model, expected_model))
    assert found == expected, found.difference(expected)


class _Form:
    """Nodes made of a graph's calls, one call after the other."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._now: dict[Ref, Ref] = {}
        self._layers: dict[int, int] = {}

    def now(self, ref: Ref) -> Ref:
        """Return where a tensor of the graph is in this form."""
        return self._now.get(ref, ref)

    def add(self, place: int, call: Call) -> None:
        """Add the nodes of the graph's call number ``place``: the layer, its activation, its charge for activity."""
        layer = call.operation
        weighted = isinstance(layer, _keras().Layer) and bool(layer.weights)
        refs = self._weighted(call) if weighted else self._weightless(call)
        charged = penalty(getattr(layer, "activity_regularizer", None))
        for output, ref in enumerate(refs):
            if charged != NO_PENALTY:
                settings = {"activity_regularizer": charged}
                ref = self._put(Node("ActivityRegularization", (ref,), (call.shapes[output],), settings))
            self._now[Ref(place, output)] = ref

    def _put(self, node: Node) -> Ref:
        self.nodes.append(node)
        return Ref(len(self.nodes) - 1)

    def _taken(self, call: Call) -> tuple[Ref, ...]:
        return tuple(map(self.now, call.inputs))

    def _all(self, ref: Ref, call: Call) -> list[Ref]:
        return [ref._replace(output=output) for output in range(len(call.shapes))]

    def _weighted(self, call: Call) -> list[Ref]:
        layer = call.operation
        settings = settings_of(layer, len(call.given[0]))
        bent = _final_activation(call)
        if bent is not None:
            settings.pop("activation", None)
        node = Node(
            kind=type(layer).__name__,
            inputs=self._taken(call),
            shapes=call.shapes,
            settings=settings,
            parameters=sum(math.prod(weight.shape) for weight in layer.weights),
            trainable=call.trainable,
            weights=self._layers.setdefault(id(layer), len(self._layers)),
        )
        ref = self._put(node)
        if bent is not None and bent.signature:
            ref = self._put(_activation(bent, ref, call))
        return self._all(ref, call)

    def _weightless(self, call: Call) -> list[Ref]:
        kind = type(call.operation).__name__
        taken = self._taken(call)
        if _is_random(call):
            if gives_back(call.function, call.given[0], training=True):
                return list(taken)
            passes = gives_back(call.function, call.given[0], training=False)
            return self._all(self._put(Node(kind, taken, call.shapes, _written(call), random=passes)), call)
        found = None if _makes_a_mask(call) else behaviour(call.function, call.given)
        if found is None:
            return self._all(self._put(Node(kind, taken, call.shapes, _written(call))), call)
        if not found.signature:
            return list(taken)
        if found.activation:
            return [self._put(_activation(found, taken[0], call))]
        node = Node(kind, taken, call.shapes, _written(call), signature=found.signature, symmetric=found.symmetric)
        return self._all(self._put(node), call)


def _keras() -> Any:
    import keras

    return keras


def _activation(found: Behaviour, taken: Ref, call: Call) -> Node:
    return Node("activation", (taken,), call.shapes, {"activation": found.activation}, signature=found.signature)


def _final_activation(call: Call) -> Behaviour | None:
    """Return what the activation of a layer with weights does, if it comes last in the layer."""
    layer = call.operation
    own = vars(layer).get("activation")
    if not callable(own) or len(call.shapes) != 1:
        return None

    def call_of(other: Any) -> Callable[..., Any]:
        return replace(call, operation=other).function

    found = behaviour(lambda x: own(x), call.shapes)
    if found is None or not found.signature:  # linear: it may as well be left out
        return found
    return found if ends_with_activation(layer, call_of, call.given) else None


def _is_random(call: Call) -> bool:
    """Does the operation keep the state of a random generator, having no weights?"""
    return isinstance(call.operation, _keras().Layer) and bool(call.operation.variables)


def _makes_a_mask(call: Call) -> bool:
    """Does the layer tell later ones to skip steps? That shows in no number."""
    if not isinstance(call.operation, _keras().Layer):
        return False
    values = [_keras().ops.convert_to_tensor(value) for value in probes(call.given)]
    nothing = None if len(values) == 1 else [None] * len(values)
    return attempted(call.operation.compute_mask, values[0] if len(values) == 1 else values, nothing) is not None


def _written(call: Call) -> dict[str, Any]:
    """Return the settings of a layer without weights, or the plain arguments of an operation."""
    if isinstance(call.operation, _keras().Layer):
        return settings_of(call.operation, len(call.given[0]))
    plain = [value for value in _keras().tree.flatten(call.arguments) if isinstance(value, bool | int | float | str)]
    return {"arguments": tuple(plain)}
