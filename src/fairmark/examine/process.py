"""The examiner's own process: evidence is read there, never where kernels are started."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType

from fairmark.examine.examiner import Examiner
from fairmark.examine.verdict import Verdict

SECONDS = 300
"""Time for one submission."""


class ExaminerProcess:
    """Calls an examiner in a process of its own, from any thread; one that died is replaced."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self._lock = threading.Lock()
        self._pool = self._started()

    def __enter__(self) -> "ExaminerProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def __call__(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        """Return ``Examiner.examine`` of these arguments. Raises BrokenProcessPool if it died twice."""
        pool = self._pool
        try:
            return pool.submit(_examine, self._examiner, keys, student, submission, note).result()
        except BrokenProcessPool:
            # Another submission may have killed it; this one gets a second try.
            with self._lock:
                if self._pool is pool:
                    self._pool = self._started()
            return self._pool.submit(_examine, self._examiner, keys, student, submission, note).result()

    def _started(self) -> ProcessPoolExecutor:
        self._examiner.folder.mkdir(parents=True, exist_ok=True)
        log = self._examiner.folder / "examiner.log"
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=spawn, initializer=_start, initargs=(str(log),))


def _examine(examiner: Examiner, keys: Sequence[str], student: str, submission: str, note: str | None) -> Verdict:
    """Examine under a time limit: evidence that takes for ever to rebuild holds up nobody else.

    The TimeoutError ends the case at hand, which is then not examined; others get what time they need.
    """
    if not hasattr(signal, "SIGALRM"):  # Windows
        return examiner.examine(keys, student, submission, note)
    signal.signal(signal.SIGALRM, _expire)
    signal.alarm(SECONDS)
    try:
        return examiner.examine(keys, student, submission, note)
    finally:
        signal.alarm(0)


def _expire(number: int, frame: object) -> None:
    raise TimeoutError(f"examining took more than {SECONDS} seconds")


def _start(log: str) -> None:
    """Send what TensorFlow has to say to a file."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 2)
    os.close(file)
