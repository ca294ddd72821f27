"""System calls that a notebook may not make: ways around its limits, and to what no namespace divides.

Numbers from the kernel's user-space interface (``linux/seccomp.h``, ``linux/filter.h``, each machine's ``unistd.h``).
"""

import ctypes
import errno
import platform
from collections.abc import Iterator
from dataclasses import dataclass

from fairmark.kernel.namespaces import set_seccomp_filter


@dataclass(frozen=True)
class _Machine:
    audit: int
    socket: int
    setsockopt: int
    denied: tuple[int, ...]
    first_foreign: int = 0
    """System calls from this number on are another interface's (x32); 0 if there is none."""


# The same on every machine: memfd_secret, io_uring and the new way to mount.
_SINCE_2019 = (447, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442)
_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000_003E,
        socket=41,
        setsockopt=54,
        first_foreign=0x4000_0000,
        denied=(
            *(319, 29, 68, 240),  # memory of no process: memfd_create, shmget, msgget, mq_open
            *(248, 249, 250),  # keys, which all namespaces share: add_key, request_key, keyctl
            *(101, 310, 311, 298, 321, 323),  # ptrace, process_vm_*, perf_event_open, bpf, userfaultfd
            *(165, 166, 155, 272, 308, 304),  # mount, umount2, pivot_root, unshare, setns, open_by_handle_at
            *_SINCE_2019,
        ),
    ),
    "aarch64": _Machine(
        audit=0xC000_00B7,
        socket=198,
        setsockopt=208,
        denied=(
            *(279, 194, 186, 180),
            *(217, 218, 219),
            *(117, 270, 271, 241, 280, 282),
            *(40, 39, 41, 97, 268, 265),
            *_SINCE_2019,
        ),
    ),
}
# Unix, both Internets, and what lists network devices. Others know no namespace (a virtual machine's host, say).
_FAMILIES = (1, 2, 10, 16)

# Larger buffers of a socket, which are memory of no process either: SO_SNDBUF, SO_RCVBUF and as they are forced.
_BUFFER_SIZES = (7, 8, 32, 33)
_SOL_SOCKET = 1

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _AUDIT, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32
_ALLOW = 0x7FFF_0000
_DENY = 0x0005_0000 | errno.EPERM


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def is_known(machine: str) -> bool:
    """Is there a filter for ``machine``, as the platform module calls it?"""
    return machine in _MACHINES


def deny_what_no_notebook_needs() -> None:
    """Let this process and its children make the system calls above no more; call with one thread.

    Does nothing on a machine whose numbers are not known here. Needs no_new_privs. Raises OSError.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return
    lines = [_Instruction(*line) for line in _program(machine)]
    instructions = (_Instruction * len(lines))(*lines)
    set_seccomp_filter(ctypes.byref(_Program(len(lines), instructions)))


def _program(machine: _Machine) -> Iterator[tuple[int, int, int, int]]:
    """Yield the filter's instructions; a jump skips that many of them."""
    deny, allow = (_RETURN, 0, 0, _DENY), (_RETURN, 0, 0, _ALLOW)
    yield (_LOAD, 0, 0, _AUDIT)
    yield (_EQUAL, 1, 0, machine.audit)
    yield deny
    yield (_LOAD, 0, 0, _NUMBER)
    if machine.first_foreign:
        yield (_AT_LEAST, 0, 1, machine.first_foreign)
        yield deny
    for number in machine.denied:
        yield (_EQUAL, 0, 1, number)
        yield deny
    yield from _unless_buffer_sizes(machine)
    yield (_EQUAL, 1, 0, machine.socket)
    yield allow
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    for family in _FAMILIES:
        yield (_EQUAL, 0, 1, family)
        yield allow
    yield deny


def _unless_buffer_sizes(machine: _Machine) -> Iterator[tuple[int, int, int, int]]:
    """Yield what decides on setsockopt; any other call goes on behind it, its number loaded."""
    deny, allow = (_RETURN, 0, 0, _DENY), (_RETURN, 0, 0, _ALLOW)
    decided = [
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        (_EQUAL, 1, 0, _SOL_SOCKET),
        allow,
        (_LOAD, 0, 0, _THIRD_ARGUMENT),
    ]
    for option in _BUFFER_SIZES:
        decided += [(_EQUAL, 0, 1, option), deny]
    decided.append(allow)
    yield (_EQUAL, 0, len(decided), machine.setsockopt)
    yield from decided
