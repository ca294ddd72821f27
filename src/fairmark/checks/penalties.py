"""Weight penalties: what a regularizer charges, found by trying it, and what a model's weights cost."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.subject import graph, shown
from fairmark.evidence.compilation import attempted

_TRIALS = tuple(np.array(rows, dtype="float64") for rows in ([[1, 2], [3, -4]], [[2, 4], [6, -8]], [[-5, 1, 0.5]] * 2))


@dataclass(frozen=True)
class Penalty:
    """``l1`` x the sum of absolute values plus ``l2`` x the sum of squares; no regularizer is a penalty of 0."""

    l1: float = 0.0
    l2: float = 0.0
    other: tuple[float, ...] = ()
    """What a regularizer of another form charges for fixed weights; empty for L1, L2 and their sum."""

    def __str__(self) -> str:
        parts = [f"{name} {value:g}" for name, value in (("L1", self.l1), ("L2", self.l2)) if value]
        return " + ".join(parts) or ("of another form" if self.other else "none")


NO_PENALTY = Penalty()


def penalty(regularizer: Any) -> Penalty:
    """Return what ``regularizer`` (text, object, as Keras writes it down, or None) charges.

    By behaviour: "l2", L2(0.01) and L1L2(l2=0.01) are equal. Raises AssertionError for what Keras takes for no
    regularizer.
    """
    import keras

    found = attempted(keras.regularizers.get, regularizer)
    if regularizer is None or found is None:
        assert regularizer is None, f"a regularizer is asked, found {shown(regularizer)}"
        return NO_PENALTY
    charged = [attempted(_charge, found, trial) for trial in _TRIALS]
    known = tuple(float(f"{value:.6g}") for value in charged if value is not None)
    assert known, f"a regularizer is asked, found {shown(regularizer)}, which charges nothing for a matrix"
    if len(known) < len(_TRIALS):
        return Penalty(other=known)
    sums = np.array([[np.abs(trial).sum(), np.square(trial).sum()] for trial in _TRIALS])
    factors = np.linalg.solve(sums[:2], charged[:2])
    if not np.allclose(sums @ factors, charged, rtol=1e-5, atol=1e-12):
        return Penalty(other=known)
    factors[np.abs(factors) < 1e-6 * np.abs(factors).max()] = 0
    l1, l2 = (float(f"{factor:.6g}") + 0.0 for factor in factors)
    return Penalty(l1, l2)


def penalty_value(model: Any) -> float:
    """Return the sum of the penalties on the weights of ``model``, computed from the weights in float64.

    Penalties on activities depend on inputs and are left out. Raises NotExamined for a model without a graph.
    """
    return float(sum(_cost(regularizer, weights) for regularizer, weights in _penalised(model)))


def _cost(regularizer: Any, weights: NDArray[Any]) -> float:
    charged = penalty(regularizer)
    if charged.other:
        return _charge(regularizer, weights)
    return float(charged.l1 * np.abs(weights).sum() + charged.l2 * np.square(weights).sum())


def _charge(regularizer: Any, weights: NDArray[Any]) -> float:
    import keras

    try:
        return float(regularizer(keras.ops.convert_to_tensor(weights, dtype="float64")))
    except Exception:  # some of Keras's own take float32 alone
        return float(regularizer(keras.ops.convert_to_tensor(weights, dtype="float32")))


def _penalised(model: Any) -> list[tuple[Any, NDArray[Any]]]:
    """Return each regularizer with the weights it is on; Keras charges for trainable ones only."""
    weights = graph(model).trainable_weights
    return [(weight.regularizer, np.asarray(weight, dtype="float64")) for weight in weights if weight.regularizer]
