"""The evidence store: one folder a key, complete or not there at all."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from fairmark.evidence.blobs import BlobReader
from fairmark.evidence.manifest import Manifest


@dataclass(frozen=True)
class EvidenceStore:
    """Evidence of many submissions under one folder."""

    folder: Path

    def path(self, key: str) -> Path:
        """Return the folder of evidence ``key``."""
        return self.folder / key

    def has(self, key: str) -> bool:
        """Is complete evidence stored under ``key``?"""
        return (self.path(key) / "manifest.json").is_file()

    def manifest(self, key: str) -> Manifest:
        """Read the manifest of ``key``."""
        return Manifest.model_validate_json((self.path(key) / "manifest.json").read_bytes())

    def blobs(self, key: str) -> BlobReader:
        """Return a reader of the blobs of ``key``."""
        return BlobReader(self._blobs(key))

    def blob_names(self, key: str) -> set[str]:
        """Return the names of the blobs of ``key``: no blob is stored whose hash is not its name."""
        return {path.name for path in self._blobs(key).glob("*")}

    def write(self, manifest: Manifest, fill: Callable[[Path], None]) -> None:
        """Store evidence in one step: ``fill`` gets a temporary folder, which is then renamed.

        A crash leaves a ``.part`` folder that no reader looks at. Evidence already there stays: same key,
        same evidence.
        """
        part = self.folder / f"{manifest.key}.{uuid4().hex[:8]}.part"
        part.mkdir(parents=True)
        try:
            (part / "blobs").mkdir()
            fill(part)
            # On one line: indented, what a student nests deeply would take hundreds of bytes an item.
            (part / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf8")
            if not self.has(manifest.key):
                part.rename(self.path(manifest.key))
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _blobs(self, key: str) -> Path:
        return self.path(key) / "blobs"
