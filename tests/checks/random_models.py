"""Small random networks as plain plans, and a writer that spells one plan in many ways."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import keras
from hypothesis import strategies as st

layers = keras.layers

WIDTH = 3
ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid", "elu", "softmax")
AS_LAYER = {"relu": layers.ReLU, "softmax": layers.Softmax, "elu": layers.ELU}
AS_OPERATION = {"relu": lambda x: keras.ops.maximum(x, 0), "tanh": keras.ops.tanh, "sigmoid": keras.ops.sigmoid}
MERGES = {"Add": layers.Add, "Multiply": layers.Multiply, "Average": layers.Average, "Maximum": layers.Maximum}
ORDERED = {"Concatenate": layers.Concatenate, "Subtract": layers.Subtract}


@dataclass(frozen=True)
class Dense:
    units: int = 2
    activation: str = "relu"
    use_bias: bool = True
    l2: float = 0.0
    kernel_initializer: str = "glorot_uniform"


@dataclass(frozen=True)
class Dropout:
    rate: float = 0.5


@dataclass(frozen=True)
class BatchNorm:
    momentum: float = 0.99


@dataclass(frozen=True)
class Branches:
    """Two ways side by side, each ended by a Dense of WIDTH units, then merged."""

    merge: str
    left: tuple[Any, ...]
    right: tuple[Any, ...]


dense = st.builds(
    Dense,
    units=st.integers(2, 4),
    activation=st.sampled_from(ACTIVATIONS),
    use_bias=st.booleans(),
    l2=st.sampled_from([0.0, 0.01, 0.001]),
    kernel_initializer=st.sampled_from(["glorot_uniform", "he_normal"]),
)
simple = dense | st.builds(Dropout, st.sampled_from([0.2, 0.5])) | st.builds(BatchNorm, st.sampled_from([0.9, 0.99]))
branches = st.builds(
    Branches,
    st.sampled_from([*MERGES, *ORDERED]),
    st.lists(simple, max_size=1).map(tuple),
    st.lists(simple, max_size=1).map(tuple),
)
plans = st.lists(simple | branches, min_size=1, max_size=4).map(lambda steps: (*steps, Dense(1, "sigmoid")))


class Plainly:
    """Writes everything as an argument, one layer after the other, without names."""

    def model(self, plan: tuple[Any, ...]) -> Any:
        start = keras.Input((WIDTH,))
        return keras.Model(start, self.steps(start, plan))

    def steps(self, x: Any, plan: tuple[Any, ...]) -> Any:
        for step in plan:
            x = self.step(x, step)
        return x

    def step(self, x: Any, step: Any) -> Any:
        if isinstance(step, Dropout):
            return layers.Dropout(step.rate)(x)
        if isinstance(step, BatchNorm):
            return layers.BatchNormalization(momentum=step.momentum)(x)
        if isinstance(step, Branches):
            return self.merged(step.merge, *(self.steps(x, (*side, Dense(WIDTH))) for side in (step.left, step.right)))
        return self.dense(x, step)

    def merged(self, merge: str, left: Any, right: Any) -> Any:
        return {**MERGES, **ORDERED}[merge]()([left, right])

    def dense(self, x: Any, step: Dense) -> Any:
        return layers.Dense(
            step.units, step.activation, use_bias=step.use_bias, kernel_initializer=step.kernel_initializer,
            kernel_regularizer=keras.regularizers.L2(step.l2) if step.l2 else None,
        )(x)  # fmt: skip


class OwnModel(keras.Model):
    """A functional model of the student's own class."""


