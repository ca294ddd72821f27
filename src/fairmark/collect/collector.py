"""From a hand-in to evidence: key it, run it once, check what came out, store it."""

import asyncio
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import nbformat
from pydantic import ValidationError

from fairmark import data
from fairmark.collect.run import KernelFailed, Run, checks_after, run_notebook, runs
from fairmark.course import Limits
from fairmark.evidence.blobs import npy_bytes
from fairmark.evidence.environment import environment
from fairmark.evidence.manifest import Captured, Manifest
from fairmark.evidence.store import EvidenceStore
from fairmark.kernel.session import Kernels
from fairmark.kernel.workplace import Workplace
from fairmark.plan import Plan

VERSION = 4
"""Raise when the collector captures differently: evidence of another version has another key."""

RECORD_LIMIT = 64 << 20

PREPARE = """\
def _prepare():
    import sys
    path = sys.path[:]
    sys.path[:] = [folder for folder in path if folder]  # a file of the student's may be called random.py
    from fairmark.collect.stand_in import install
    install({told!r})
    sys.path[:] = path
_prepare()
del _prepare
"""


@dataclass(frozen=True)
class Collector:
    """Collects evidence for one topic."""

    topic: str
    data: str
    plan: Plan
    limits: Limits
    store: EvidenceStore
    kernels: Kernels
    _locks: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock), repr=False)

    def key(self, notebook: Any, files: Mapping[str, bytes], seed: int) -> str:
        """Return the key of the evidence that a run would leave: same key, same evidence."""
        ingredients = {
            "collector": VERSION,
            "cells": [[cell.source, checks_after(cell)] for cell in notebook.cells if runs(cell)],
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
            "plan": self.plan.digest(),
            "data": data.fingerprint(self.data),
            "environment": environment(self.limits.threads, self.kernels.sandbox).model_dump(),
            "limits": self.limits.model_dump(),
            "seed": seed,
        }
        return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:32]

    def collect(self, notebook: Any, files: Mapping[str, bytes], seed: int) -> str:
        """Run ``notebook`` once, unless its evidence is stored already; return the evidence's key.

        Of identical submissions, one runs and the others wait for its evidence.
        """
        key = self.key(notebook, files, seed)
        with self._locks[key]:
            if not self.store.has(key):
                try:
                    self._run(key, nbformat.from_dict(json.loads(json.dumps(notebook))), files, seed)
                except KernelFailed:
                    # The zygote may have died under it; from a new one, once more.
                    self._run(key, nbformat.from_dict(json.loads(json.dumps(notebook))), files, seed)
        return key

    def _run(self, key: str, notebook: Any, files: Mapping[str, bytes], seed: int) -> None:
        with self.kernels.workplace() as place:
            self._furnish(place, files, seed)
            prepare = PREPARE.format(told=str(place.inside / "told.json"))
            run = asyncio.run(run_notebook(notebook, self.kernels, place, prepare))
            self._store(key, notebook, run, seed, place.root / "evidence")

    @cached_property
    def _references(self) -> dict[str, str]:
        """Names of the data set's arrays, by the sha256 of what evidence would store."""
        arrays = data.references(self.data)
        return {hashlib.sha256(npy_bytes(array)).hexdigest(): name for name, array in arrays.items()}

    def _furnish(self, place: Workplace, files: Mapping[str, bytes], seed: int) -> None:
        """Lay out what the kernel needs: its files, its data, its instructions."""
        for name, content in files.items():
            path = place.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        data.provision(self.data, place.keras_home)
        told = {
            "plan": self.plan.model_dump(mode="json"),
            "seed": seed,
            "name_bytes": self.limits.name_mb << 20,
            "evidence_bytes": self.limits.evidence_mb << 20,
            "references": self._references,
        }
        (place.root / "told.json").write_text(json.dumps(told), encoding="utf8")

    def _store(self, key: str, notebook: Any, run: Run, seed: int, left: Path) -> None:
        manifest = Manifest(
            key=key,
            topic=self.topic,
            notebook_sha256=hashlib.sha256(_sources(notebook)).hexdigest(),
            data=data.fingerprint(self.data),
            seed=seed,
            environment=environment(self.limits.threads, self.kernels.sandbox),
            ending=run.ending,
            errors=run.errors,
            cells=run.cells,
            wall_seconds=round(run.wall_seconds, 2),
            cpu_seconds=round(run.cpu_seconds, 2),
            peak_memory_mb=round(run.peak_memory_mb),
            questions=self._captured(left),
        )

        def fill(folder: Path) -> None:
            _copy_blobs(left / "blobs", folder / "blobs", self.limits.evidence_mb << 20)
            (folder / "executed.ipynb").write_text(nbformat.writes(notebook), encoding="utf8", errors="replace")

        self.store.write(manifest, fill)

    def _captured(self, left: Path) -> dict[str, Captured]:
        """Read what the stand-in wrote, believing nothing: a record that is not sound is left out."""
        captured = {}
        for question in self.plan.questions:
            path = left / f"{question}.json"
            if path.is_symlink() or not path.is_file() or path.stat().st_size > RECORD_LIMIT:
                continue
            try:
                record = Captured.model_validate(json.loads(path.read_bytes()))
                record.model_dump_json()  # text or nesting that no manifest can hold
            except (ValidationError, ValueError, RecursionError):
                continue
            captured[question] = record
        return captured


def _sources(notebook: Any) -> bytes:
    return "\0".join(cell.source for cell in notebook.cells).encode("utf8", "surrogatepass")


def _copy_blobs(source: Path, target: Path, limit: int) -> None:
    """Copy plain files only, up to ``limit`` bytes in all; readers check each hash again."""
    total = 0
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.suffix:
            continue
        total += path.stat().st_size
        if total > limit:
            return
        shutil.copyfile(path, target / path.name, follow_symlinks=False)
