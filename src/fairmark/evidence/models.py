"""Keras models as data: architecture, weights and facts out of a live model, a model back from them."""

import copy
import hashlib
import json
import math
import types
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.evidence.architecture import refusal
from fairmark.evidence.blobs import BadBlob
from fairmark.evidence.compilation import attempted, compilation_of

_METHODS = ("call", "train_step", "test_step", "predict_step", "compile", "fit", "evaluate", "predict",
            "get_weights", "count_params", "get_config", "compute_loss", "build")  # fmt: skip
_LIBRARIES = ("keras", "tensorflow")
MAX_ROW = 1 << 22
"""Numbers a layer may make of one row: 512 rows at once must fit into memory."""


def is_model(value: object) -> bool:
    """Is ``value`` a Keras model? Asked of its class alone: an object may lie about itself."""
    import keras

    return issubclass(type(value), keras.Model)


def architecture_of(model: Any) -> tuple[dict[str, Any] | None, str | None]:
    """Return the model's graph as JSON data, or None and the reason why it has none.

    A subclass counts by its graph (inputs to outputs) unless it computes its output in a ``call`` of
    its own.
    """
    import keras

    if _overrides(model, "call"):
        return None, f"its class {type(model).__name__} computes its output in a `call` of its own"
    try:
        graph = graph_of(model)
        if own := _own_function(graph):
            return None, f"its layer {own} has an activation of the notebook's own"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = json.loads(json.dumps(keras.saving.serialize_keras_object(graph)))
    except Exception as error:  # layers of the student's own may raise anything
        return None, f"it has no graph of Keras layers ({type(error).__name__})"
    data = _without_compile_state(data)
    reason = refusal(data)
    return (None, reason) if reason else (data, None)


def weights_of(model: Any) -> list[NDArray[Any]]:
    """Return the weights in the order of the graph that ``architecture_of`` describes."""
    weights = [np.asarray(weight) for weight in graph_of(model).get_weights()]
    return [weight.astype("float32") if weight.dtype.name == "bfloat16" else weight for weight in weights]


def graph_of(model: Any) -> Any:
    """Return a plain Sequential or functional model over the layers of ``model``, weights shared.

    None of the methods that ``model``'s own class or instance may have replaced is left in it.
    """
    import keras

    name = str(model.name)  # else Keras counts on, and the notebook's next model is called otherwise
    if not issubclass(type(model), keras.Sequential):
        return keras.Model(model.inputs, model.outputs, name=name)
    layers = keras.Sequential.layers.fget(model)
    if not model.built:
        return keras.Sequential(layers, name=name)
    (entry,) = model.inputs
    start = keras.Input(batch_shape=entry.shape, dtype=entry.dtype, name=entry.name)
    return keras.Sequential([start, *layers], name=name)


def facts_of(model: Any) -> dict[str, Any]:
    """Describe a live model in names and numbers; what can't be read is left out.

    In evidence these are *claims*: the sandbox said so.
    """
    facts: dict[str, Any] = {
        "class": type(model).__name__,
        "overridden": [name for name in _METHODS if _overrides(model, name)],
        "built": bool(getattr(model, "built", False)),
    }
    if facts["built"]:
        facts["parameters"] = attempted(lambda: int(model.count_params()))
        facts["trainable"] = attempted(lambda: int(sum(np.prod(v.shape) for v in model.trainable_variables)))
    facts["layers"] = [attempted(_layer_facts, layer) for layer in getattr(model, "layers", [])]
    facts["compiled"] = attempted(compilation_of, model)
    return facts


def rebuild(architecture: dict[str, Any], weights: list[NDArray[Any]]) -> Any:
    """Build an uncompiled model from data that a sandbox wrote.

    Raises BadBlob if the architecture is not on the allow-list or the weights do not fit it; sizes are
    compared before a single weight is allocated. What this process lacks, memory or time (the examiner's alarm
    is a TimeoutError), is no fault of the data's: such errors are raised as they are.
    """
    import keras
    import tensorflow as tf

    if reason := refusal(architecture):
        raise BadBlob(f"the model may not be rebuilt: {reason}")
    if any(weight.dtype.kind not in "biuf" for weight in weights):
        raise BadBlob("weights that are no numbers")
    wanted = [tuple(int(n) for n in weight.shape) for weight in weights]
    try:
        if _weight_shapes(json.dumps(architecture)) != wanted:
            raise BadBlob("the stored weights do not fit the stored architecture")
        model = keras.saving.deserialize_keras_object(copy.deepcopy(architecture))
        model.set_weights(weights)
    except (BadBlob, OSError, ImportError, MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise BadBlob(f"the model may not be rebuilt: {type(error).__name__}") from error
    return model


def digest(architecture: dict[str, Any], weights: list[str]) -> str:
    """Return the sha256 that names this model's function: its graph and its weights' hashes."""
    text = json.dumps([architecture, weights], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache
def _weight_shapes(architecture: str) -> list[tuple[int, ...]]:
    """Compute the shapes that ``set_weights`` will want of a graph given as JSON, allocating nothing.

    Most of a class hand in the same graph, and building it costs as much as the model itself.
    In a StatelessScope variables know their shape and have no value; ``clear_session`` then drops
    them, lest Keras initialise them later.
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        sketch = keras.saving.deserialize_keras_object(json.loads(architecture))
        shapes = [tuple(int(n) for n in weight.shape) for weight in sketch.weights]
        rows = [math.prod(n or 1 for n in tensor.shape[1:]) for tensor in _outputs(sketch)]
    keras.utils.clear_session(free_memory=False)
    if max(rows, default=0) > MAX_ROW:
        raise BadBlob("the model makes too much of one row")
    return shapes


def _outputs(model: Any) -> Iterator[Any]:
    """Yield the symbolic outputs of every layer."""
    for layer in model._flatten_layers():
        for node in layer._inbound_nodes:
            yield from node.output_tensors


def _own_function(graph: Any) -> str | None:
    """Name a layer whose activation is a function that neither Keras nor TensorFlow wrote."""
    for layer in graph._flatten_layers():
        for name in ("activation", "recurrent_activation"):
            function = getattr(layer, name, None)
            if isinstance(function, types.FunctionType) and str(function.__module__).split(".")[0] not in _LIBRARIES:
                return f"`{layer.name}`"
    return None


def _without_compile_state(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_compile_state(value) for key, value in node.items() if key != "compile_config"}
    return [_without_compile_state(item) for item in node] if isinstance(node, list) else node


def _overrides(model: Any, method: str) -> bool:
    """Does the model's class (or a base of it outside Keras) define ``method`` itself?"""
    for cls in type(model).__mro__:
        if cls.__module__.split(".")[0] == "keras":
            return False
        if method in cls.__dict__:
            return True
    return False


def _layer_facts(layer: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"class": type(layer).__name__, "name": str(layer.name)}
    facts["parameters"] = int(layer.count_params()) if getattr(layer, "built", False) else None
    for name in ("units", "rate", "use_bias", "trainable"):
        value = getattr(layer, name, None)
        if isinstance(value, bool | int | float):
            facts[name] = value
    if hasattr(layer, "activation"):
        facts["activation"] = name_of(layer.activation)
    return facts


def name_of(activation: Any) -> str | None:
    """Name an activation given as text, function or object."""
    if activation is None or isinstance(activation, str):
        return activation
    return str(getattr(activation, "__name__", type(activation).__name__))
