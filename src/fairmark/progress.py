"""Progress: a bar with counts and time left on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from fairmark.report.text import one_line

Show = Callable[..., None]
"""Called with done, total and, perhaps, a line about what was just done."""


@contextmanager
def counting(console: Console, verb: str) -> Iterator[Show]:
    """Yield a function that shows how far things are."""
    if not console.is_terminal:

        def say(done: int, total: int, line: str = "") -> None:
            print(f"{done}/{total} {verb}  {one_line(line)}".rstrip(), flush=True)

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[line]}", markup=False))  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(verb, total=None, line="")

        def show(done: int, total: int, line: str = "") -> None:
            bar.update(task, completed=done, total=total, line=one_line(line))

        yield show
