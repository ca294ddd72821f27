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
from typing import Any, BinaryIO
from uuid import uuid4

from pydantic import ValidationError

from fairmark.evidence.fits import FILE, SUFFIX, Fits
from fairmark.evidence.manifest import Captured

RECORD_LIMIT = 64 << 20
"""Bytes of all records together."""
MAX_PARTS = 2_000_000
"""Most items of all records together: a few bytes of JSON may take a hundred of memory."""
MAX_DEPTH = 150
"""Levels of lists and objects in a value: the manifest's reader takes 200 in all, and no recorder nests so deeply."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Unsound(Exception):
    """No plain file, or none that can be read."""


def read_records(folder: Path, questions: Iterable[str]) -> dict[str, Captured]:
    """Read what the stand-in wrote, believing nothing: a record that is not sound is left out.

    A value nested too deeply is absent, and says so.
    """
    records: dict[str, Captured] = {}
    room, parts = RECORD_LIMIT, MAX_PARTS
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
            count = sum(map(data.count, (b"[", b"{", b",")))
            if count > parts:
                continue
            parts -= count
            record = Captured.model_validate(json.loads(data))
            record = record.model_copy(update={"names": _shallow(record.names), "probes": _shallow(record.probes)})
            record.model_dump_json()  # text that no manifest can hold
            records[question] = record
    return records


def _shallow(nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the nodes by name; what is nested too deeply is ``absent``."""
    too_deep = {"$": "absent", "reason": f"a value nested more than {MAX_DEPTH} levels deep"}
    return {name: node if _depth(node) <= MAX_DEPTH else too_deep for name, node in nodes.items()}


def _depth(node: Any) -> int:
    """Count the levels of lists and objects in a node."""
    depth, level = 0, [node]
    while level := [part for part in level if isinstance(part, list | dict)]:
        depth += 1
        level = [item for part in level for item in (part.values() if isinstance(part, dict) else part)]
    return depth


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
