"""Locks: of a file, until the process that holds it ends, however it ends; of keys, one for each in use."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def lock_file(descriptor: int, *, wait: bool = False) -> bool:
    """Lock an open file or folder until it is closed or this process ends; return False if another has it.

    Raises OSError where the file system knows no locks. Windows locks nothing.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


class KeyLocks:
    """A lock for each key, kept only while some thread holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._in_use: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Hold the lock of ``key``; whoever comes later waits."""
        with self._guard:
            lock, users = self._in_use.get(key, (threading.Lock(), 0))
            self._in_use[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                _, users = self._in_use.pop(key)
                if users > 1:
                    self._in_use[key] = (lock, users - 1)
