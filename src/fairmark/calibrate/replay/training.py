"""One seed's training as one function of its number, and many of them at once."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from fairmark.calibrate.replay.inputs import inputs_for
from fairmark.calibrate.replay.network import Network, State
from fairmark.calibrate.replay.recipe import Recipe

CACHE = 1 << 20
"""Bytes that seeds trained at once on a CPU may have together, states and batches: its cache."""
MEMORY = 4 << 30
"""The same on any other device."""
MOST = 512
"""Seeds at once."""


class Training:
    """The recipe, compiled: give it seeds, get weights."""

    def __init__(self, recipe: Recipe, x: NDArray[Any], y: NDArray[Any]) -> None:
        self._recipe = recipe
        self._inputs = inputs_for(x, recipe.architecture)
        self._network = Network(recipe, self._inputs)
        self._data = (self._inputs.data, jnp.asarray(y))
        batch = 2 * 4 * recipe.batch_size * int(np.prod(x.shape[1:]))  # float32, as gathered and as converted
        self._bytes = self._network.bytes + batch
        self._train = jax.jit(jax.vmap(self._one, in_axes=(None, 0, 0)) if self.together > 1 else self._alone)

    @property
    def together(self) -> int:
        """How many seeds are trained at once."""
        if jax.default_backend() != "cpu":
            return max(1, min(MOST, MEMORY // self._bytes))
        return 1 if self._network.heavy else max(1, min(MOST, CACHE // self._bytes))

    def epochs(self, seeds: NDArray[Any]) -> NDArray[Any]:
        """Draw each seed's number of epochs from those of the reruns."""
        drawn = [np.random.default_rng([seed, len(self._recipe.epochs)]).choice(self._recipe.epochs) for seed in seeds]
        return np.asarray(drawn, dtype="int32")

    def weights(self, seeds: NDArray[Any]) -> list[NDArray[Any]]:
        """Train ``together`` seeds, or fewer; return each weight of the model with the seeds as first axis."""
        wanted = np.concatenate([seeds, np.repeat(seeds[-1:], self.together - len(seeds))])
        found = self._train(self._data, jnp.asarray(wanted, "uint32"), jnp.asarray(self.epochs(wanted)))
        return [np.asarray(weight)[: len(seeds)] for weight in found]

    def _alone(self, data: Any, seeds: Any, epochs: Any) -> list[Any]:
        return [weight[None] for weight in self._one(data, seeds[0], epochs[0])]

    def _one(self, data: Any, seed: Any, epochs: Any) -> list[Any]:
        start, shuffled = jax.random.split(jax.random.fold_in(jax.random.key(0), seed))
        rows, anew = len(data[1]), self._recipe.buffer is not None
        one_order = None if anew else self._order(shuffled, rows)

        # Under vmap the loop goes on until the last seed is done; one that is done keeps its state.
        def more(progress: tuple[Any, State]) -> Any:
            return progress[0] < epochs

        def epoch(progress: tuple[Any, State]) -> tuple[Any, State]:
            number, state = progress
            order = self._order(jax.random.fold_in(shuffled, number), rows) if anew else one_order
            return number + 1, self._epoch(data, state, order)

        _, state = lax.while_loop(more, epoch, (jnp.int32(0), self._network.initial(start)))
        return self._network.weights(state)

    def _order(self, key: Any, rows: int) -> Any:
        """Shuffle the rows: arrays once for all epochs, a pipeline's anew for each.

        So does Keras on TensorFlow where a global seed is set: the data set that it makes of arrays begins anew each
        epoch and in each call of ``fit``, and its random numbers with it.
        """
        if not self._recipe.shuffle:
            return jnp.arange(rows)
        buffer = self._recipe.buffer
        return jax.random.permutation(key, rows) if buffer is None or buffer >= rows else _buffered(key, rows, buffer)

    def _epoch(self, data: Any, state: State, order: Any) -> State:
        """Go once through all rows in this order; the last batch may be smaller."""
        rows = len(order)
        size = min(self._recipe.batch_size, rows)
        full = rows // size * size

        def step(state: State, batch: Any) -> tuple[State, None]:
            inputs, targets = data
            return self._network.step(state, self._inputs.batch(inputs, batch), targets[batch]), None

        state, _ = lax.scan(step, state, order[:full].reshape(-1, size))
        return step(state, order[full:])[0] if full < rows else state


def _buffered(key: Any, rows: int, size: int) -> Any:
    """Shuffle as ``tf.data`` does: any of ``size`` rows at hand comes next, and the next in line takes its place.

    So a turn gives the row that came to its place when that was last chosen, at the start the place's own. When none is
    in line any more, those at hand come in any order.
    """
    choosing, ending = jax.random.split(key)
    places = jax.random.randint(choosing, (rows - size,), 0, size)
    turns = jnp.argsort(places)  # stable: the turns of each place, one after the other
    again = jnp.concatenate([jnp.array([False]), places[turns][1:] == places[turns][:-1]])
    came = jnp.where(again, jnp.roll(turns, 1) + size, places[turns])
    at_hand = jnp.arange(size).at[places].max(jnp.arange(size, rows))
    return jnp.concatenate([jnp.zeros_like(came).at[turns].set(came), jax.random.permutation(ending, at_hand)])
