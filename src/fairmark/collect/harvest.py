"""What a kernel left in its room, taken over with no trust, once none of its processes runs any more.

Everything there may have been written by student code: any bytes, names, links and permissions.
"""

import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from pydantic import ValidationError

from fairmark.evidence.fits import FILE, SUFFIX, Fits
from fairmark.evidence.manifest import Captured

RECORD_LIMIT = 64 << 20
"""Bytes of all records together."""
MAX_PARTS = 8_000_000
"""Most items of one: a few bytes of JSON may take a hundred of memory."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Unsound(Exception):
    """No plain file, or none that can be read."""


def read_records(folder: Path, questions: Iterable[str]) -> dict[str, Captured]:
    """Read what the stand-in wrote, believing nothing: a record that is not sound is left out."""
    records: dict[str, Captured] = {}
    room = RECORD_LIMIT
    for question in questions if _is_there(folder) else ():
        with (
            suppress(_Unsound, ValidationError, ValueError, RecursionError),
            _opened(folder / f"{question}.json") as file,
        ):
            size = os.fstat(file.fileno()).st_size
            if size > room:
                continue
            room -= size
            data = file.read()
            if sum(map(data.count, (b"[", b"{", b","))) > MAX_PARTS:
                continue
            record = Captured.model_validate(json.loads(data))
            record.model_dump_json()  # text or nesting that no manifest can hold
            records[question] = record
    return records


def copy_blobs(folder: Path, records: Mapping[str, Captured], target: Path, limit: int) -> None:
    """Copy the blobs that ``records`` name, up to ``limit`` bytes in all, but none that is not what its name says.

    What is missing may be seen by looking at names alone; readers check each hash again.
    """
    blobs = folder / "blobs"
    if not _is_there(folder) or not _is_real(blobs):
        return
    for name in sorted(set[str]().union(*(record.named_blobs() for record in records.values()))):
        with suppress(_Unsound), _opened(blobs / name) as file:
            limit -= os.fstat(file.fileno()).st_size
            if limit < 0:
                return
            with (target / name).open("x+b") as copy:
                shutil.copyfileobj(file, copy)
                copy.seek(0)
                found = hashlib.file_digest(copy, "sha256").hexdigest()
            if found != name:
                (target / name).unlink()


def copy_fits(folder: Path, target: Path, arrays: Path, limit: int) -> None:
    """Copy the record of the fits to ``target`` and their arrays to ``arrays``, up to ``limit`` bytes in all.

    A record that is not sound is left out; readers of arrays check each hash.
    """
    if not _is_there(folder):
        return
    with suppress(_Unsound, ValueError, RecursionError), _opened(folder / FILE) as file:
        if os.fstat(file.fileno()).st_size > RECORD_LIMIT:
            return
        fits = Fits.validate_json(file.read())
        (target / FILE).write_bytes(Fits.dump_json(fits, indent=1))
        digests = {digest for fit in fits for digest in (fit.x, fit.y) if digest and _DIGEST.fullmatch(digest)}
        for name in sorted(digests):
            with suppress(_Unsound), _opened(folder / f"{name}{SUFFIX}") as array:
                limit -= os.fstat(array.fileno()).st_size
                if limit < 0:
                    return
                part = arrays / f"{name}.{uuid4().hex[:8]}.part"
                with part.open("xb") as copy:
                    shutil.copyfileobj(array, copy)
                part.replace(arrays / f"{name}{SUFFIX}")


def _is_there(evidence: Path) -> bool:
    return _is_real(evidence.parent) and _is_real(evidence)


def _is_real(folder: Path) -> bool:
    """Is ``folder`` one, and no link to another? Its permissions may have been taken away: they are given back."""
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            return False
        folder.chmod(0o700)
    except OSError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a plain file for reading. Raises _Unsound for anything else, without waiting for a pipe's other end."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise _Unsound from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _Unsound
    with os.fdopen(descriptor, "rb") as file:
        yield file
