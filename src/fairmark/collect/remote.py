"""Collecting elsewhere: a notebook travels to a worker, and the finished evidence comes back as bytes."""

import atexit
import json
import os
import socket
from collections.abc import Mapping
from concurrent.futures import CancelledError, Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import nbformat

from fairmark import data
from fairmark.cluster import ClusterError
from fairmark.collect.collector import Collector
from fairmark.course import Limits
from fairmark.evidence.parcel import packed, receive
from fairmark.evidence.store import EvidenceStore
from fairmark.kernel.choice import kernels
from fairmark.kernel.session import Kernels
from fairmark.plan import Plan
from fairmark.sandbox import SandboxUnavailable
from fairmark.scratch import scratch_folder

AGAIN = "and give the same command again: what is done stays"


@dataclass(frozen=True)
class Task:
    """One notebook to be run, with everything that a worker must know and has not installed."""

    topic: str
    data: str
    source: str
    """The data set's source, "real" or "twin": the worker must not choose another."""
    plan: Plan
    limits: Limits
    notebook: str
    """As JSON."""
    files: Mapping[str, bytes]
    seed: int
    key: str
    """The key of the evidence to be made."""
    sandboxed: bool
    surroundings: Mapping[str, str]
    """What the coordinator's machine adds to the key."""


@dataclass(frozen=True)
class RemoteCollector(Collector):
    """Collects through an executor whose workers may be other machines.

    Of ``kernels``, which run nothing, it takes whether there is to be a sandbox.
    """

    executor: Executor = field(kw_only=True, repr=False)

    def _obtain(self, key: str, notebook: Any, files: Mapping[str, bytes], seed: int) -> None:
        task = Task(
            topic=self.topic,
            data=self.data,
            source=data.source(self.data),
            plan=self.plan,
            limits=self.limits,
            notebook=json.dumps(notebook),
            files=files,
            seed=seed,
            key=key,
            sandboxed=self.kernels.sandboxed,
            surroundings=self.surroundings(),
        )
        try:
            parcel = self.executor.submit(perform, task).result()
        except CancelledError:
            raise ClusterError(f"the cluster's scheduler is gone: start it {AGAIN}") from None
        receive(parcel, key, self.store, self.limits.evidence_mb << 20)


def collector_on(
    executor: Executor | None,
    topic: str,
    data: str,
    plan: Plan,
    limits: Limits,
    store: EvidenceStore,
    kernels: Kernels,
) -> Collector:
    """Return a collector that runs notebooks on ``executor`` or, if that is None, in ``kernels``."""
    if executor is None:
        return Collector(topic, data, plan, limits, store, kernels)
    return RemoteCollector(topic, data, plan, limits, store, kernels, executor=executor)


def perform(task: Task) -> bytes:
    """On a worker: run the notebook and return its evidence, packed.

    Raises ClusterError, one sentence, if evidence made here would not be what the coordinator asked for.
    """
    # Decided once for a process: a worker that has served another source says so below.
    os.environ["FAIRMARK_DATA"] = task.source
    with scratch_folder() as root:
        collector = Collector(task.topic, task.data, task.plan, task.limits, EvidenceStore(root), _kernels_for(task))
        notebook = nbformat.from_dict(json.loads(task.notebook))
        try:
            key = collector.key(notebook, task.files, task.seed)
        except data.DataUnavailable as error:
            raise _refusal(str(error)) from None
        if key != task.key:
            raise _refusal(_difference(collector.surroundings(), task.surroundings))
        collector.collect(notebook, task.files, task.seed)
        return packed(collector.store.path(key))


_open: dict[str, Kernels] = {}
_opening = Lock()


def _kernels_for(task: Task) -> Kernels:
    """Return this worker's kernels for such tasks; they stay warm until it ends."""
    kind = json.dumps([task.data, task.source, task.sandboxed, task.limits.model_dump()])
    with _opening:
        if kind not in _open:
            stack = ExitStack()
            try:
                _open[kind] = stack.enter_context(kernels(task.data, task.limits, sandboxed=task.sandboxed))
            except (SandboxUnavailable, data.DataUnavailable) as error:
                raise _refusal(str(error)) from None
            atexit.register(stack.close)
        return _open[kind]


def _refusal(reason: str) -> ClusterError:
    return ClusterError(f"worker {socket.gethostname()} can't collect for this course ({reason}): mend it {AGAIN}")


def _difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    differences = [
        f"{name} is {here.get(name)} there and {wanted} here"
        for name, wanted in there.items()
        if here.get(name) != wanted
    ]
    return "; ".join(differences) or "it computes another key: it has another fairmark"
