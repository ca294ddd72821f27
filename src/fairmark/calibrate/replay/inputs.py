"""How the training's inputs are held in memory, and how a batch of them is taken.

A table of words (zeros and a few ones, as reviews are) is kept as lists of the ones. The first Dense layer then adds up
rows of its weights instead of multiplying by zeros: the same sum, for a fiftieth of the work.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import keras
import numpy as np
from numpy.typing import NDArray

SLOT = 16
"""Words a slot: a row takes as many slots as it needs, the last of them filled up."""
_RARE = 0.05
"""Share of ones up to which a table is kept as words."""


class Inputs(Protocol):
    """The inputs of a training."""

    @property
    def data(self) -> Any:
        """The arrays, handed through ``jax.jit`` as arguments (else the compiler would fold them into the program)."""

    def batch(self, data: Any, rows: Any) -> Any:
        """Return what the model takes for these ``rows`` (numbers, (n,))."""


@dataclass(frozen=True)
class Rows:
    """Inputs as they are: a batch is gathered row by row."""

    data: Any

    def batch(self, data: Any, rows: Any) -> Any:
        """Return the rows, (n, …)."""
        return data[rows]


class _Words(NamedTuple):
    table: Any
    """Words, (slots, SLOT); one that does not exist where a slot is not full."""
    first: Any
    """Each row's first slot."""
    slots: Any
    """Each row's number of slots."""


class RowsOfWords:
    """Inputs as lists of their ones. A batch is row numbers: a first layer of this object's making looks them up."""

    def __init__(self, x: NDArray[Any]) -> None:
        rows, words = np.nonzero(x)
        counts = np.bincount(rows, minlength=len(x))
        slots = -(-counts // SLOT)
        first = np.concatenate([[0], np.cumsum(slots)])
        place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        table = np.full((first[-1], SLOT), x.shape[1], dtype="int32")
        table[first[rows] + place // SLOT, place % SLOT] = words
        self.data = _Words(jnp.asarray(table), jnp.asarray(first[:-1], "int32"), jnp.asarray(slots, "int32"))
        self._mean, self._sd = float(slots.mean()), float(slots.std())
        self._at_hand: Any = None

    def batch(self, data: Any, rows: Any) -> Any:
        """Return the row numbers, and have the words at hand for the layer."""
        self._at_hand = data
        return rows

    def layer(self, dense: Any) -> Any:
        """Return a layer that takes row numbers and gives what ``dense`` gives for the rows."""
        return _LookUp(dense, self)

    def looked_up(self, kernel: Any, rows: Any) -> Any:
        """Return the product of the ``rows`` (n,) of the table with ``kernel`` (words, units).

        The slots of a batch, whose number varies, are given room for eight standard deviations above their mean; the
        result is NaN should they ever need more.
        """
        table, first, slots = self._at_hand
        room = int(len(rows) * self._mean + 8 * self._sd * len(rows) ** 0.5) + 1
        ends = jnp.cumsum(slots[rows])
        row = jnp.cumsum(jnp.zeros(room, "int32").at[ends].add(1, mode="drop"))
        slot = (first[rows] - ends + slots[rows])[jnp.minimum(row, len(rows) - 1)] + jnp.arange(room)
        words = jnp.where((row < len(rows))[:, None], table[jnp.clip(slot, 0, len(table) - 1)], len(kernel))
        product = _product(len(rows), row, words, kernel)
        return jnp.where(ends[-1] <= room, product, jnp.nan)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _product(rows: int, row: Any, words: Any, kernel: Any) -> Any:
    """Return the sums (rows, units) of the kernel's rows ``words`` (slots, SLOT), slot ``i`` belonging to ``row[i]``.

    One word of every slot after the other: what is at hand meanwhile stays in a CPU's cache.
    """
    padded = jnp.concatenate([kernel, jnp.zeros_like(kernel[:1])])
    sums = sum(padded.at[words[:, place]].get(mode="promise_in_bounds") for place in range(SLOT))
    return jnp.zeros((rows, kernel.shape[1]), kernel.dtype).at[row].add(sums, mode="drop")


def _product_forward(rows: int, row: Any, words: Any, kernel: Any) -> Any:
    return _product(rows, row, words, kernel), (row, words, kernel)


def _product_backward(rows: int, kept: Any, of_product: Any) -> Any:
    row, words, kernel = kept
    of_slots = of_product.at[row].get(mode="fill", fill_value=0)
    of_kernel = jnp.zeros((len(kernel) + 1, kernel.shape[1]), kernel.dtype)
    for place in range(SLOT):
        of_kernel = of_kernel.at[words[:, place]].add(of_slots, mode="promise_in_bounds")
    return None, None, of_kernel[:-1]


_product.defvjp(_product_forward, _product_backward)


class _LookUp(keras.Layer):  # type: ignore[misc]
    """A Dense layer asked for rows of a table of words by their numbers."""

    def __init__(self, dense: Any, inputs: RowsOfWords) -> None:
        super().__init__()
        self.dense = dense
        self._inputs = inputs

    def compute_output_spec(self, rows: Any) -> Any:
        """Say the shape: (rows, units)."""
        return keras.KerasTensor((rows.shape[0], self.dense.units))

    def call(self, rows: Any) -> Any:
        """Return the layer's outputs."""
        outputs = self._inputs.looked_up(jnp.asarray(self.dense.kernel), rows.astype("int32"))
        if self.dense.use_bias:
            outputs = outputs + self.dense.bias
        return outputs if self.dense.activation is None else self.dense.activation(outputs)


def inputs_for(x: NDArray[Any], architecture: dict[str, Any]) -> Inputs:
    """Choose how to hold ``x``: as words, on a CPU, if it is zeros and a few ones that a plain Dense layer takes."""
    if jax.default_backend() == "cpu" and _begins_with_dense(architecture) and _is_words(x):
        return RowsOfWords(x)
    return Rows(jnp.asarray(x))


def _begins_with_dense(architecture: dict[str, Any]) -> bool:
    layers = _chain(architecture)
    if [layer["class_name"] for layer in layers[:2]] != ["InputLayer", "Dense"]:
        return False
    config = layers[1]["config"]
    return config.get("activity_regularizer") is None and config.get("dtype", {}).get("config") == {"name": "float32"}


def _chain(architecture: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers if each takes nothing but what the one before it gives; else none."""
    layers: list[dict[str, Any]] = architecture["config"].get("layers", [])
    if architecture["class_name"] == "Sequential":
        return layers
    outputs = [[layer["name"], 0, 0] for layer in layers]
    chained = [_calls(layer) for layer in layers] == [[], *([[output]] for output in outputs[:-1])]
    last = chained and architecture["config"].get("output_layers") in (outputs[-1], [outputs[-1]])
    return layers if last else []


def _calls(layer: dict[str, Any]) -> list[list[Any]]:
    """Return what each call of a layer was given: which output of which layer, anything else as it is."""
    return [
        [part["config"]["keras_history"] if _is_tensor(part) else part for part in node["args"]] + list(node["kwargs"])
        for node in layer.get("inbound_nodes", ())
    ]


def _is_tensor(part: Any) -> bool:
    return isinstance(part, dict) and part.get("class_name") == "__keras_tensor__"


def _is_words(x: NDArray[Any]) -> bool:
    if x.ndim != 2 or x.dtype.kind not in "biuf" or np.count_nonzero(x) > _RARE * x.size:
        return False
    return bool(np.all((x == 0) | (x == 1)))
