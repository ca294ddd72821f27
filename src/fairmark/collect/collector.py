"""From a hand-in to evidence: key it, run it once, check what came out, store it."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from fairmark import data
from fairmark.collect.harvest import copy_blobs, copy_fits, read_records
from fairmark.collect.run import KernelFailed, Run, checks_after, run_notebook, runs
from fairmark.collect.seed_forms import escaping_seeds
from fairmark.course import Limits
from fairmark.evidence.blobs import npy_bytes
from fairmark.evidence.environment import environment
from fairmark.evidence.fits import SUFFIX
from fairmark.evidence.fits import VERSION as FITS_VERSION
from fairmark.evidence.manifest import Environment, Manifest
from fairmark.evidence.store import EvidenceStore
from fairmark.kernel.session import Kernels
from fairmark.kernel.workplace import Workplace
from fairmark.locks import KeyLocks
from fairmark.plan import Plan

VERSION = 6
"""Raise when the collector captures differently: evidence of another version has another key."""

PREPARE = """\
def _prepare():
    import sys
    path = sys.path[:]
    sys.path[:] = [folder for folder in path if folder]  # a file of the student's may be called random.py
    from fairmark.collect.stand_in import install
    install({told!r})
    # As in Jupyter, modules handed in with the notebook come first. (The kernel itself started without, with -P.)
    sys.path[:] = ["", *(folder for folder in path if folder)]
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
    record_fits: Path | None = None
    """Keep a record of every ``Model.fit`` with the evidence, and the arrays it was given in this folder, by hash."""
    _locks: KeyLocks = field(default_factory=KeyLocks, repr=False)

    def key(self, notebook: Any, files: Mapping[str, bytes], seed: int) -> str:
        """Return the key of the evidence that a run would leave: same key, same evidence."""
        ingredients = {
            "collector": VERSION,
            "cells": [[cell.source, checks_after(cell)] for cell in notebook.cells if runs(cell)],
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
            "plan": self.plan.digest(),
            "data": data.fingerprint(self.data),
            "environment": self._environment().model_dump(),
            "limits": self.limits.model_dump(),
            "seed": seed,
        }
        if self.record_fits:
            ingredients["fits"] = FITS_VERSION
        return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:32]

    def surroundings(self) -> dict[str, str]:
        """Return what this machine adds to every key, by name."""
        found = {name: str(value) for name, value in self._environment().model_dump().items()}
        return {"data": data.fingerprint(self.data), **found}

    def _environment(self) -> Environment:
        return environment(self.limits.threads, self.kernels.sandbox)

    def collect(self, notebook: Any, files: Mapping[str, bytes], seed: int) -> str:
        """Run ``notebook`` once, unless its evidence is stored already; return the evidence's key.

        Of identical submissions, one runs and the others wait for its evidence.
        """
        key = self.key(notebook, files, seed)
        with self._locks.held(key):
            if not self.store.has(key):
                self._obtain(key, notebook, files, seed)
        return key

    def _obtain(self, key: str, notebook: Any, files: Mapping[str, bytes], seed: int) -> None:
        """Run ``notebook`` here, and again if its kernel died: somebody may have killed it. Twice is believed."""
        for believed in (False, True):
            copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
            try:
                if self._run(key, copy, files, seed, believed):
                    return
            except KernelFailed:  # the zygote may have died under it; from a new one, once more
                if believed:
                    raise

    def _run(self, key: str, notebook: Any, files: Mapping[str, bytes], seed: int, believed: bool) -> bool:
        """Run ``notebook`` and store its evidence, unless its kernel died and that is not yet ``believed``."""
        with self.kernels.workplace() as place:
            self._furnish(place, files, seed)
            prepare = PREPARE.format(told=str(place.inside / "told.json"))
            run = asyncio.run(run_notebook(notebook, self.kernels, place, prepare))
            if run.ending.kind == "kernel_died" and not believed:
                return False
            escaping = escaping_seeds(_code(notebook, files))
            self._store(key, notebook, run, seed, escaping, place.root / "evidence")
            return True

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
            "references": _references(self.data),
            "known_arrays": self._known_arrays(),
        }
        (place.root / "told.json").write_text(json.dumps(told), encoding="utf8")

    def _known_arrays(self) -> list[str] | None:
        """Return the hashes of the arrays that are kept already; None if fits are not recorded."""
        if self.record_fits is None:
            return None
        self.record_fits.mkdir(parents=True, exist_ok=True)
        return [path.name.removesuffix(SUFFIX) for path in self.record_fits.glob(f"*{SUFFIX}")]

    def _store(self, key: str, notebook: Any, run: Run, seed: int, escaping: tuple[str, ...], left: Path) -> None:
        manifest = Manifest(
            key=key,
            topic=self.topic,
            notebook_sha256=hashlib.sha256(_sources(notebook)).hexdigest(),
            data=data.fingerprint(self.data),
            seed=seed,
            escaping_seeds=escaping,
            environment=self._environment(),
            ending=run.ending,
            errors=run.errors,
            output_cut=run.output_cut,
            cells=run.cells,
            wall_seconds=round(run.wall_seconds, 2),
            cpu_seconds=round(run.cpu_seconds, 2),
            peak_memory_mb=round(run.peak_memory_mb),
            questions=read_records(left, self.plan.questions),
        )

        def fill(folder: Path) -> None:
            copy_blobs(left, manifest.questions, folder / "blobs", self.limits.evidence_mb << 20)
            (folder / "executed.ipynb").write_text(_text(notebook), encoding="utf8", errors="replace")
            if self.record_fits:
                copy_fits(left.parent / "fits", folder, self.record_fits, self.limits.disk_mb << 20)

        self.store.write(manifest, fill)


@cache
def _references(name: str) -> dict[str, str]:
    """Names of a data set's arrays, by the sha256 of what evidence would store."""
    return {hashlib.sha256(npy_bytes(array)).hexdigest(): key for key, array in data.references(name).items()}


def _code(notebook: Any, files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the student's modules and code cells by what to call them; cells are numbered as they run."""
    modules = {name: text.decode("utf8", "replace") for name, text in files.items() if name.endswith(".py")}
    cells = (cell for cell in notebook.cells if runs(cell))
    return modules | {f"cell {number}": cell.source for number, cell in enumerate(cells, start=1)}


def _sources(notebook: Any) -> bytes:
    return "\0".join(cell.source for cell in notebook.cells).encode("utf8", "surrogatepass")


def _text(notebook: Any) -> str:
    """Return the notebook as it is stored; without its outputs, if they are such that no file can hold them."""
    try:
        return str(nbformat.writes(notebook))
    except (RecursionError, TypeError, ValueError):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        return str(nbformat.writes(notebook))
