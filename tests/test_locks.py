"""Locks of keys: one after the other for the same key, at once for others, and nothing kept afterwards."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

from fairmark.locks import KeyLocks


def test_the_same_key_one_at_a_time() -> None:
    locks, inside, most = KeyLocks(), 0, 0

    def enter(_: int) -> None:
        nonlocal inside, most
        with locks.held("key"):
            inside += 1
            most = max(most, inside)
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(500)))
    assert most == 1


def test_other_keys_do_not_wait() -> None:
    locks, met = KeyLocks(), threading.Barrier(2, timeout=60)

    def enter(key: str) -> None:
        with locks.held(key):
            met.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(enter, ["a", "b"]))


def test_a_key_whose_holder_failed_is_free_again() -> None:
    locks = KeyLocks()
    for _ in range(2):
        try:
            with locks.held("key"):
                raise ValueError
        except ValueError:
            continue


def test_nothing_is_kept_of_keys_that_nobody_holds() -> None:
    locks = KeyLocks()
    for number in range(10_000):
        with locks.held(str(number)):
            pass
    (in_use,) = [referent for referent in gc.get_referents(vars(locks)) if isinstance(referent, dict)]
    assert in_use == {}
