"""Keras's own functions, replaced where a notebook looks them up."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

# Where ``keras.datasets``, Keras itself and ``tensorflow.keras.datasets`` look the functions up.
_PACKAGES = ("keras.datasets", "keras.src.datasets", "keras._tf_keras.keras.datasets")


def replace(data_set: str, **functions: Callable[..., Any]) -> None:
    """Put ``functions``, by the names that Keras gives them, into the modules of one of its data sets."""
    for name, function in functions.items():
        function.__name__ = name
    for package in _PACKAGES:
        import_module(f"{package}.{data_set}").__dict__.update(functions)
