"""Replay as seen from outside: processes that train the seeds of a recipe, and what they got done."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import IO

from fairmark.calibrate.replay.recipe import NotReplayable
from fairmark.calibrate.replay.weights import WeightsFolder, weights_of

_PLATFORMS = {"cpu": "cpu", "gpu": "cuda"}
"""Devices, as JAX calls them."""

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""On a CPU a process a core, each of one thread, gets more seeds done than threads that share the work of one."""


class ReplayFailed(Exception):
    """A training process ended in an error; the message holds its last lines."""


@dataclass(frozen=True)
class Replayed:
    """Seeds that are done, and how fast."""

    weights: WeightsFolder
    trained: int
    """Seeds trained in this call; others were done before."""
    seconds: float
    """Of the whole call, compiling included."""
    warm_rate: float
    """Seeds a second without each process's first group, in which it compiles; 0 if there was no other."""


def replay(
    folder: Path, seeds: range, processes: int, progress: Callable[[int], None], device: str = "cpu"
) -> Replayed:
    """Train ``seeds`` of the recipe in ``folder``; what an earlier call finished is not trained again.

    ``processes`` share the seeds (one, on a GPU). ``progress`` is told of seeds as they are done. ``device`` is "cpu"
    or "gpu", and has weights of its own. Raises NotReplayable, or ReplayFailed.
    """
    began = time.monotonic()
    kept = weights_of(folder, device)
    if not set(seeds) - kept.seeds():
        return Replayed(kept, 0, 0.0, 0.0)
    watchers = []
    lock = Lock()
    with ExitStack() as stack:
        for number in range(processes):
            log = stack.enter_context(tempfile.TemporaryFile())
            share = range(seeds.start + number, seeds.stop, processes)
            process = stack.enter_context(_started(folder, share, device, log))
            stack.callback(process.terminate)
            watcher = _Watcher(process, log, progress, lock)
            watcher.start()
            watchers.append(watcher)
        for watcher in watchers:
            watcher.finish()
    return Replayed(
        kept,
        sum(watcher.trained for watcher in watchers),
        time.monotonic() - began,
        sum(watcher.rate for watcher in watchers),
    )


def _started(folder: Path, seeds: range, device: str, log: IO[bytes]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    environment["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {ONE_THREAD}".strip()
    environment["JAX_PLATFORMS"] = _PLATFORMS[device]
    command = [sys.executable, "-m", __package__, folder, seeds.start, seeds.stop, seeds.step]
    return subprocess.Popen(list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=log, text=True)


class _Watcher(Thread):
    """Reads what one process prints."""

    def __init__(
        self, process: "subprocess.Popen[str]", log: IO[bytes], progress: Callable[[int], None], lock: Lock
    ) -> None:
        super().__init__(daemon=True)
        self._process, self._log, self._progress, self._lock = process, log, progress, lock
        self._groups: list[tuple[int, float]] = []
        self._refusal = ""

    @property
    def trained(self) -> int:
        """Seeds done."""
        return sum(seeds for seeds, _ in self._groups)

    @property
    def rate(self) -> float:
        """Seeds a second after the first group."""
        seconds = sum(seconds for _, seconds in self._groups[1:])
        return sum(seeds for seeds, _ in self._groups[1:]) / seconds if seconds else 0.0

    def run(self) -> None:
        """Take in every line until the process ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("refused: "):
                self._refusal = line.removeprefix("refused: ").strip()
            elif line.startswith("trained "):
                _, seeds, seconds = line.split()
                self._groups.append((int(seeds), float(seconds)))
                with self._lock:
                    self._progress(int(seeds))

    def finish(self) -> None:
        """Wait for the end. Raises NotReplayable or ReplayFailed."""
        self.join()
        code = self._process.wait()
        if self._refusal:
            raise NotReplayable(self._refusal)
        if code:
            self._log.seek(0)
            raise ReplayFailed(f"replay ended with code {code}:\n{self._log.read().decode(errors='replace')[-2000:]}")
