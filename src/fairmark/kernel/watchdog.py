"""A watchdog outside nbclient: measures a process tree and its folders, and ends it when it takes too much."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from types import TracebackType

import psutil

from fairmark.kernel.workplace import Workplace

INTERVAL = 0.25
_LOOKS_PER_DISK_CHECK = 8
_MOST_FILES = 20_000
_RUNAWAY = 10
"""Times the allowed output after which a run is ended: reading it to drop it costs the grader time."""


class Limit(Enum):
    """What a run can take too much of, as its record says."""

    TIME = "time_limit"
    CPU = "cpu_limit"
    MEMORY = "memory_limit"
    PROCESSES = "process_limit"
    DISK = "disk_limit"
    OUTPUT = "output_limit"


class Watchdog:
    """Watches the process tree under ``pid`` until the block is left; kills it when it exceeds its allowance.

    ``output`` tells how many characters the notebook has printed and shown so far.
    """

    def __init__(self, pid: int, place: Workplace, output: Callable[[], int]) -> None:
        self._root = psutil.Process(pid)
        self._place = place
        self._output = output
        self._deadline = time.monotonic() + place.allowance.wall_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name=f"watchdog-{pid}")
        self._cpu: dict[psutil.Process, float] = {}
        self._seen: set[psutil.Process] = {self._root}
        self.peak_memory_mb = 0.0
        self.exceeded: Limit | None = None

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of the tree as last measured, ended processes included."""
        return sum(self._cpu.values())

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._kill()

    def _tree(self) -> list[psutil.Process]:
        """Return every process seen so far that still runs, with its children: some outlive the kernel."""
        for process in list(self._seen):
            try:
                self._seen.update(process.children(recursive=True))
            except psutil.Error:
                continue
        return [process for process in self._seen if process.is_running()]

    def _watch(self) -> None:
        looks = 0
        while not self._stop.wait(INTERVAL):
            looks += 1
            limit = self._look() or (self._disk() if looks % _LOOKS_PER_DISK_CHECK == 0 else None)
            if limit and not self._stop.is_set():
                self.exceeded = limit
                self._kill()
                return

    def _look(self) -> Limit | None:
        """Measure the tree; return what it has too much of."""
        allowance = self._place.allowance
        memory = 0.0
        tree = self._tree()
        if len(tree) > allowance.processes:
            return Limit.PROCESSES
        for process in tree:
            try:
                times = process.cpu_times()
                memory += _memory_mb(process)
            except psutil.Error:
                continue
            self._cpu[process] = times.user + times.system
        self.peak_memory_mb = max(self.peak_memory_mb, memory)
        exceeded = {
            Limit.MEMORY: memory > allowance.memory_mb,
            Limit.CPU: self.cpu_seconds > allowance.cpu_seconds,
            Limit.TIME: time.monotonic() > self._deadline,
            Limit.OUTPUT: self._output() > _RUNAWAY * allowance.output_mb * 1_000_000,
        }
        return next((limit for limit, is_so in exceeded.items() if is_so), None)

    def _disk(self) -> Limit | None:
        total = 0
        for count, size in enumerate(_sizes(self._place.root)):
            total += size
            if count > _MOST_FILES or total > self._place.allowance.disk_mb * 1_000_000:
                return Limit.DISK
        return None

    def _kill(self) -> None:
        """End every process of the tree, stopped before killed so that none forks away meanwhile.

        The first is the kernel: in the sandbox, all others end with it.
        """
        tree = self._tree()
        for process in sorted(tree, key=lambda process: process != self._root):
            for action in (process.suspend, process.kill):
                try:
                    action()
                except psutil.Error:
                    continue


def _memory_mb(process: psutil.Process) -> float:
    """Return the memory of a process, what it shares with others counted in part (where the system tells)."""
    try:
        return float(process.memory_full_info().pss) / 1e6
    except (psutil.AccessDenied, AttributeError):
        return float(process.memory_info().rss) / 1e6


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the size of each file under ``folder``; links are not followed."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    yield entry.stat(follow_symlinks=False).st_size
        except OSError:  # it goes on changing under our eyes
            continue
