"""Restored models, as the examiner has them: what the sandbox recorded, with the claims made about it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fairmark.checks.examination import Examination, examination
from tests.evidence.conftest import Border


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Callable[[Any], Any]]:
    """Carry a value across the border, inside an examination."""
    border = Border(tmp_path / "blobs")
    with examination(Examination({}, "data", tmp_path / "predictions", border.digests)):
        yield border.carry
