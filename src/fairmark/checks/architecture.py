"""The canonical form of a model's graph: equal for models that are the same to Keras, however they are written.

Layers that do nothing are gone, activations stand alone, names are forgotten, functions without weights are known
by what they do. Each node gets a colour from what it is, what it takes, who takes it and which other nodes share
its weights (colour refinement, Weisfeiler and Leman 1968); the colours together are the architecture's digest.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fairmark.checks.graph import Ref, Shape
from fairmark.checks.penalties import Penalty
from fairmark.checks.settings import text_of

LEAVABLE = ("initializers", "regularizers", "dropout", "trainable")


@dataclass(frozen=True, eq=False)
class Node:
    """One step of a model's computation."""

    kind: str
    """Keras's name of the layer or operation; "activation", or "ActivityRegularization"."""
    inputs: tuple[Ref, ...]
    shapes: tuple[Shape, ...]
    """Of its outputs, without the batch."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    parameters: int = 0
    trainable: bool = True
    signature: str = ""
    """What it does, where it has no weights: kind and settings then tell nothing more."""
    symmetric: bool = False
    """Does the order of its inputs not matter?"""
    random: bool = False
    """Is it random in training and gives its input back otherwise?"""
    weights: int | None = None
    """Number of the layer whose weights it uses; nodes of one number share them."""

    @property
    def shape(self) -> Shape:
        """Shape of its first output, without the batch."""
        return self.shapes[0]

    @property
    def text(self) -> str:
        """What it is, but for what it is connected with."""
        if self.signature:
            return text_of([self.signature, self.shapes])
        own = [self.kind, self.settings, self.shapes, self.parameters]
        return text_of([*own, self.trainable] if self.weights is not None else own)


@dataclass(frozen=True)
class Architecture:
    """A model's graph in canonical form; equal ones are the same to Keras."""

    inputs: tuple[Shape, ...] = field(compare=False)
    outputs: tuple[Shape, ...] = field(compare=False)
    nodes: tuple[Node, ...] = field(compare=False)
    """In order of computation: by distance from the inputs, then by what they are, then by colour."""
    results: tuple[Ref, ...] = field(compare=False, repr=False)
    """Where the model's outputs come from."""
    digest: str = field(repr=False)

    def without(self, *parts: str) -> "Architecture":
        """Leave out "initializers", "regularizers", "dropout" (any random layer) or "trainable"."""
        assert set(parts) <= set(LEAVABLE), f"only {', '.join(LEAVABLE)} can be left out, not {', '.join(parts)}"
        dropped = {
            place: node.inputs[0] for place, node in enumerate(self.nodes)
            if ("dropout" in parts and node.random)
            or ("regularizers" in parts and node.kind == "ActivityRegularization")
        }  # fmt: skip
        nodes = [_without(node, parts) for node in self.nodes]
        return arranged(self.inputs, nodes, self.results, dropped)

    def headless(self) -> "Architecture":
        """Leave out a final sigmoid or softmax: logits and probabilities compare equal."""
        heads = {
            ref.node: self.nodes[ref.node].inputs[0] for ref in self.results
            if ref.node >= 0 and self.nodes[ref.node].settings.get("activation") in ("sigmoid", "softmax")
            and self.nodes[ref.node].kind == "activation"
        }  # fmt: skip
        results = tuple(heads.get(ref.node, ref) for ref in self.results)
        return arranged(self.inputs, self.nodes, results)

    def difference(self, expected: "Architecture") -> str:
        """Say in one sentence where this one first differs from ``expected``; empty if it does not."""
        from fairmark.checks.difference import difference

        return difference(self, expected)


def arranged(
    inputs: tuple[Shape, ...], nodes: Sequence[Node], results: Iterable[Ref], dropped: Mapping[int, Ref] | None = None
) -> Architecture:
    """Bring ``nodes``, each after those it takes, into canonical form; those ``dropped`` give way to what they took.

    What is computed twice from the same inputs is one node, unless it is random.
    """
    moved: dict[int, int | Ref] = {}
    kept: list[Node] = []
    places: dict[Any, int] = {}

    def now(ref: Ref) -> Ref:
        place = moved[ref.node] if ref.node >= 0 else ref
        return place if isinstance(place, Ref) else Ref(place, ref.output)

    for place, node in enumerate(nodes):
        if dropped and place in dropped:
            moved[place] = now(dropped[place])
            continue
        taken = tuple(map(now, node.inputs))
        key = (place,) if node.random else (node.text, node.weights, sorted(taken) if node.symmetric else taken)
        moved[place] = places.setdefault(str(key), len(kept))
        if moved[place] == len(kept):
            kept.append(replace(node, inputs=taken))
    return _sorted(inputs, *_reached(kept, [now(ref) for ref in results]))


