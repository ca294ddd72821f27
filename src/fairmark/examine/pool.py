"""Several examiners behind one call, for as many threads."""

from collections.abc import Sequence
from contextlib import ExitStack
from queue import LifoQueue

from fairmark.examine.examiner import Examiner
from fairmark.examine.process import ExaminerProcess
from fairmark.examine.verdict import Verdict


def examiners_beside(jobs: int) -> int:
    """Return how many keep up with ``jobs`` notebooks run at once: examining is a small part of running."""
    return -(-jobs // 4)


class ExaminerPool:
    """Calls one of ``count`` examiners that is idle, the one last used first: no more start than are needed at once.

    ``data`` is the topic's data set.
    """

    def __init__(self, examiner: Examiner, data: str, count: int, *, sandboxed: bool) -> None:
        self._all = [ExaminerProcess(examiner, data, sandboxed) for _ in range(count)]
        self._idle: LifoQueue[ExaminerProcess] = LifoQueue()
        for process in self._all:
            self._idle.put(process)
        self._open = ExitStack()

    def __enter__(self) -> "ExaminerPool":
        for process in self._all:
            self._open.enter_context(process)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def prepare(self) -> None:
        """Have one start now, while the first notebooks run."""
        self._all[-1].prepare()

    def __call__(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        """Return what an examiner returns; raises what it raises."""
        process = self._idle.get()
        try:
            return process(keys, student, submission, note)
        finally:
            self._idle.put(process)
