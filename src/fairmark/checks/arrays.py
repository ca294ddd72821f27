"""Arrays: shape, type and values, with a sentence for each way to differ."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.checks.subject import shown


def assert_array(
    found: Any,
    shape: tuple[int, ...] | None = None,
    dtype: str | tuple[str, ...] | None = None,
    values: Any = None,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    name: str = "the array",
) -> None:
    """Assert that ``found`` (an array, or nested lists of numbers) is as asked.

    ``dtype`` is the name of a NumPy type such as "float32", or of a kind of them such as "floating" or
    "integer", or several names of which one must hold. Values may differ by ``atol + rtol * |value|``; nan
    equals nan.
    """
    array = array_of(found, name)
    if shape is not None:
        assert array.shape == tuple(shape), f"{name} should have the shape {tuple(shape)}; it has {array.shape}"
    if dtype is not None:
        names = (dtype,) if isinstance(dtype, str) else dtype
        fits = any(_is_of(array.dtype, one) for one in names)
        assert fits, f"{name} should be of type {' or '.join(names)}; it is {array.dtype}"
    if values is not None:
        _assert_values(array, np.asarray(values), rtol, atol, name)


def array_of(found: Any, name: str) -> NDArray[Any]:
    """Return ``found`` as an array of numbers (or truth values). Raises AssertionError if it is none."""
    try:
        array = np.asarray(found)
    except (TypeError, ValueError):
        array = np.asarray(None)
    numbers = array.dtype.kind in "biuf"
    assert numbers, f"{name} should be an array of numbers, found {shown(found)}"
    return array


def _is_of(found: np.dtype[Any], name: str) -> bool:
    if name in ("number", "integer", "signedinteger", "unsignedinteger", "inexact", "floating"):
        return bool(np.issubdtype(found, getattr(np, name)))
    return found == np.dtype(name)


def _assert_values(array: NDArray[Any], expected: NDArray[Any], rtol: float, atol: float, name: str) -> None:
    assert array.shape == expected.shape, f"{name} should have the shape {expected.shape}; it has {array.shape}"
    close = np.isclose(array.astype("float64"), expected.astype("float64"), rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return
    place = tuple(int(n) for n in np.argwhere(~close)[0])
    wrong = int(np.sum(~close))
    where = f" at {list(place)}" if place else ""
    raise AssertionError(
        f"{name}: {wrong} of {close.size} values are wrong; the first{where} is {array[place]:g} instead of "
        f"{expected[place]:g}"
    )