def _reached(nodes: list[Node], results: list[Ref]) -> tuple[list[Node], list[Ref]]:
    """Leave out the nodes that no result needs."""
    needed = {ref.node for ref in results}
    for place in reversed(range(len(nodes))):
        if place in needed:
            needed |= {ref.node for ref in nodes[place].inputs}
    return _moved(nodes, results, [place for place in range(len(nodes)) if place in needed])


def _moved(nodes: Sequence[Node], results: Iterable[Ref], order: list[int]) -> tuple[list[Node], list[Ref]]:
    """Put ``nodes`` into ``order`` (their present places)."""
    place_of = {place: number for number, place in enumerate(order)}

    def now(ref: Ref) -> Ref:
        return ref if ref.node < 0 else Ref(place_of[ref.node], ref.output)

    def put(node: Node) -> Node:
        taken = tuple(map(now, node.inputs))
        return replace(node, inputs=tuple(sorted(taken)) if node.symmetric else taken)

    return [put(nodes[place]) for place in order], [now(ref) for ref in results]


def _sorted(inputs: tuple[Shape, ...], nodes: list[Node], results: list[Ref]) -> Architecture:
    colours = _colours(nodes, results)
    distances: list[int] = []
    for node in nodes:
        distances.append(1 + max((distances[ref.node] for ref in node.inputs if ref.node >= 0), default=0))
    order = sorted(range(len(nodes)), key=lambda place: (distances[place], nodes[place].text, colours[place]))
    ends = [[colours[ref.node] if ref.node >= 0 else ref.node, ref.output] for ref in results]
    digest = _hash([inputs, sorted(colours), ends])
    outputs = tuple(nodes[ref.node].shapes[ref.output] if ref.node >= 0 else inputs[-1 - ref.node] for ref in results)
    nodes, results = _moved(nodes, results, order)
    numbers: dict[int | None, int] = {}
    numbered = tuple(
        node if node.weights is None else replace(node, weights=numbers.setdefault(node.weights, len(numbers)))
        for node in nodes
    )
    return Architecture(inputs, outputs, numbered, tuple(results), digest)


def _colours(nodes: Sequence[Node], results: Sequence[Ref]) -> list[str]:
    """Colour ``nodes`` until no colour splits any more: like neighbours, like colours."""
    colours = [_hash(node.text) for node in nodes]
    sharing: dict[int | None, list[int]] = defaultdict(list)
    users: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for place, node in enumerate(nodes):
        sharing[node.weights].append(place)
        for position, ref in enumerate(node.inputs):
            users[ref.node].append((place, 0 if node.symmetric else position, ref.output))
    ends = {
        place: [(n, ref.output) for n, ref in enumerate(results) if ref.node == place] for place in range(len(nodes))
    }
    while True:
        known = len(set(colours))
        colours = [_recoloured(place, nodes, colours, users, sharing, ends) for place in range(len(nodes))]
        if len(set(colours)) == known:
            return colours


def _recoloured(
    place: int,
    nodes: Sequence[Node],
    colours: list[str],
    users: Mapping[int, list[tuple[int, int, int]]],
    sharing: Mapping[int | None, list[int]],
    ends: Mapping[int, list[tuple[int, int]]],
) -> str:
    node = nodes[place]
    taken = [[colours[ref.node] if ref.node >= 0 else str(ref.node), ref.output] for ref in node.inputs]
    users_here = sorted([colours[user], position, output] for user, position, output in users.get(place, []))
    sharers = sorted(colours[other] for other in sharing[node.weights]) if node.weights is not None else []
    return _hash([colours[place], sorted(taken) if node.symmetric else taken, users_here, sharers, ends[place]])


def _hash(value: Any) -> str:
    return hashlib.sha256(text_of(value).encode()).hexdigest()[:24]


def _without(node: Node, parts: Sequence[str]) -> Node:
    settings = {
        name: value for name, value in node.settings.items()
        if not ("initializers" in parts and name.endswith("_initializer"))
        and not ("regularizers" in parts and isinstance(value, Penalty))
    }  # fmt: skip
    return replace(node, settings=settings, trainable=node.trainable or "trainable" in parts)
