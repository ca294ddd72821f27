"""Which kernels serve: warm ones in the sandbox, or plain ones where the caller declined it."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from fairmark.course import Limits
from fairmark.kernel.nursery import Nursery
from fairmark.kernel.plain import PlainKernels
from fairmark.kernel.session import Kernels
from fairmark.kernel.workplace import Allowance
from fairmark.sandbox import SandboxUnavailable

_logger = logging.getLogger(__name__)


@contextmanager
def kernels(data: str, limits: Limits, *, sandboxed: bool) -> Iterator[Kernels]:
    """Open kernels for notebooks on one data set ("": none).

    Raises SandboxUnavailable where the sandbox can't be had, which a trial tells before anything is imported.
    """
    if not sandboxed:
        _logger.warning("students' code runs without the sandbox, in a new Python for each notebook, which is slower")
        yield PlainKernels(_allowance(limits))
        return
    with Nursery(data, _allowance(limits)) as nursery:
        yield nursery


@contextmanager
def kernels_for_own_code(data: str, limits: Limits) -> Iterator[Kernels]:
    """Open kernels for notebooks that the course's own people wrote: in the sandbox if there is one."""
    with ExitStack() as stack:
        try:
            chosen = stack.enter_context(kernels(data, limits, sandboxed=True))
        except SandboxUnavailable as error:
            _logger.warning("fairmark starts a new Python for each notebook, which is slower: %s", error)
            chosen = PlainKernels(_allowance(limits))
        yield chosen


def _allowance(limits: Limits) -> Allowance:
    return Allowance(
        wall_seconds=limits.wall_seconds,
        cpu_seconds=limits.cpu_seconds,
        memory_mb=limits.memory_mb,
        processes=limits.processes,
        file_mb=limits.file_mb,
        disk_mb=limits.disk_mb,
        output_mb=limits.output_mb,
        threads=limits.threads,
    )
