"""Linux calls that Python has no function for: namespaces, mounts, capabilities."""

import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

NEW_MOUNT = 0x0002_0000
NEW_UTS = 0x0400_0000
NEW_IPC = 0x0800_0000
NEW_USER = 0x1000_0000
NEW_PID = 0x2000_0000
NEW_NETWORK = 0x4000_0000

READ_ONLY = 0x1
NO_SUID = 0x2
NO_DEVICES = 0x4
NO_EXECUTION = 0x8
_BIND = 0x1000
_RECURSIVE = 0x4000
_PRIVATE = 0x4_0000

_SET_INTERFACE_FLAGS = 0x8914
_UP = 0x1

_SET_DUMPABLE = 4
_CAPBSET_DROP = 24
_SET_SECCOMP = 22
_SECCOMP_FILTER = 2
_SET_NO_NEW_PRIVS = 38
_CAP_AMBIENT = 47
_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object, what: str) -> int:
    """Make a system call that libc has no function for; raises OSError that begins with ``what``."""
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), what)


def unshare_all() -> None:
    """Enter new user, PID (for children), mount, IPC, network and host name namespaces, as the same user there.

    The caller must have one thread. Raises OSError where the system does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    set_dumpable(True)  # else /proc/self is root's
    flags = NEW_USER | NEW_PID | NEW_MOUNT | NEW_IPC | NEW_NETWORK | NEW_UTS
    _checked(_libc.unshare(flags), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def mount(kind: str, target: str, options: str = "", flags: int = NO_SUID | NO_DEVICES) -> None:
    """Mount a new file system of ``kind`` on ``target``."""
    _mount(kind, target, kind, flags, options)


def bind(source: str, target: str) -> None:
    """Show the folder ``source`` at ``target`` too."""
    _mount(source, target, "", _BIND | _RECURSIVE, "")


def keep_mounts_private() -> None:
    """Let no mount made here be seen elsewhere."""
    _mount("none", "/", "", _RECURSIVE | _PRIVATE, "")


def _mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    texts = [text.encode() or None for text in (source, target, kind)]
    result = _libc.mount(*texts, ctypes.c_ulong(flags), options.encode() or None)
    _checked(result, f"mount {kind or source} on {target}")


def raise_loopback() -> None:
    """Let processes of this network namespace talk to each other."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_INTERFACE_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def set_dumpable(dumpable: bool) -> None:
    """Say whether processes of the same user may read and trace this one."""
    _checked(_libc.prctl(_SET_DUMPABLE, int(dumpable), 0, 0, 0), "prctl")


def renounce() -> None:
    """Give up every capability, and the ways to get one, for good."""
    _checked(_libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        _checked(_libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0), "drop capability")
    _checked(_libc.prctl(_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0), "clear ambient capabilities")
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, none), "capset")


def set_seccomp_filter(program: object) -> None:
    """Let every system call of this process and its children pass through ``program``, for good."""
    _checked(_libc.prctl(_SET_SECCOMP, _SECCOMP_FILTER, program), "seccomp")
