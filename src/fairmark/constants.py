"""Arrays that nobody changes, and what is worked out of them: kept, so that a class waits for it once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])


def constant(array: NDArray[Any]) -> NDArray[Any]:
    """Return ``array``, which can't be written to from now on; the items of an object array still can."""
    array.flags.writeable = False
    return array


def remembered(count: int) -> Callable[[Function], Function]:
    """Keep what a function of an array gave for the last ``count`` arrays that are `constant` and no views.

    What it gave is constant then, too, if it is an array: all callers share it.
    """

    def decorate(function: Function) -> Function:
        @lru_cache(count)
        def kept(same: _Same, *args: Any, **kwargs: Any) -> Any:
            found = function(same.array, *args, **kwargs)
            return constant(found) if isinstance(found, np.ndarray) else found

        @wraps(function)
        def call(array: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(array, np.ndarray) and array.flags.owndata and not array.flags.writeable:
                return kept(_Same(array), *args, **kwargs)
            return function(array, *args, **kwargs)

        return cast(Function, call)

    return decorate


class _Same:
    """One array, equal to nothing but itself; while it is kept, no other object has its id."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array

    def __hash__(self) -> int:
        return id(self.array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.array is self.array
