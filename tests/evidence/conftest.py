"""A border to carry values across: what the sandbox records, the examiner restores."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark.evidence.blobs import BlobReader, BlobWriter
from fairmark.evidence.manifest import Captured
from fairmark.evidence.restore import Rebuilt, Restorer
from fairmark.evidence.write import Recorder

REFERENCE = np.arange(5, dtype="int64")


class Border:
    """Records values into a folder and restores them from it, as the collector and the examiner do."""

    def __init__(self, folder: Path, name_limit: int = 1 << 20, total_limit: int = 1 << 22, **recorder: Any) -> None:
        self.folder = folder
        self.recorder = Recorder(BlobWriter(folder, name_limit, total_limit), **recorder)
        self.digests: dict[int, Rebuilt] = {}
        self.restorer = Restorer(BlobReader(folder), {"data/x": REFERENCE}.__getitem__, self.digests)

    def record(self, value: Any) -> Any:
        """Return the node of ``value`` as the manifest holds it."""
        node = json.loads(json.dumps(self.recorder.node(value)))
        captured = Captured(cell=None, names={"x": node})
        return Captured.model_validate_json(captured.model_dump_json()).names["x"]

    def carry(self, value: Any) -> Any:
        return self.restorer.value(self.record(value))

    def reason(self, value: Any) -> str:
        """Return why ``value`` is not stored."""
        node = self.record(value)
        assert node["$"] == "absent"
        return str(node["reason"])

    def blobs(self) -> list[Path]:
        return list(self.folder.glob("*"))


@pytest.fixture
def make_border(tmp_path: Path) -> Callable[..., Border]:
    def make(**options: Any) -> Border:
        return Border(tmp_path / "blobs", **options)

    return make


@pytest.fixture
def border(make_border: Callable[..., Border]) -> Border:
    return make_border()
