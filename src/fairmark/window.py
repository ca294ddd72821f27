"""Many things done at once, few of them held at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Items taken for each thread: while this one's result is dealt with, the thread has another to begin."""


def each(work: Callable[[T], R], items: Iterable[T], jobs: int, done: Callable[[T, R], None]) -> None:
    """Call ``work`` on every item in ``jobs`` threads, and ``done``, in this one, on each item and its result.

    Results come in the order in which they are ready. An item is taken only when there is room for it, so
    memory does not grow with their number. What ``work`` or ``done`` raises, and Ctrl-C, ends it: the work
    under way is waited for, and no other begun.
    """
    source = iter(items)
    waiting: dict[Future[R], T] = {}
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while True:
                for item in islice(source, AHEAD * jobs - len(waiting)):
                    waiting[pool.submit(work, item)] = item
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    done(waiting.pop(future), future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
