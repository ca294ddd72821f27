"""A watchdog outside nbclient: measures a process tree and its folders, and ends it when it takes too much."""

import math
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import TracebackType

import psutil

from fairmark.kernel.workplace import Workplace

INTERVAL = 0.25
_LONGEST_GAP = 2.0
"""Seconds to wait for a look; what is longer is no time of the notebook's."""
_LOOKS_PER_DISK_CHECK = 8
_LOOKS_PER_MEMORY_CHECK = 8
_GROWN_MB = 50
_MOST_FILES = 20_000
_BUFFER_MB = 0.32
"""What a socket or pipe may hold in the system's memory, which no process is charged for: one and a half times Linux's
`net.core.wmem_default`, as was measured (`seccomp` forbids more)."""
RUNAWAY = 10
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
        self._waited_for = 0.0
        self._seen: set[psutil.Process] = {self._root}
        self._resident_mb = 0.0
        self._looks_at_memory = 0
        self.peak_memory_mb = 0.0
        self.exceeded: Limit | None = None

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of the tree as last measured, ended processes included.

        A process that came and went between two looks is known only from the parent that waited for it; one that
        nobody waited for, only from having been seen.
        """
        return max(self._waited_for, sum(self._cpu.values()))

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _tree(self) -> list[psutil.Process]:
        """Return every process seen so far that still runs, with its children: some outlive the kernel."""
        for process in list(self._seen):
            try:
                self._seen.update(process.children(recursive=True))
            except psutil.Error:
                continue
        return [process for process in self._seen if process.is_running()]

    def _watch(self) -> None:
        try:
            looks = 0
            while not self._waited():
                looks += 1
                limit = self._look() or (self._disk() if looks % _LOOKS_PER_DISK_CHECK == 0 else None)
                if limit and not self._stop.is_set():
                    self.exceeded = limit
                    return
            self._resident_mb = 0  # so that it is counted once more, for the record
            self._look()
        finally:
            # When the block is left, too; and should this thread fail, for nobody would watch.
            self._kill()

    def _waited(self) -> bool:
        """Wait until the next look is due; return whether the run is over instead.

        Somebody may have stopped the grader, or its machine, meanwhile: what a notebook did then is told by its CPU
        time. Looking itself is not excused: a notebook could make that take long.
        """
        began = time.monotonic()
        over = self._stop.wait(INTERVAL)
        self._deadline += max(0, time.monotonic() - began - _LONGEST_GAP)
        return over

    def _look(self) -> Limit | None:
        """Measure the tree; return what it has too much of."""
        allowance = self._place.allowance
        tree = self._tree()
        if len(tree) > allowance.processes:
            return Limit.PROCESSES
        with_children = 0.0
        for process in tree:
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            self._cpu[process] = times.user + times.system
            with_children += sum(times[:4])
        self._waited_for = max(self._waited_for, with_children)
        memory = self._memory(tree)
        self.peak_memory_mb = max(self.peak_memory_mb, memory)
        exceeded = {
            Limit.MEMORY: memory > allowance.memory_mb,
            Limit.CPU: self.cpu_seconds > allowance.cpu_seconds,
            Limit.TIME: time.monotonic() > self._deadline,
            Limit.OUTPUT: self._output() > RUNAWAY * allowance.output_mb * 1_000_000,
        }
        return next((limit for limit, is_so in exceeded.items() if is_so), None)

    def _memory(self, tree: Sequence[psutil.Process]) -> float:
        """Return the MB of the tree, what it shares with others counted in part; 0 if that can wait.

        The system takes some 15 ms to count so, and little to say what is resident, which is more: only if that is
        over the limit, or has grown, or now and then, is it worth it.
        """
        buffers = _BUFFER_MB * len(_buffers(tree))
        resident = _sum_mb(tree, _resident) + buffers
        self._looks_at_memory += 1
        within = resident <= self._place.allowance.memory_mb and resident < self._resident_mb + _GROWN_MB
        if within and self._looks_at_memory % _LOOKS_PER_MEMORY_CHECK:
            return 0
        self._resident_mb = resident
        return _sum_mb(tree, _proportional) + buffers

    def _disk(self) -> Limit | None:
        total: float = sum(_unlinked(self._tree()).values())
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


def _sum_mb(tree: Sequence[psutil.Process], count: Callable[[psutil.Process], int]) -> float:
    total = 0
    for process in tree:
        with suppress(psutil.Error):
            total += count(process)
    return total / 1e6


def _resident(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def _proportional(process: psutil.Process) -> int:
    """Return the memory of a process, what it shares with others counted in part (where the system tells)."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return _resident(process)


def _sizes(folder: Path) -> Iterator[float]:
    """Yield the size of each file under ``folder``; links are not followed. What can't be looked into is endless."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # else one that is just gone would hide its neighbours
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(Path(entry.path))
                        yield entry.stat(follow_symlinks=False).st_size
        except (FileNotFoundError, NotADirectoryError):  # it goes on changing under our eyes
            continue
        except OSError:  # made unreadable, or nested deeper than a path is long
            yield math.inf


def _unlinked(tree: Sequence[psutil.Process]) -> dict[tuple[int, int], int]:
    """Return the sizes of files that are open but in no folder any more, as far as the system tells (Linux does)."""
    return {
        (status.st_dev, status.st_ino): status.st_blocks * 512
        for status in _opened(tree)
        if status.st_nlink == 0 and stat.S_ISREG(status.st_mode)
    }


def _buffers(tree: Sequence[psutil.Process]) -> set[tuple[int, int]]:
    """Return the sockets and pipes that are open, each once, as far as the system tells (Linux does)."""
    return {
        (status.st_dev, status.st_ino)
        for status in _opened(tree)
        if stat.S_ISSOCK(status.st_mode) or stat.S_ISFIFO(status.st_mode)
    }


def _opened(tree: Sequence[psutil.Process]) -> Iterator[os.stat_result]:
    """Yield what the system tells of each file, socket or pipe that a process holds open."""
    for process in tree:
        folder = f"/proc/{process.pid}/fd"
        with suppress(OSError):
            for name in os.listdir(folder):
                with suppress(OSError):
                    yield os.stat(f"{folder}/{name}")
