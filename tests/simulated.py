"""Simulated collection: an executor that makes tiny evidence of every notebook instead of running it."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from fairmark.collect.remote import Task, perform
from fairmark.course import Course, read_course
from fairmark.evidence.manifest import Captured, Ending, Environment, Manifest
from fairmark.evidence.parcel import packed

MINI = Path(__file__).parent / "mini"
BUILT = Path(__file__).parent / "golden" / "mini"


def simulated_course(folder: Path) -> Course:
    """The mini course as built, without thresholds: nothing of it ever meets one."""
    shutil.copytree(BUILT, folder)
    shutil.copy(MINI / "course.toml", folder)
    return read_course(folder)


def simulated_class(course: Course, folder: Path, size: int, copies: int = 0) -> Path:
    """Write ``size`` different notebooks into ``folder``, ``copies`` more of the first, and one that is broken."""
    folder.mkdir(parents=True)
    notebook = json.loads((course.graders("mini") / "reference.ipynb").read_bytes())
    first, *cells = notebook["cells"]
    for number in range(size + copies):
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
        cell["source"] = f"number = {number if number < size else 0}"
        text = json.dumps({**notebook, "cells": [first, cell, *cells]})
        (folder / f"student-{number:05}.ipynb").write_text(text, encoding="utf8")
    (folder / "student-broken.ipynb").write_text(text[:-100], encoding="utf8")
    return folder


class Simulated(Executor):
    """Counts what it is asked for; ``most`` is the largest number of tasks it held at once."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.most = 0
        self._held = 0
        self._lock = Lock()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        assert function is perform
        (task,) = arguments
        with self._lock:
            self.runs[task.key] += 1
            self._held += 1
            self.most = max(self.most, self._held)
        future: Future[Any] = Future()
        future.set_result(simulated_parcel(task))
        with self._lock:
            self._held -= 1
        return future


def simulated_parcel(task: Task) -> bytes:
    """Evidence of a run that left nothing; what was checked where depends on the key."""
    environment = {name: value for name, value in task.surroundings.items() if name != "data"}
    manifest = Manifest(
        key=task.key,
        topic=task.topic,
        notebook_sha256="0" * 64,
        data=task.surroundings["data"],
        seed=task.seed,
        environment=Environment(**{**environment, "threads": int(environment["threads"])}),  # type: ignore[arg-type]
        ending=Ending(kind="finished"),
        errors=(),
        cells=8,
        wall_seconds=1,
        cpu_seconds=1,
        peak_memory_mb=100,
        questions={
            name: Captured(
                cell=int(task.key[0], 16),
                probes={probe: {"$": "missing", "name": needs[0]} for probe, needs in question.probes.items()},
            )
            for name, question in task.plan.questions.items()
        },
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "blobs").mkdir()
        (folder / "blobs" / sha256(task.key.encode()).hexdigest()).write_bytes(task.key.encode())
        (folder / "executed.ipynb").write_text(task.notebook, encoding="utf8")
        (folder / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf8")
        return packed(folder)
