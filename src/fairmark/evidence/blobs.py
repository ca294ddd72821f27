"""Content-addressed files: each blob is named by the sha256 of its bytes."""

import hashlib
import io
import math
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_HEADER = 10_000
KINDS = "biufcSUmM"
"""Kinds of NumPy types that are stored and read: numbers, text and times."""


class BadBlob(Exception):
    """A blob that is missing, altered, too large or not what its record says."""


class TooLarge(Exception):
    """A value that does not fit into the limits of its evidence."""


def npy_bytes(array: NDArray[Any]) -> bytes:
    """Return ``array`` as the bytes of a .npy file (never pickled)."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array) if array.ndim else array, allow_pickle=False)
    return buffer.getvalue()


class _Hash(io.RawIOBase):
    """A file that keeps nothing of what is written into it but the hash."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: Any) -> int:
        """Take some bytes in."""
        self.sha256.update(data)
        return len(data)


def digest_of(array: NDArray[Any]) -> str:
    """Return the sha256 of the bytes of ``array``'s .npy file, which is never in memory as a whole."""
    target = _Hash()
    np.lib.format.write_array(target, np.ascontiguousarray(array), allow_pickle=False)
    return target.sha256.hexdigest()


def array_from_npy(data: bytes) -> NDArray[Any]:
    """Read an array, having checked that header and length agree before anything is allocated."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        reader = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shape, _, dtype = reader(stream, max_header_size=MAX_HEADER)
    except TimeoutError:
        raise  # the examiner's alarm
    except Exception as error:  # NumPy's parser lets many kinds through, MemoryError among them
        raise BadBlob(f"not an array file: {type(error).__name__}") from error
    if dtype.kind not in KINDS or dtype.itemsize == 0 or any(extent < 0 for extent in shape):
        raise BadBlob("only arrays of numbers, text and times are read")
    count = math.prod(shape)
    if count * dtype.itemsize != len(data) - stream.tell():
        raise BadBlob(f"an array file whose length does not fit its shape {shape}")
    stream.seek(0)
    try:
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    except (ValueError, OverflowError) as error:
        raise BadBlob(f"an array file of the shape {shape}") from error
    return array


@dataclass
class BlobWriter:
    """Writes blobs into ``folder``; refuses what goes over the limits (in bytes)."""

    folder: Path
    name_limit: int
    total_limit: int
    written: dict[str, int] = field(default_factory=dict)

    def put(self, data: bytes) -> str:
        """Store ``data`` and return its sha256."""
        if len(data) > self.name_limit:
            raise TooLarge(f"{len(data) / 1e6:,.0f} MB; at most {self.name_limit / 1e6:,.0f} MB are kept")
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.written:
            return digest
        if sum(self.written.values()) + len(data) > self.total_limit:
            raise TooLarge(f"the submission's evidence is full ({self.total_limit / 1e6:,.0f} MB)")
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f"{digest}.part"
        temporary.write_bytes(data)
        temporary.replace(self.folder / digest)
        self.written[digest] = len(data)
        return digest

    def keep(self, named_in: str) -> None:
        """Drop every blob whose name does not occur in ``named_in``: a later check superseded it."""
        for digest in [digest for digest in self.written if digest not in named_in]:
            (self.folder / digest).unlink(missing_ok=True)
            del self.written[digest]


@dataclass(frozen=True)
class BlobReader:
    """Reads blobs from ``folder`` and believes none of them before its hash is checked."""

    folder: Path
    limit: int = 1 << 30

    def get(self, digest: str) -> bytes:
        """Return the bytes of blob ``digest``; raises BadBlob when missing, altered or too large."""
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise BadBlob("a blob is named by its sha256")
        path = self.folder / digest
        if path.is_symlink() or not path.is_file():
            raise BadBlob(f"blob {digest[:12]} is missing")
        if path.stat().st_size > self.limit:
            raise BadBlob(f"blob {digest[:12]} is larger than {self.limit / 1e6:,.0f} MB")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadBlob(f"blob {digest[:12]} was altered")
        return data
