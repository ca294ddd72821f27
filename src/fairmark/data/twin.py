"""Twins on disk: generated once, kept as plain arrays, used only if their content is what it should be."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fairmark.data.fetch import cache_folder, install

Arrays = dict[str, npt.NDArray[Any]]
"""A data set's content: plain (never object) arrays by name."""


class TwinDamaged(Exception):
    """A twin's content is not the one that was pinned; the message is one sentence."""


@dataclass(frozen=True)
class Twin:
    """The offline stand-in for a data set.

    Attributes:
        file: its name in fairmark's cache and in a kernel's ``$KERAS_HOME/datasets``.
        sha256: what `content_sha256` gives for its content.
        generate: makes the content, on every machine the same.
    """

    file: str
    sha256: str
    generate: Callable[[], Arrays]


def content_sha256(arrays: Arrays) -> str:
    """sha256 over names, types, shapes and values: the same whatever the machine's byte order or the zip."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        # "u2", "i8": what `dtype.str` says without the byte order.
        digest.update(f"{name} {array.dtype.kind}{array.dtype.itemsize} {array.shape}\n".encode())
        digest.update(little.data)
    return digest.hexdigest()


def read(twin: Twin, path: Path) -> Arrays:
    """The content stored at ``path``.

    Raises:
        TwinDamaged: the file isn't there, can't be read, or holds anything else.
    """
    try:
        # Opened here, because NumPy leaves a damaged file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    # The variety is NumPy's and zipfile's: a file cut short or overwritten can fail at any step.
    except (OSError, ValueError, KeyError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise TwinDamaged(f"{path} can't be read as a twin ({type(error).__name__})") from error
    if content_sha256(arrays) != twin.sha256:
        raise TwinDamaged(f"{path} does not hold the twin that this version of fairmark makes")
    return arrays


def write(twin: Twin, folder: Path) -> Path:
    """Put the twin's file into ``folder`` (made if need be), complete or not at all, or raise OSError."""
    return _store(content(twin), folder / twin.file)


@lru_cache
def content(twin: Twin) -> Arrays:
    """The twin's content: from fairmark's cache, or generated and kept there (both the same).

    Raises:
        TwinDamaged: what this machine generates is not what was pinned.
    """
    path = cache_folder() / twin.file
    try:
        return read(twin, path)
    except TwinDamaged:
        arrays = twin.generate()
    if content_sha256(arrays) != twin.sha256:
        raise TwinDamaged(f"this machine generates another {twin.file} than the one that was pinned")
    with suppress(OSError):  # a cache that can't be written costs the next process a second, no more
        _store(arrays, path)
    return arrays


def _store(arrays: Arrays, path: Path) -> Path:
    with tempfile.TemporaryDirectory(prefix="fairmark-twin-") as staging:
        complete = Path(staging) / path.name
        # Not compressed: that would take seconds and save a quarter.
        members: dict[str, Any] = {**arrays}
        np.savez(complete, **members)
        return install(complete, path)
