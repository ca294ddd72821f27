"""Landlock: the kernel's own list of what a process may write, on top of read-only mounts.

Numbers from the kernel's user-space interface (``linux/landlock.h``).
"""

import ctypes
import os
from collections.abc import Sequence

from fairmark.kernel.namespaces import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

# Writing a file, removing and making of every kind; REFER came with version 2, TRUNCATE with 3, ioctl with 5.
_WRITES = (1 << 1) | sum(1 << bit for bit in range(4, 13))
_REMOVE_FILE, _MAKE_SOCKET = 1 << 5, 1 << 9
_SINCE = {2: 1 << 13, 3: 1 << 14}
_SCOPES_SINCE = 6
_SIGNALS_AND_ABSTRACT_SOCKETS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that this kernel speaks; 0 if it has none."""
    try:
        return syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION), what="landlock")
    except OSError:
        return 0


def allow_writing_only(folders: Sequence[str], listening_in: str) -> None:
    """Forbid this process and its children to write outside ``folders``; call with one thread.

    In ``listening_in`` they may only make sockets, and remove them. Does nothing where the kernel has no Landlock.
    Needs no_new_privs. Raises OSError.
    """
    spoken = version()
    if not spoken:
        return
    writes = _WRITES | sum(bit for since, bit in _SINCE.items() if spoken >= since)
    wanted = _Ruleset(
        files=writes,
        network=0,  # a network namespace of its own is there for that, and ipykernel wants its loopback
        scoped=_SIGNALS_AND_ABSTRACT_SOCKETS if spoken >= _SCOPES_SINCE else 0,
    )
    # Earlier kernels know a shorter struct, and refuse a longer one only if its rest is not zero.
    size = ctypes.c_size_t(ctypes.sizeof(wanted))
    rules = syscall(_CREATE_RULESET, ctypes.byref(wanted), size, ctypes.c_uint32(0), what="landlock ruleset")
    rights = {folder: writes if os.path.isdir(folder) else _file_rights(writes) for folder in folders}
    for folder, allowed in {**rights, listening_in: _REMOVE_FILE | _MAKE_SOCKET}.items():
        parent = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = _PathBeneath(allowed=allowed, parent=parent)
        syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0), what="landlock rule")
        os.close(parent)
    syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0), what="landlock")
    os.close(rules)


def _file_rights(writes: int) -> int:
    """Return those of ``writes`` that mean something for a file."""
    return writes & ((1 << 1) | _SINCE[3])
