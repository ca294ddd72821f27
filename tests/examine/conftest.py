"""A question's evidence, made by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark.evidence.blobs import BlobReader
from fairmark.evidence.manifest import Captured, Ending, Environment, Manifest
from fairmark.evidence.restore import Restorer
from fairmark.examine.names import Names
from fairmark.plan import QuestionPlan

REFERENCE = np.arange(3)
PLAN = QuestionPlan(names=("model", "history"), probes={"probed": ("double", "helper")})


def manifest_of(captured: Captured | None, ending: dict[str, Any], errors: tuple[Any, ...]) -> Manifest:
    environment = Environment(
        python="3", keras="3", tensorflow="2", numpy="2", machine="m", instructions="avx", threads=1, sandbox="none"
    )
    return Manifest.model_validate(
        {"key": "k", "topic": "t", "notebook_sha256": "0", "data": "d", "seed": 0, "environment": environment,
         "ending": Ending.model_validate(ending), "errors": errors, "cells": 9, "wall_seconds": 1, "cpu_seconds": 1,
         "peak_memory_mb": 1, "questions": {"q1": captured} if captured else {}}
    )  # fmt: skip


@pytest.fixture
def names_of(tmp_path: Path) -> Callable[..., Names]:
    """Make the names of q1 from what was captured; None: nothing was."""

    def make(
        names: dict[str, Any] | None = None,
        probes: dict[str, Any] | None = None,
        *,
        cell: int | None = 4,
        nothing: bool = False,
        ending: dict[str, Any] | None = None,
        errors: tuple[Any, ...] = (),
    ) -> Names:
        captured = None if nothing else Captured(cell=cell, names=names or {}, probes=probes or {})
        manifest = manifest_of(captured, ending or {"kind": "finished"}, errors)
        restorer = Restorer(BlobReader(tmp_path), {"ref": REFERENCE}.__getitem__, {})
        return Names("q1", PLAN, manifest, restorer)

    return make
