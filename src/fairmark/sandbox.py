"""The sandbox: what a process in it sees of the machine, as a command line for bubblewrap.

Nothing of the network, of other processes, of the environment; of the disk, Python and the system's libraries, for
reading, and what the caller shows it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

NAME = "bubblewrap"
NONE = "none"
"""What records say of a process that ran without the sandbox."""

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin")
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/ssl/certs")
# What the first process needs to become another user, and to mount a /proc that its children may mount again.
_FOR_ROOT = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN")

KEEP_APART = "move it, or give the virtual environment a folder of its own, such as .venv"
"""What to do about what lies in sight."""


class SandboxUnavailable(Exception):
    """This machine has no sandbox; the message says why, and what to do."""


def command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    read: Mapping[str, Path],
    write: Mapping[str, Path],
    *,
    scratch: Sequence[str] = ("/tmp",),
    stay_root: bool = False,
) -> list[str]:
    """Return ``arguments`` as a command line that runs them in the sandbox; open descriptors are passed on.

    It is process 1 there: when it ends, all it started end with it. ``read`` and ``write`` are folders or files by the
    path at which they are seen there; ``scratch`` are empty folders in memory. With ``stay_root``, where the caller is
    root, the process starts as root with the few capabilities it needs to become nobody; otherwise it is nobody of a
    user namespace. Raises SandboxUnavailable.
    """
    bubblewrap = shutil.which("bwrap")
    if sys.platform != "linux" or bubblewrap is None:
        raise SandboxUnavailable(
            "the sandbox needs Linux with bubblewrap (`apt install bubblewrap`), or the container image: "
            "see docs/sandbox.md"
        )
    privileged = stay_root and os.geteuid() == 0
    users = ["--cap-drop", "ALL", *_each("--cap-add", _FOR_ROOT)] if privileged else ["--unshare-user"]
    return [
        bubblewrap,
        *users,
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--hostname", "fairmark", "--as-pid-1", "--new-session", "--clearenv", "--dev", "/dev", "--proc", "/proc"),
        *(word for name, value in environment.items() for word in ("--setenv", name, value)),
        *(word for path in scratch for word in ("--perms", "1777", "--tmpfs", path)),
        *_system(),
        *(word for inside, path in read.items() for word in ("--ro-bind", str(path), inside)),
        *(word for inside, path in write.items() for word in ("--bind", str(path), inside)),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"),
        *arguments,
    ]


def kill(process: "subprocess.Popen[Any]") -> None:
    """Kill a process and all that it started: of bubblewrap alone, process 1 of its sandbox would stay and go on."""
    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
    process.kill()


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _system() -> list[str]:
    """Show what Python needs: the system's libraries, this interpreter, and the folders it imports from."""
    options: list[str] = []
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            options += ["--ro-bind", name, name]
    for name in _SETTINGS:
        options += ["--ro-bind-try", name, name]
    for folder in libraries():
        # Where the parents may be entered by their owner only (/root), the sandbox makes its own so too.
        for parent in reversed(folder.parents[:-1]):
            options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind", str(folder), str(folder)]
    return options


def in_sight(path: Path) -> str | None:
    """Say through which folder whatever runs in the sandbox could read ``path``; None if it could not."""
    place = Path(os.path.realpath(path))
    for folder in (*map(Path, (*_SYSTEM, *_SETTINGS)), *libraries()):
        if place.is_relative_to(os.path.realpath(folder)):
            return f"{path} lies in {folder}, which the sandbox shows to students' code"
    return None


def libraries() -> list[Path]:
    """Return the folders outside /usr that this Python runs and imports from.

    Not all of ``sys.path``: the working folder may be on it, and that is the course.
    """
    packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    found: list[Path] = []
    for folder in map(Path, (sys.base_prefix, sys.prefix, str(Path(__file__).parents[1]), *packages)):
        known = any(folder.is_relative_to(other) for other in (Path("/usr"), *found))
        if folder.is_absolute() and folder.is_dir() and not known:
            found.append(folder)
    return found