class Otherwise(Plainly):
    """Writes the same network in another way, drawn at random."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def model(self, plan: tuple[Any, ...]) -> Any:
        if self.random.random() < 0.3:
            return self.sequential(plan, named=True)
        start = keras.Input((WIDTH,), name="start")
        return self.random.choice([keras.Model, OwnModel])(start, self.steps(start, plan), name="mine")

    def sequential(self, plan: tuple[Any, ...], named: bool = False) -> Any:
        model = keras.Sequential([keras.Input((WIDTH,))], name="other" if named else None)
        shape = (WIDTH,)
        for step in plan:
            start = keras.Input(shape)
            model.add(keras.Model(start, self.step(start, step)))
            shape = model.output_shape[1:]
        return model

    def steps(self, x: Any, plan: tuple[Any, ...]) -> Any:
        cut = self.random.randint(0, len(plan))
        if cut and self.random.random() < 0.3:
            start = keras.Input(x.shape[1:])
            x = keras.Model(start, super().steps(start, plan[:cut]))(x)
            plan = plan[cut:]
        return super().steps(x, plan)

    def step(self, x: Any, step: Any) -> Any:
        nothing = [layers.Identity, lambda: layers.Activation("linear"), lambda: layers.Dropout(0.0)]
        x = self.random.choice(nothing)()(x) if self.random.random() < 0.3 else x
        if isinstance(step, Dropout):
            return layers.Dropout(step.rate, seed=self.random.randint(0, 99))(x)
        if isinstance(step, BatchNorm):
            return layers.BatchNormalization(axis=self.random.choice([-1, 1]), momentum=step.momentum)(x)
        return super().step(x, step)

    def merged(self, merge: str, left: Any, right: Any) -> Any:
        if merge in ORDERED:
            return super().merged(merge, left, right)
        pair = [left, right] if self.random.random() < 0.5 else [right, left]
        written = self.random.choice(["layer", "function", "operation"])
        if written == "operation" and merge != "Average":
            return getattr(keras.ops, merge.lower())(*pair)
        return getattr(layers, merge.lower())(pair) if written == "function" else super().merged(merge, *pair)

    def dense(self, x: Any, step: Dense) -> Any:
        charged = {"class_name": "L2", "config": {"l2": step.l2}}
        ways: list[Any] = [keras.regularizers.L2(step.l2), keras.regularizers.L1L2(l2=step.l2), charged]
        x = layers.Dense(
            step.units, use_bias=step.use_bias,
            kernel_initializer=keras.initializers.get(step.kernel_initializer),
            kernel_regularizer=self.random.choice([*ways, "l2"] if step.l2 == 0.01 else ways),
        )(x)  # fmt: skip
        return self.activated(x, step.activation)

    def activated(self, x: Any, activation: str) -> Any:
        ways = [layers.Activation(activation), layers.Activation(getattr(keras.activations, activation))]
        ways += [AS_LAYER[activation]()] if activation in AS_LAYER else []
        ways += [AS_OPERATION[activation]] if activation in AS_OPERATION else []
        return self.random.choice(ways)(x)


def changed(plan: tuple[Any, ...], random: Random) -> tuple[Any, ...]:
    """Return ``plan`` with one thing changed that matters."""
    place = random.randrange(len(plan))
    step = plan[place]
    if random.random() < 0.2:
        more = random.choice([Dense(2, "tanh"), Dropout(0.3), BatchNorm()])
        return (*plan[:place], more, *plan[place:])
    if random.random() < 0.2 and len(plan) > 1:
        return plan[:place] + plan[place + 1 :]
    if isinstance(step, Dropout):
        new: Any = Dropout(step.rate + 0.1)
    elif isinstance(step, BatchNorm):
        new = BatchNorm(step.momentum - 0.1)
    elif isinstance(step, Branches):
        new = random.choice([
            replace(step, merge=random.choice([m for m in (*MERGES, *ORDERED) if m != step.merge])),
            replace(step, left=(*step.left, Dense(2))),
        ])  # fmt: skip
    else:
        new = replace(step, **random.choice([
            {"units": step.units + 1},
            {"activation": random.choice([a for a in ACTIVATIONS if a != step.activation])},
            {"use_bias": not step.use_bias},
            {"l2": step.l2 + 0.01},
            {"kernel_initializer": "he_uniform"},
        ]))  # fmt: skip
    return (*plan[:place], new, *plan[place + 1 :])
