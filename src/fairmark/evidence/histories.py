"""Learning curves as evidence holds them, read from the manifest alone and believing nothing."""

import math
from typing import Any

LARGEST = 1e15
"""No loss or metric is further from zero."""
MAX_EPOCHS = 1000
_DECIMALS = 12


def learning_curves(node: Any) -> dict[str, tuple[float, ...]]:
    """Return each metric of a training history, epoch by epoch; nothing if ``node`` is no history.

    A history is a Keras History, or a dictionary of equally long lists of numbers with "loss" among its keys. Metrics
    with a number that is not finite or absurdly large are left out, and epochs after the 1,000th. NumPy's numbers are
    blobs, which are not read here.
    """
    match node:
        case {"$": "history", "history": {"$": "dict", "items": list(items)}}:
            whole = False
        case {"$": "dict", "items": list(items)}:
            whole = True
        case _:
            return {}
    lists = {pair[0]: pair[1] for pair in items if _is_named_list(pair)}
    epochs = len(lists.get("loss", ()))
    alike = {name: values for name, values in lists.items() if len(values) == epochs}
    if epochs == 0 or (whole and len(alike) < len(items)):
        return {}
    curves = {name: tuple(map(_number, values[:MAX_EPOCHS])) for name, values in alike.items()}
    return {name: curve for name, curve in curves.items() if all(map(math.isfinite, curve))}


def _is_named_list(pair: Any) -> bool:
    match pair:
        case [str(), list(values)]:
            return all(type(value) in (int, float) or _is_special(value) for value in values)
    return False


def _is_special(value: Any) -> bool:
    """Is ``value`` how evidence writes NaN or an infinity?"""
    return isinstance(value, dict) and value.get("$") == "float"


def _number(value: Any) -> float:
    """Return a plain number, NaN for any that no chart can show."""
    return math.nan if _is_special(value) or not abs(value) <= LARGEST else round(float(value), _DECIMALS)
