"""Evidence as bytes that travel: a plain tar of its folder, believed no more than any other file."""

import hashlib
import io
import re
import tarfile
from pathlib import Path

from pydantic import ValidationError

from fairmark.evidence.manifest import Manifest
from fairmark.evidence.store import EvidenceStore

_BLOB = re.compile(r"blobs/[0-9a-f]{64}")
_FILES = ("executed.ipynb", "manifest.json")
FILE_LIMIT = 1 << 30
"""Bytes of a file that is no blob."""


class BadParcel(Exception):
    """Bytes that are not the evidence that was asked for."""


def packed(folder: Path) -> bytes:
    """Return the evidence in ``folder`` as an uncompressed tar of regular files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(path.relative_to(folder).as_posix())
            member.size = path.stat().st_size
            with path.open("rb") as stream:
                archive.addfile(member, stream)
    return buffer.getvalue()


def receive(parcel: bytes, key: str, store: EvidenceStore, blob_bytes: int) -> None:
    """Store a parcel under ``key`` in one step. Raises BadParcel unless it is evidence of that key.

    ``blob_bytes`` is what its blobs may have in all. A worker packs no blob whose hash is not its name.
    """
    files = _unpacked(parcel, blob_bytes)
    try:
        manifest = Manifest.model_validate_json(files.pop("manifest.json"))
    except (KeyError, ValidationError) as error:
        raise BadParcel("evidence without a sound manifest") from error
    if manifest.key != key:
        raise BadParcel(f"evidence {manifest.key} where {key} was asked for")

    def fill(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)

    store.write(manifest, fill)


def _unpacked(parcel: bytes, blob_bytes: int) -> dict[str, bytes]:
    """Return the files by name, having checked each name, kind and size, and the hash of each blob."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(parcel), mode="r:") as archive:
            for member in archive:
                is_blob = _BLOB.fullmatch(member.name) is not None
                if (not is_blob and member.name not in _FILES) or member.name in files:
                    raise BadParcel(f"evidence with a file {member.name[:80]!r}")
                if member.type != tarfile.REGTYPE or member.issparse():
                    raise BadParcel(f"evidence in which {member.name} is no regular file")
                if is_blob:
                    blob_bytes -= member.size
                if blob_bytes < 0 or member.size > FILE_LIMIT:
                    raise BadParcel("evidence that is larger than it may be")
                stream = archive.extractfile(member)
                assert stream is not None  # a regular file has one
                files[member.name] = stream.read()
                if is_blob and hashlib.sha256(files[member.name]).hexdigest() != member.name.removeprefix("blobs/"):
                    raise BadParcel(f"evidence in which {member.name} is not what its name says")
    except (tarfile.TarError, ValueError, OverflowError, OSError) as error:
        raise BadParcel(f"evidence in no readable tar: {error}") from error
    return files
