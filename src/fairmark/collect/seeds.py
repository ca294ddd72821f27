"""Inside the student's kernel: the grader owns every seed, whatever seeds the notebook writes.

A seed s becomes H(grader's seed, s). Inside one run the same s still gives the same numbers; under another seed of the
grader's it gives others, so a lucky seed that was searched for at home is worth nothing here. Where a notebook asks for
fresh randomness (``default_rng()``), it gets some that follows from the grader's seed too: a run can be repeated.

Libraries that hand an integer on to NumPy's RandomState (scikit-learn's ``random_state=``, pandas' ``sample``, SciPy)
or to Python's ``random`` (``keras.utils.split_dataset``) need nothing of their own. Seeds that choose which rows a data
set's ``load_data`` returns stay: the data are the course's. So do those of probes, whose numbers the tests know.

A notebook can undo all this. It gains nothing by it but a seed of its own choice, which is an escape like the forms of
``seed_forms``, only harder to find.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

PROBES = "fairmark.probes"
"""The name of the module in which probes live."""

_LEFT_ALONE = ("fairmark.", "keras.src.datasets.")


def remapped(grader_seed: int, seed: str) -> int:
    """H: the first 32 bits of the sha256 of both seeds, ``seed`` as it is written."""
    return int.from_bytes(hashlib.sha256(f"{grader_seed}/{seed}".encode()).digest()[:4])


class Remapping:
    """What becomes of seeds under one seed of the grader's."""

    def __init__(self, grader_seed: int) -> None:
        self._grader_seed = grader_seed
        self._drawn = 0

    def __call__(self, seed: Any) -> Any:
        """Return what the caller of a stand-in gets for ``seed``; generators and the like come back as they are."""
        if seed is None:
            self._drawn += 1
            return remapped(self._grader_seed, f"fresh {self._drawn}")
        caller = sys._getframe(2).f_globals.get("__name__") or ""
        # `random.Random(s)` calls its own method `seed` with what it was given.
        if caller == "random" or caller.startswith(_LEFT_ALONE):
            return seed
        written = _written(seed)
        return seed if written is None else remapped(self._grader_seed, written)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Whatever is drawn inside, the notebook goes on as if it had not been."""
        state = random.getstate(), np.random.get_state(), self._drawn
        try:
            yield
        finally:
            random.setstate(state[0])
            np.random.set_state(state[1])
            self._drawn = state[2]


def install(grader_seed: int) -> Remapping:
    """Remap every seed from here on; before any student code, so that no alias of a function is older."""
    remapping = Remapping(grader_seed)
    _remap_python(remapping)
    _remap_numpy(remapping)
    _remap_tensorflow(remapping)
    _remap_keras(remapping)
    return remapping


def _written(seed: Any) -> str | None:
    """Return a seed as text, the same for equal ones of whatever integer type; None for what is no plain seed."""
    if isinstance(seed, int | np.integer):
        return str(int(seed))
    if isinstance(seed, str | bytes | bytearray | float):
        return repr(seed)
    if isinstance(seed, list | tuple | np.ndarray):
        return repr(np.asarray(seed).tolist())
    return None


class _Replacement(type):
    """Of a class that stands in for its base: the base's instances count as its own."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return super().__instancecheck__(instance) or isinstance(instance, cls.__dict__.get("_replaced", ()))


def _replace(owner: Any, replacement: Any) -> None:
    original = getattr(owner, replacement.__name__)
    replacement._replaced = original
    # It is found by this name when an instance is pickled.
    replacement.__module__, replacement.__qualname__ = original.__module__, original.__qualname__
    replacement.__doc__ = original.__doc__
    setattr(owner, replacement.__name__, replacement)


def _remap_python(remapping: Remapping) -> None:
    original = random.seed

    @wraps(original)
    def seed(a: Any = None, version: int = 2) -> None:
        original(remapping(a), version)

    class Random(random.Random, metaclass=_Replacement):
        def __init__(self, x: Any = None) -> None:
            super().__init__(remapping(x))

        def seed(self, a: Any = None, version: int = 2) -> None:
            super().seed(remapping(a), version)

    random.seed = seed
    _replace(random, Random)


def _remap_numpy(remapping: Remapping) -> None:
    seed_globally, make_generator = np.random.seed, np.random.default_rng

    @wraps(seed_globally)
    def seed(seed: Any = None) -> None:
        seed_globally(remapping(seed))

    @wraps(make_generator)
    def default_rng(seed: Any = None) -> np.random.Generator:
        return make_generator(remapping(seed))

    class RandomState(np.random.RandomState, metaclass=_Replacement):
        def __init__(self, seed: Any = None) -> None:
            super().__init__(remapping(seed))

        def seed(self, seed: Any = None) -> None:
            super().seed(remapping(seed))

    np.random.seed, np.random.default_rng = seed, default_rng
    _replace(np.random, RandomState)


def _remap_tensorflow(remapping: Remapping) -> None:
    """Op-level seeds need the global one too, so that none of them draws the same under two seeds of the grader's."""
    import tensorflow as tf

    original = tf.random.set_seed

    @wraps(original)
    def set_seed(seed: Any) -> None:
        original(remapping(seed))

    tf.random.set_seed = set_seed


def _remap_keras(remapping: Remapping) -> None:
    """All layers take their seeds through SeedGenerator, all initialisers through RandomInitializer.

    ``keras.utils.set_random_seed`` calls the three functions above. What a configuration says of a seed is what the
    notebook wrote, so a layer or initialiser made anew from it draws as the first did.
    """
    from keras.random import SeedGenerator
    from keras.src.initializers.random_initializers import RandomInitializer

    generate, initialise = SeedGenerator.__init__, RandomInitializer.__init__

    @wraps(generate)
    def generator_init(self: Any, seed: Any = None, *args: Any, **kwargs: Any) -> None:
        generate(self, seed if seed is None else remapping(seed), *args, **kwargs)
        self._initial_seed = seed

    @wraps(initialise)
    def initializer_init(self: Any, seed: Any = None) -> None:
        initialise(self, seed)
        if isinstance(seed, int):
            self.seed = remapping(seed)

    SeedGenerator.__init__ = generator_init
    RandomInitializer.__init__ = initializer_init
