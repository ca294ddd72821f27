"""What a forked kernel does before any student code: it shuts itself in, for good."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from fairmark.kernel import landlock, namespaces, seccomp
from fairmark.kernel.workplace import Allowance
from fairmark.sandbox import libraries

ROOMS = Path("/rooms")
"""In the sandbox: the folder of all rooms, seen by the zygote only."""
ROOM = Path("/room")
"""In the sandbox: the one room that a kernel sees."""
SOCKETS = Path("/ipc")
"""In the sandbox: where a kernel listens. Apart from its room, for a link there would lead the host elsewhere."""

_WRITABLE = (str(ROOM), "/tmp", "/dev/shm", "/dev/null", "/dev/zero", "/dev/tty", "/dev/pts", "/dev/ptmx", "/proc/self")
_SHARED_MEMORY_MB = 256


def shut_in(room: str, allowance: Allowance, then: Callable[[], NoReturn]) -> int:
    """Run ``then`` as process 1 of new namespaces in which of all rooms only ``room`` is there.

    Returns the exit code of that process, to its parent. The caller has one thread. Raises OSError.
    """
    namespaces.unshare_all()
    child = os.fork()
    if child == 0:
        # Else it would share a process group with its siblings, and kill(0, …) knows no PID namespace.
        os.setsid()
        _furnish(room)
        _limit(allowance)
        namespaces.renounce()
        landlock.allow_writing_only([path for path in _WRITABLE if Path(path).exists()], listening_in=str(SOCKETS))
        seccomp.deny_what_no_notebook_needs()
        os.chdir(ROOM / "work")
        then()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _furnish(room: str) -> None:
    """Mount what is this kernel's own over what kernels would share."""
    namespaces.keep_mounts_private()
    namespaces.bind(str(ROOMS / room), str(ROOM))
    namespaces.bind(str(ROOM / "ipc"), str(SOCKETS))
    for hidden in (ROOM / "ipc", ROOMS):
        namespaces.mount("tmpfs", str(hidden), "size=4k,mode=0500", flags=namespaces.READ_ONLY)
    memory = f"size={_SHARED_MEMORY_MB}m,nr_inodes=10k,mode=1777"
    _empty("/tmp", memory)
    namespaces.mount("tmpfs", "/dev/shm", memory)
    namespaces.mount("devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=620", namespaces.NO_SUID)
    namespaces.mount("proc", "/proc", flags=namespaces.NO_SUID | namespaces.NO_DEVICES | namespaces.NO_EXECUTION)
    namespaces.raise_loopback()
    # No namespaces within: they are the way to most holes in the kernel.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _empty(folder: str, options: str) -> None:
    """Mount an empty folder, in which only what Python imports from is still there (a course in /tmp, say)."""
    kept = {path: os.open(path, os.O_PATH) for path in libraries() if path.is_relative_to(folder)}
    namespaces.mount("tmpfs", folder, options)
    for path, descriptor in kept.items():
        path.mkdir(parents=True)
        namespaces.bind(f"/proc/self/fd/{descriptor}", str(path))
        os.close(descriptor)


def _limit(allowance: Allowance) -> None:
    """Set what the system itself can hold a process to; the watchdog holds the whole tree to the rest."""
    limits = {
        # Not 0: with 1 only does the system start no program of its own for a crash, where it is set up to.
        resource.RLIMIT_CORE: 1,
        resource.RLIMIT_FSIZE: allowance.file_mb << 20,
        resource.RLIMIT_NOFILE: 1024,
        # Threads count too, and a kernel has some thirty.
        resource.RLIMIT_NPROC: allowance.processes,
        # Of one process; memory that is reserved and never used counts too.
        resource.RLIMIT_DATA: int(2 * allowance.memory_mb) << 20,
    }
    for kind, value in limits.items():
        _, highest = resource.getrlimit(kind)
        value = value if highest == resource.RLIM_INFINITY else min(value, highest)
        resource.setrlimit(kind, (value, value))
    # Where memory runs out before the watchdog looks, the system ends this one and not the grader.
    Path("/proc/self/oom_score_adj").write_text("1000")
