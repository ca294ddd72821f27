"""Many things at once, few held: what is taken, what is kept in order, what ends it."""

from collections.abc import Iterator
from threading import Barrier, Event

import pytest

from fairmark.window import AHEAD, each


def test_everything_is_done_once() -> None:
    done: dict[int, int] = {}
    each(lambda number: number * number, range(50), 4, lambda number, square: done.update({number: square}))
    assert done == {number: number * number for number in range(50)}


def test_nothing_to_do() -> None:
    each(lambda number: number, [], 2, lambda *_: pytest.fail("there was nothing"))


def test_items_are_taken_as_others_are_done() -> None:
    taken, done, most = 0, 0, 0

    def items() -> Iterator[int]:
        nonlocal taken, most
        for number in range(100):
            taken += 1
            most = max(most, taken - done)
            yield number

    def count(*_: int) -> None:
        nonlocal done
        done += 1

    each(lambda number: number, items(), 3, count)
    assert (taken, done) == (100, 100)
    assert most <= AHEAD * 3 + 1


def test_as_many_at_once_as_there_are_jobs() -> None:
    together = Barrier(3, timeout=60)
    each(lambda _: together.wait(), range(6), 3, lambda *_: None)


@pytest.mark.parametrize("where", ["work", "done"])
def test_a_fault_ends_it_and_nothing_else_begins(where: str) -> None:
    begun: list[int] = []
    first = Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0 and where == "work":
            first.set()
            raise KeyboardInterrupt
        first.wait(timeout=0.2)

    def done(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        each(work, range(1000), 2, done)
    assert len(begun) <= AHEAD * 2 + 2
