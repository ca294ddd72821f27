"""A watchdog outside nbclient: measures a process tree and ends it when its time is up."""

import threading
import time
from types import TracebackType

import psutil

INTERVAL = 0.25


class Watchdog:
    """Watches the process tree under ``pid`` until the block is left; kills it after ``wall_seconds``."""

    def __init__(self, pid: int, wall_seconds: float) -> None:
        self._root = psutil.Process(pid)
        self._deadline = time.monotonic() + wall_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name=f"watchdog-{pid}")
        self._cpu: dict[int, float] = {}
        self._seen: set[psutil.Process] = {self._root}
        self.peak_memory_mb = 0.0
        self.expired = False

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
        while not self._stop.wait(INTERVAL):
            memory = 0.0
            for process in self._tree():
                try:
                    times = process.cpu_times()
                    memory += process.memory_info().rss / 1e6
                except psutil.Error:
                    continue
                self._cpu[process.pid] = times.user + times.system
            self.peak_memory_mb = max(self.peak_memory_mb, memory)
            if time.monotonic() > self._deadline:
                self.expired = True
                self._kill()
                return

    def _kill(self) -> None:
        """End every process of the tree, stopped before killed so that none forks away meanwhile."""
        tree = self._tree()
        for process in tree:
            for action in (process.suspend, process.kill):
                try:
                    action()
                except psutil.Error:
                    continue
