"""Imports that take seconds."""

import importlib
import sys
from collections.abc import Iterable


def import_all(modules: Iterable[str]) -> None:
    """Import ``modules`` in their order.

    JAX is hidden meanwhile: TensorFlow's converter for phones would import it, for half a second and nothing.
    Whoever wants JAX can import it afterwards.
    """
    hidden = "jax" not in sys.modules
    if hidden:
        sys.modules["jax"] = None  # type: ignore[assignment]  # Python's way of saying that it is not to be had
    try:
        for module in modules:
            importlib.import_module(module)
    finally:
        if hidden:
            del sys.modules["jax"]
