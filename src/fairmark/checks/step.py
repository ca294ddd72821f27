"""One training step from given weights on a given batch, taken by the examiner itself."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.arrays import array_of
from fairmark.checks.compilation import Loss, canonical_loss
from fairmark.checks.subject import graph, shown
from fairmark.evidence.blobs import BadBlob
from fairmark.evidence.compilation import attempted
from fairmark.evidence.models import architecture_of, rebuild, weights_of

Arrays = tuple[NDArray[Any], ...]


@dataclass(frozen=True, eq=False)
class Step:
    """What one step comes to."""

    loss: float
    """Before the step, with the penalties on the weights."""
    weights: Arrays
    """All weights after the step, in the order of ``model.get_weights()``."""
    gradients: Arrays
    """Of the loss by the trainable weights, in their order, before any clipping by the optimizer."""
    state: Arrays
    """The weights that are not trained, after the step: a batch normalisation's moving statistics."""


def reference_step(
    model: Any,
    weights: Sequence[Any] | None,
    x: Any,
    y: Any,
    loss: Any = "mean_squared_error",
    optimizer: Any = "rmsprop",
    training: bool = True,
) -> Step:
    """Take one step from ``weights`` on the batch ``x`` (n, …), ``y`` (n,) or (n, columns), by GradientTape.

    ``model`` is a live or restored model, or Keras's JSON of one (text or data); it is copied and stays as it is.
    ``weights`` are in the order of ``get_weights``; None: the model's own. ``loss`` is whatever ``canonical_loss``
    takes, or a function of targets and outputs; its mean over the batch counts. ``optimizer`` is Keras's name, a
    pair of name and settings, or an optimizer object. ``training`` is passed to the model.

    Keras draws dropout's masks anew each time: a model that drops anything out has no reference step in training.
    Give its dropout the rate 0 where steps are compared, or step with ``training=False``. Raises AssertionError
    for such a model, and for weights or a batch that do not fit.
    """
    import keras
    import tensorflow as tf

    own = _copied(model, weights)
    seeds = _seeds(own)
    inputs = [tf.convert_to_tensor(one) for one in x] if len(own.inputs) > 1 else tf.convert_to_tensor(x)
    targets = np.asarray(y, dtype="float32")
    loss_of = _loss_function(loss)
    try:
        with tf.GradientTape() as tape:
            outputs = own(inputs, training=training)
            # Targets (n,) against outputs (n, 1) would broadcast to (n, n).
            fitting = targets.reshape(outputs.shape) if targets.size == np.prod(outputs.shape) else targets
            value = tf.reduce_mean(loss_of(tf.convert_to_tensor(fitting), outputs))
            value += tf.cast(sum(own.losses), value.dtype)
        gradients = tape.gradient(value, own.trainable_variables, unconnected_gradients="zero")
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        raise AssertionError(f"the batch does not fit the model: {str(error).partition(chr(10))[0]}") from error
    assert _seeds(own) == seeds, "the model is random in training: its steps can't be compared"
    _optimizer(optimizer).apply(gradients, own.trainable_variables)
    return Step(
        loss=float(value),
        weights=tuple(weights_of(own)),
        gradients=tuple(np.asarray(keras.ops.convert_to_numpy(gradient)) for gradient in gradients),
        state=tuple(np.asarray(weight) for weight in own.non_trainable_weights),
    )


def assert_same_step(found: Mapping[str, Any], expected: Step, tolerance: float = 1e-5) -> None:
    """Assert that ``found`` agrees with ``expected`` in "loss", "weights", "gradients" and "state", where given.

    Numbers may differ by ``tolerance``, or by ``tolerance`` times the largest of their array if that is above 1.
    """
    assert isinstance(found, Mapping), f"what a step comes to is asked, by name; found {shown(found)}"
    names = [name for name in ("loss", "weights", "gradients", "state") if name in found]
    assert names, f"a step's loss, weights or gradients are asked, found {', '.join(map(str, found)) or 'nothing'}"
    for name in names:
        if name == "loss":
            _assert_close(found["loss"], np.asarray(expected.loss), tolerance, "the loss")
            continue
        arrays, wanted = found[name], getattr(expected, name)
        assert isinstance(arrays, list | tuple), f"{name} should be a list of arrays, found {shown(arrays)}"
        as_many = len(arrays) == len(wanted)
        assert as_many, f"there are {len(arrays)} arrays of {name}, where the model has {len(wanted)}"
        for number, (array, right) in enumerate(zip(arrays, wanted, strict=True), start=1):
            _assert_close(array, right, tolerance, f"{name}, array {number} of {len(wanted)} {right.shape}")


def _assert_close(found: Any, expected: NDArray[Any], tolerance: float, name: str) -> None:
    array = array_of(found, name).astype("float64")
    assert array.shape == expected.shape, f"{name} should have the shape {expected.shape}; it has {array.shape}"
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    distance = float(np.abs(array - expected).max(initial=0))
    assert distance <= tolerance * scale, (
        f"after one step, {name} differs by up to {distance:.3g} from what the step comes to"
    )


def _copied(model: Any, weights: Sequence[Any] | None) -> Any:
    """Return a new model with the graph of ``model`` and ``weights``."""
    if isinstance(model, str | dict):
        written = model if isinstance(model, str) else attempted(json.dumps, model)
        form = attempted(json.loads, written)
        assert isinstance(form, dict), f"a model, or Keras's JSON of one, is asked; found {shown(model)}"
        form.pop("compile_config", None)
        assert weights is not None, "weights are asked with a model's JSON"
    else:
        own = graph(model)
        form = architecture_of(own)[0] or {}
        weights = weights_of(own) if weights is None else weights
    assert isinstance(weights, list | tuple), f"a list of weights is asked, found {shown(weights)}"
    arrays = [array_of(array, f"array {number} of the weights") for number, array in enumerate(weights, start=1)]
    try:
        return rebuild(form, arrays)
    except BadBlob as error:
        raise AssertionError(f"no step can be taken with these weights: {error}") from error


def _seeds(model: Any) -> list[list[int]]:
    """Return the states of the model's random generators: who draws moves one on."""
    weights = {id(weight) for weight in model.weights}
    return [np.asarray(variable).tolist() for variable in model.variables if id(variable) not in weights]


def _loss_function(loss: Any) -> Callable[[Any, Any], Any]:
    import keras

    if callable(loss) and not isinstance(loss, type):
        return loss  # type: ignore[no-any-return]
    found = loss if isinstance(loss, Loss) else canonical_loss(loss)
    function = getattr(keras.losses, found.name, None)
    assert function is not None, f"a loss of Keras is asked, found {found.name}"
    settings = {name: value for name, value in found.settings.items() if name != "reduction"}
    if found.from_logits:
        settings["from_logits"] = True
    return lambda targets, outputs: function(targets, outputs, **settings)


def _optimizer(optimizer: Any) -> Any:
    import keras

    if isinstance(optimizer, tuple) and len(optimizer) == 2:
        name, settings = optimizer
        return keras.optimizers.get({"class_name": str(name), "config": dict(settings)})
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return type(optimizer).from_config(optimizer.get_config())
    found = attempted(keras.optimizers.get, optimizer) if isinstance(optimizer, str) else None
    assert found is not None, f"an optimizer of Keras is asked, found {shown(optimizer)}"
    return found
