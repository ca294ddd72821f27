"""What a function without weights does, found by trying it: where form can't decide, behaviour does.

`ReLU()`, `Activation("relu")` and `keras.ops.maximum(x, 0)` are one function; so are `Flatten()` and
`Reshape((-1,))` on the same input. Nothing here knows the name of a layer.
"""

import hashlib
import inspect
import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.graph import Shape
from fairmark.evidence.compilation import attempted

NUMBERS = 512
"""A function is tried on at least as many numbers."""
OPEN = 5
"""Extent given to an open dimension."""
TOLERANCE = 1e-5

Function = Callable[..., Any]


@dataclass(frozen=True)
class Behaviour:
    """What a function of one or more tensors does."""

    signature: str
    """Equal for functions that give the same; empty for one that gives its only input back."""
    activation: str | None = None
    """Keras's name of the activation it is; "other" for any other bent curve, element by element."""
    symmetric: bool = False
    """Does the order of its inputs not matter?"""


def behaviour(function: Function, shapes: Sequence[Shape]) -> Behaviour | None:
    """Try ``function`` on inputs of ``shapes``; None if it can't take them, or is random in training."""
    for kind in ("float32", "int32"):
        inputs = probes(shapes, kind)
        outputs = attempted(tried, function, inputs)
        if outputs is None:
            continue
        if len(inputs) == 1:
            return _of_one(function, inputs[0], outputs)
        if not _is_symmetric(function, inputs, outputs):
            return Behaviour(_signature(outputs))
        inputs = probes(sorted(shapes, key=str), kind)
        return Behaviour(_signature(tried(function, inputs)), symmetric=True)
    return None


def gives_back(function: Function, shape: Shape, training: bool) -> bool:
    """Does ``function`` give its input back unchanged?"""
    (x,) = probes([shape])
    outputs = attempted(tried, lambda value: function(value, training=training), [x])
    return outputs is not None and len(outputs) == 1 and _same(outputs[0], x)


def ends_with_activation(layer: Any, function: Callable[[Any], Function], shapes: Sequence[Shape]) -> bool:
    """Is what ``layer`` gives the activation of what it gives without one?

    ``function`` makes the call of a layer to try. Dense and convolution layers pass; a recurrent layer uses its
    activation inside.
    """
    if "activation" not in vars(layer):
        return False
    inputs = probes(shapes)
    bare = attempted(tried, function(_with_activation(layer, _unchanged)), inputs)
    lined = attempted(tried, function(_with_activation(layer, _line)), inputs)
    return bare is not None and lined is not None and all(map(_same, lined, map(_line, bare)))


def _with_activation(layer: Any, activation: Function) -> Any:
    """Return ``layer`` with another activation: the same weights, none of Keras's bookkeeping."""
    other = object.__new__(type(layer))
    vars(other).update(vars(layer) | {"activation": activation})
    return other


def _unchanged(x: Any) -> Any:
    return x


def _line(x: Any) -> Any:
    return 1 - 3 * x


def probes(shapes: Sequence[Shape], kind: str = "float32") -> list[NDArray[Any]]:
    """Return fixed inputs of ``shapes`` (n, …): numbers of both signs, the last row zeros; or small integers.

    All have as many rows, and those at different places differ.
    """
    extents = [[OPEN if extent is None else extent for extent in shape] for shape in shapes]
    rows = max(max(4, math.ceil(NUMBERS / max(1, math.prod(extent)))) for extent in extents)
    inputs = []
    for place, extent in enumerate(extents):
        random = np.random.default_rng(20 + place)
        values = random.uniform(-8, 8, [rows, *extent]) if kind == "float32" else random.integers(0, 4, [rows, *extent])
        values[-1] = 0
        inputs.append(values.astype(kind))
    return inputs


def tried(function: Function, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """Return the outputs of ``function`` for ``inputs`` as arrays. Raises whatever ``function`` does."""
    import keras

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # softmax of one number, say: that is for the test to judge
        outputs = function(*(keras.ops.convert_to_tensor(value) for value in inputs))
    return [np.asarray(keras.ops.convert_to_numpy(output)) for output in keras.tree.flatten(outputs)]


def _same(found: NDArray[Any], expected: NDArray[Any]) -> bool:
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    )


def _of_one(function: Function, x: NDArray[Any], outputs: list[NDArray[Any]]) -> Behaviour:
    if len(outputs) == 1 and outputs[0].shape == x.shape:
        if _same(outputs[0], x):
            return Behaviour("")
        if name := _activation(x.shape[1:], x, outputs[0]):
            return Behaviour(f"activation {name}", name)
        if _bends_each_number(function, x, outputs[0]):
            return Behaviour(_signature(outputs), "other")
    return Behaviour(_signature(outputs))


def _activation(shape: Shape, x: NDArray[Any], y: NDArray[Any]) -> str | None:
    """Return Keras's name of the activation that makes ``y`` of ``x``; the shortest if it has several."""
    names = [
        name for name, function, first in _activations(shape)
        if _same(first, y[:1]) and _same(tried(function, [x])[0], y)
    ]  # fmt: skip
    return min(names, key=lambda name: (len(name), name), default=None)


@cache
def _activations(shape: Shape) -> tuple[tuple[str, Function, NDArray[Any]], ...]:
    """Return Keras's activations that keep the shape, each with what it makes of the first row of the probe."""
    import keras

    (x,) = probes([shape])
    functions = {f.__name__: f for f in vars(keras.activations).values() if inspect.isfunction(f)}
    found = []
    for name, function in functions.items():
        takes = list(inspect.signature(function).parameters)
        first = attempted(tried, function, [x[:1]]) if takes[:1] == ["x"] else None
        if first is not None and len(first) == 1 and first[0].shape == x[:1].shape:
            found.append((name, function, first[0]))
    return tuple(found)


def _bends_each_number(function: Function, x: NDArray[Any], y: NDArray[Any]) -> bool:
    """Does each output depend on the number at its own place alone, wherever that is, by no straight line?"""
    order = np.random.default_rng(7).permutation(x.size)
    moved = attempted(tried, function, [x.reshape(-1)[order].reshape(x.shape)])
    if moved is None or not _same(moved[0].reshape(-1), y.reshape(-1)[order]) or not np.all(np.isfinite(y)):
        return False
    inputs, outputs = x.reshape(-1).astype("float64"), y.reshape(-1).astype("float64")
    return not _same(outputs, np.polyval(np.polyfit(inputs, outputs, 1), inputs))


def _is_symmetric(function: Function, inputs: list[NDArray[Any]], outputs: list[NDArray[Any]]) -> bool:
    def swapped() -> Iterator[list[NDArray[Any]]]:
        for first, second in itertools.pairwise(range(len(inputs))):
            order = list(inputs)
            order[first], order[second] = order[second], order[first]
            yield order

    for order in swapped():
        found = attempted(tried, function, order)
        if found is None or len(found) != len(outputs) or not all(map(_same, found, outputs)):
            return False
    return True


def _signature(outputs: list[NDArray[Any]]) -> str:
    """Name outputs by their digits: three decimals, so that another order of summing makes no other name."""
    digest = hashlib.sha256()
    for output in outputs:
        rounded = np.round(np.nan_to_num(output.astype("float64")), 3) + 0.0
        digest.update(str(output.shape).encode() + rounded.tobytes())
    return digest.hexdigest()[:16]
