"""Runs one notebook in a kernel, cell by cell, and says how that went."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

from nbclient.exceptions import DeadKernelError

from fairmark.collect.raised import cause
from fairmark.evidence.manifest import CellError, Ending
from fairmark.kernel.session import KernelGarbled, Kernels, Session, kernel_session
from fairmark.kernel.workplace import Workplace

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CAPTOR = "__import__('builtins').__fairmark_captor__"
_LEFT_OUT = ("otter_ignore", "skip-execution")
"""Tags of cells that are not executed: otter's own, and the one that nbclient heeds, by which otter runs them too."""


class KernelFailed(Exception):
    """The kernel could not be prepared: the grader's own fault, never the student's."""


@dataclass(frozen=True)
class Run:
    """How a run went."""

    ending: Ending
    errors: tuple[CellError, ...]
    output_cut: bool
    cells: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def runs(cell: Any) -> bool:
    """Is ``cell`` executed for marks: a code cell that no tag or metadata of otter's or nbclient's excludes?"""
    metadata = cell.metadata
    tags, otter = metadata.get("tags"), metadata.get("otter")
    ignored = isinstance(tags, list) and any(tag in tags for tag in _LEFT_OUT)
    ignored = ignored or (isinstance(otter, dict) and bool(otter.get("ignore")))
    return cell.cell_type == "code" and not ignored


def checks_after(cell: Any) -> list[str]:
    """Return the questions that otter checks right after ``cell`` (its own check cell was left out)."""
    otter = cell.metadata.get("otter")
    questions = otter.get("tests") if isinstance(otter, dict) else None
    return [str(question) for question in questions] if isinstance(questions, list) else []


async def run_notebook(notebook: Any, kernels: Kernels, place: Workplace, prepare: str) -> Run:
    """Execute ``notebook`` in place (outputs are written into its cells) after the code ``prepare``.

    Later cells run although an earlier one raised. Raises KernelFailed if ``prepare`` fails, or if the kernel
    ended through no fault of the notebook's.
    """
    started = time.monotonic()
    progress = _Progress()
    async with kernel_session(notebook, kernels, place) as session:
        await _prepare(session, prepare)
        try:
            ending = await _run_cells(session, notebook, progress)
        except DeadKernelError as error:
            if session.lost:
                raise KernelFailed("what the kernel was forked from ended, and the kernel with it") from error
            limit = session.watchdog.exceeded
            kind = limit.value if limit else "kernel_died"
            ending = Ending.model_validate({"kind": kind, "cell": progress.cell})
        except KernelGarbled:
            ending = Ending(kind="kernel_garbled", cell=progress.cell)
    return Run(
        ending=ending,
        errors=tuple(progress.errors),
        output_cut=session.output_cut,
        cells=sum(runs(cell) for cell in notebook.cells),
        wall_seconds=time.monotonic() - started,
        cpu_seconds=session.watchdog.cpu_seconds,
        peak_memory_mb=session.watchdog.peak_memory_mb,
    )


@dataclass
class _Progress:
    cell: int | None = None
    errors: list[CellError] = field(default_factory=list)


async def _prepare(session: Session, source: str) -> None:
    try:
        prepared = await session.run_source(source)
    except DeadKernelError as error:
        raise KernelFailed("the kernel ended before the notebook's first cell") from error
    if problem := _error(prepared, 0):
        raise KernelFailed(f"the kernel could not be prepared: {problem.name}: {problem.message}")


async def _run_cells(session: Session, notebook: Any, progress: _Progress) -> Ending:
    number = 0
    for index, cell in enumerate(notebook.cells[:-1]):
        if not runs(cell):
            continue
        number += 1
        progress.cell = number
        cell.outputs, cell.execution_count = [], None
        await session.run_source(f"{_CAPTOR}.cell = {number}")
        await session.run(cell, index)
        if error := _error(cell, number):
            progress.errors.append(error)
        for question in checks_after(cell):
            await session.run_source(f"{_CAPTOR}.capture({question!r}, get_ipython().user_ns)")
    progress.cell = None
    last = await session.run_source(f"{_CAPTOR}.capture_rest(get_ipython().user_ns)")
    if error := _error(last, 0):
        return Ending(kind="capture_failed", message=f"{error.name}: {error.message}")
    return Ending(kind="finished")


def _error(cell: Any, number: int) -> CellError | None:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            message = cause(_ANSI.sub("", _sound(output.evalue)))[:300]
            return CellError(cell=number, name=_sound(output.ename)[:100], message=message)
    return None


def _sound(text: object) -> str:
    return str(text).encode("utf8", "replace").decode("utf8")
