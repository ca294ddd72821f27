"""Runs a command and measures it with all its processes: time, CPU, memory."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 1.0
"""Between two looks at the memory: each look costs some milliseconds a process."""


@dataclass(frozen=True)
class Line:
    """A line that a command printed: when, and the CPU seconds that it and its processes had used by then."""

    text: str
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Ran:
    """What a command printed and cost. Memory is PSS: pages that n processes share count 1/n for each."""

    lines: tuple[Line, ...]
    seconds: float
    cpu_seconds: float
    """User and system, as the kernel adds them up: of the command and of every process that was waited for."""
    peak_mb: float
    """Of all processes at one moment."""


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Ran:
    """Run ``command`` in ``folder``, its stderr into folder/stderr.log. Raises RuntimeError if it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    lines = []
    with (folder / "stderr.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    with _Memory(process.pid) as memory, process.stdout:
        for text in process.stdout:
            lines.append(Line(text.rstrip(), time.monotonic() - began, cpu_of_tree(process.pid)))
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{(folder / 'stderr.log').read_text()[-2000:]}")
    seconds = time.monotonic() - began
    return Ran(tuple(lines), seconds, usage.ru_utime + usage.ru_stime, memory.peak_mb)


def cpu_of_tree(pid: int) -> float:
    """Return the CPU seconds of a process, its children and all children that ended and were waited for."""
    total = 0.0
    for process in _tree(pid):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


class _Memory:
    """Looks at the memory of a process tree while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak_mb = 0.0

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            sizes = []
            for process in _tree(self._pid):
                try:
                    sizes.append(process.memory_full_info().pss / 1e6)
                except psutil.Error:
                    continue
            self.peak_mb = max(self.peak_mb, sum(sizes))
