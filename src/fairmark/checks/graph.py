"""The calls of a Keras model's graph, in order, with nested models opened up."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

Shape = tuple[int | None, ...]
"""Extents without the batch; None where one is open."""


class Ref(NamedTuple):
    """One tensor of a graph: an output of a node; a negative node -1 - k is the model's own input k."""

    node: int
    output: int = 0


@dataclass(frozen=True, eq=False)
class Call:
    """One use of a layer or operation. A nested model's own layers are used where it is."""

    operation: Any
    arguments: Any
    """Positional and keyword arguments, with symbolic tensors in them."""
    tensors: tuple[Any, ...]
    """The symbolic tensors among the arguments."""
    inputs: tuple[Ref, ...]
    """Where each of these comes from."""
    shapes: tuple[Shape, ...]
    """Of its outputs."""
    trainable: bool
    """May its weights be trained, as far as it and the models around it say?"""

    @property
    def given(self) -> tuple[Shape, ...]:
        """Shapes of its inputs."""
        return tuple(map(shape, self.tensors))

    @property
    def function(self) -> Callable[..., Any]:
        """The call as a function of its tensors, without weights being changed; a layer takes ``training``."""
        import keras

        is_symbolic = keras.utils.is_keras_tensor

        def filled(values: tuple[Any, ...]) -> tuple[list[Any], dict[str, Any]]:
            left = iter(values)  # by place: one tensor may be passed twice
            args, kwargs = keras.tree.map_structure(lambda x: next(left) if is_symbolic(x) else x, self.arguments)
            return args, kwargs

        def function(*values: Any, training: bool = False) -> Any:
            args, kwargs = filled(values)
            if not isinstance(self.operation, keras.Layer):
                return self.operation(*args, **kwargs)
            layer = self.operation
            if "training" in inspect.signature(layer.call).parameters:
                kwargs["training"] = training
            return layer.stateless_call(layer.trainable_variables, layer.non_trainable_variables, *args, **kwargs)[0]

        return function


@dataclass(frozen=True)
class Graph:
    """A model's calls in the order of computation."""

    inputs: tuple[Shape, ...]
    calls: tuple[Call, ...]
    outputs: tuple[Ref, ...]


def read(model: Any) -> Graph:
    """Read the graph of a built Sequential or functional ``model``."""
    calls: list[Call] = []
    inputs = list(model.inputs)
    outputs = _opened(model, [Ref(-1 - place) for place in range(len(inputs))], calls, True)
    return Graph(tuple(shape(tensor) for tensor in inputs), tuple(calls), tuple(outputs))


def shape(tensor: Any) -> Shape:
    """Return the shape of a symbolic tensor without the batch."""
    return tuple(tensor.shape[1:])


def _opened(model: Any, given: list[Ref], calls: list[Call], trainable: bool) -> list[Ref]:
    """Append the calls of ``model``, called on ``given``; return where its outputs come from."""
    import keras

    known = {id(tensor): ref for tensor, ref in zip(model.inputs, given, strict=True)}
    for node in _ordered(model.outputs, set(known)):
        arguments = _arguments(node)
        tensors = tuple(_tensors(arguments))
        inputs = [known[id(tensor)] for tensor in tensors]
        open_to_training = trainable and getattr(node.operation, "trainable", True)
        if isinstance(node.operation, keras.Model):
            refs = _opened(node.operation, inputs, calls, open_to_training)
        else:
            shapes = tuple(shape(tensor) for tensor in node.output_tensors)
            calls.append(Call(node.operation, arguments, tensors, tuple(inputs), shapes, open_to_training))
            refs = [Ref(len(calls) - 1, place) for place in range(len(shapes))]
        known.update({id(tensor): ref for tensor, ref in zip(node.output_tensors, refs, strict=True)})
    return [known[id(tensor)] for tensor in model.outputs]


def _ordered(outputs: list[Any], known: set[int]) -> Iterator[Any]:
    """Yield the nodes that lead to ``outputs``, each after those it needs (no recursion: graphs may be deep)."""
    seen: set[int] = set()
    waiting = [(_node(tensor), False) for tensor in reversed(outputs) if id(tensor) not in known]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            needed = [tensor for tensor in _tensors(_arguments(node)) if id(tensor) not in known]
            waiting += [(_node(tensor), False) for tensor in reversed(needed)]


def _node(tensor: Any) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _arguments(node: Any) -> tuple[Any, Any]:
    """Return a node's arguments but for what Keras decides when the model is called: masks and ``training``."""
    import keras

    kwargs = node.arguments.kwargs
    if isinstance(node.operation, keras.Layer):
        kwargs = {name: value for name, value in kwargs.items() if name != "training" and not name.endswith("mask")}
    return node.arguments.args, kwargs


def _tensors(arguments: Any) -> list[Any]:
    import keras

    return [value for value in keras.tree.flatten(arguments) if keras.utils.is_keras_tensor(value)]
