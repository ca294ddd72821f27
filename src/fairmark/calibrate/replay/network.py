"""The recipe's model for Keras on JAX: its state under any seed, and how it takes one step."""

import copy
from typing import Any, NamedTuple

import jax
import keras

from fairmark.calibrate.replay.inputs import Inputs, RowsOfWords
from fairmark.calibrate.replay.recipe import NotReplayable, Recipe
from fairmark.evidence.architecture import refusal

_SEED_STATE = "seed_generator_state"
_HEAVY = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Conv2DTranspose,
          keras.layers.SeparableConv2D, keras.layers.RNN)  # fmt: skip


class State(NamedTuple):
    """Everything that training changes, in the order in which Keras's own ``train_step`` takes it."""

    trainable: list[Any]
    non_trainable: list[Any]
    optimizer: list[Any]
    metrics: list[Any]


class Network:
    """A compiled model, whose own variables are never used: their values are in a `State`."""

    def __init__(self, recipe: Recipe, inputs: Inputs) -> None:
        if reason := refusal(recipe.architecture):
            raise NotReplayable(f"the model may not be rebuilt: {reason}")
        # Its variables have no value: asked for one, each calls its initialiser.
        with keras.StatelessScope(initialize_variables=False):
            self._sketch = _assembled(recipe, inputs)
        keras.utils.clear_session(free_memory=False)  # lest Keras initialise them
        self._model = _assembled(recipe, inputs)
        if any(hasattr(layer, "adapt") for layer in self._model._flatten_layers()):
            raise NotReplayable("a layer of it is adapted to data before the training")
        self._model.compile(_optimizer(recipe), _loss(recipe))
        self._model.optimizer.build(self._model.trainable_variables)

    @property
    def heavy(self) -> bool:
        """Does it hold layers that are slower for many seeds at once, on a CPU, than one seed after the other?"""
        return any(isinstance(layer, _HEAVY) for layer in self._model._flatten_layers())

    @property
    def bytes(self) -> int:
        """Memory of one seed's state and gradients."""
        model, optimizer = self._model, self._model.optimizer
        variables = [*model.variables, *optimizer.variables, *model.trainable_variables]
        return sum(int(variable.value.nbytes) for variable in variables)

    def initial(self, key: Any) -> State:
        """Return the state before training, with weights drawn by Keras's own initialisers."""
        weights, dropouts = jax.random.split(key)
        for number, drawing in enumerate(_drawing(self._sketch)):
            drawing.seed = jax.random.fold_in(weights, number)
        with keras.StatelessScope():
            trainable = [variable.value for variable in self._sketch.trainable_variables]
            non_trainable = [
                jax.random.key_data(jax.random.fold_in(dropouts, number))
                if variable.name == _SEED_STATE
                else variable.value
                for number, variable in enumerate(self._sketch.non_trainable_variables)
            ]
        optimizer = [variable.value for variable in self._model.optimizer.variables]
        return State(trainable, non_trainable, optimizer, [v.value for v in self._model.metrics_variables])

    def step(self, state: State, x: Any, y: Any) -> State:
        """Train on one batch."""
        _, after = self._model.train_step(tuple(state), (x, y))
        return State(*after)

    def weights(self, state: State) -> list[Any]:
        """Return the weights in the order of Keras's ``get_weights``."""
        values = dict(zip(map(id, self._model.trainable_variables), state.trainable, strict=True))
        values.update(zip(map(id, self._model.non_trainable_variables), state.non_trainable, strict=True))
        return [values[id(weight)] for weight in self._model.weights]


def _assembled(recipe: Recipe, inputs: Inputs) -> Any:
    """Build the model; where inputs are given as words, its first layer looks their weights up."""
    model = keras.saving.deserialize_keras_object(copy.deepcopy(recipe.architecture))
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise NotReplayable("the model has more than one input or output")
    if not isinstance(inputs, RowsOfWords):
        return model
    first, *others = (layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer))
    return keras.Sequential([keras.Input((), dtype="int32"), inputs.layer(first), *others])


def _drawing(model: Any) -> list[Any]:
    """Return the initialisers that draw random numbers."""
    return [
        value
        for layer in model._flatten_layers()
        for value in vars(layer).values()
        if isinstance(value, keras.initializers.Initializer) and hasattr(value, "seed")
    ]


def _optimizer(recipe: Recipe) -> Any:
    described = recipe.optimizer
    if isinstance(described, dict) and described.get("module") != "keras.optimizers":
        raise NotReplayable("its optimizer is not one of Keras's own")
    optimizer = keras.optimizers.get(copy.deepcopy(described))
    if optimizer.use_ema or isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        raise NotReplayable("its optimizer averages the weights, or scales the loss")
    return optimizer


def _loss(recipe: Recipe) -> Any:
    described = recipe.loss
    own = isinstance(described, dict) and described.get("module") not in ("keras.losses", "builtins")
    if own or not isinstance(described, str | dict):
        raise NotReplayable("its loss is not one of Keras's own")
    try:
        return keras.losses.get(copy.deepcopy(described))
    except (ValueError, TypeError) as error:
        raise NotReplayable("its loss is not one of Keras's own") from error
