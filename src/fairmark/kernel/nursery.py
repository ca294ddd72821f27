"""The host's end of the zygote: starts it in the sandbox, asks it for kernels, replaces it when it dies."""

import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from jupyter_client.kernelspec import KernelSpec

from fairmark import data, sandbox
from fairmark.kernel.isolation import ROOM, ROOMS, SOCKETS
from fairmark.kernel.workplace import Allowance, Workplace, environment
from fairmark.kernel.zygote import ENDED, FORK, NOBODY, READY
from fairmark.sandbox import SandboxUnavailable
from fairmark.scratch import scratch_folder

_IMPORTS = (
    "tensorflow",
    "keras",
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    # What ipykernel imports only when it starts: a third of the time that takes.
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "sqlite3",
    "fairmark.collect.stand_in",
)
PROVISIONER = "fairmark-zygote"
"""The name under which `ZygoteProvisioner` is registered as an entry point."""

_START_SECONDS = 180
_FORK_SECONDS = 60


class ZygoteLost(Exception):
    """The zygote ended: the grader's own fault, never the student's."""


@dataclass
class Newborn:
    """A kernel that the zygote forked: its process id here, and the line on which its end is told."""

    pid: int
    _line: socket.socket
    code: int | None = None
    lost: bool = False
    """It ended because the zygote did."""

    def poll(self) -> int | None:
        """Return the exit code once it has ended, else None."""
        if self.code is None:
            try:
                told = self._line.recv(2100)
            except BlockingIOError:
                return None
            except OSError:
                told = b""
            self.lost = not told.startswith(ENDED)
            self.code = -9 if self.lost else int(told.removeprefix(ENDED))
            self._line.close()
        return self.code

    def close(self) -> None:
        """Listen no more."""
        self._line.close()


@dataclass
class Nursery:
    """Warm kernels in the sandbox, for one data set ("": none); a context manager.

    Safe to use from several threads. Raises SandboxUnavailable on entry where this machine has no sandbox.
    """

    data: str
    allowance: Allowance
    sandbox: str = field(default=sandbox.NAME, init=False)
    sandboxed: bool = field(default=True, init=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _scratch: ExitStack = field(default_factory=ExitStack, init=False, repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> "Nursery":
        self.folder = self._scratch.enter_context(scratch_folder())
        try:
            (self.folder / "rooms").mkdir()
            (self.folder / "keys").mkdir(mode=0o700)
            (self.folder / "datasets").mkdir()
            self._try()
            if self.data:
                data.provision(self.data, self.folder)
        except BaseException:
            self.__exit__()
            raise
        _open[str(self.folder)] = self
        return self

    def __exit__(self, *_: object) -> None:
        _open.pop(str(self.folder), None)
        self._stop()
        self._scratch.close()

    @contextmanager
    def workplace(self) -> Iterator[Workplace]:
        """Make a room for one kernel; it goes when the block is left."""
        root = self.folder / "rooms" / secrets.token_hex(4)
        place = Workplace(root, ROOM, self.allowance)
        place.make()
        try:
            yield place
        finally:
            place.remove()

    def spec(self, place: Workplace) -> KernelSpec:
        """Return the kernelspec of a kernel that lives in ``place``."""
        provisioner = {"provisioner_name": PROVISIONER, "config": {"folder": str(self.folder), "room": str(place.root)}}
        return KernelSpec(display_name="Python 3", language="python", metadata={"kernel_provisioner": provisioner})

    def connection_file(self, place: Workplace) -> Path:
        """Return where the key of a kernel's messages is written: no kernel can read it."""
        return self.folder / "keys" / f"{place.root.name}.json"

    def fork(self, room: Path, connection: Mapping[str, Any]) -> Newborn:
        """Fork a kernel that lives in ``room`` and listens as ``connection`` (a connection file's content) says.

        Raises ZygoteLost if it can't be had, from a new zygote either.
        """
        _give_to_nobody(room)
        with self._lock:
            try:
                return self._forked(room, connection)
            except (OSError, SandboxUnavailable):
                self._stop()
                try:
                    return self._forked(room, connection)
                except (OSError, SandboxUnavailable) as error:
                    raise ZygoteLost(f"no kernel could be forked: {error}") from error

    def _forked(self, room: Path, connection: Mapping[str, Any]) -> Newborn:
        if self._process is None:
            self._start(_IMPORTS, self.data)
        return self._ask(room.name, connection)

    def _try(self) -> None:
        """Fork a kernel from a zygote that has imported nothing: whether it can shut itself in shows only then."""
        self._start(imports=(), data="")
        with self.workplace() as place:
            _give_to_nobody(place.root)
            newborn = self._ask(place.root.name, {})
            os.kill(newborn.pid, signal.SIGKILL)
            newborn.close()
        self._stop()

    def _start(self, imports: Sequence[str], data: str) -> None:
        self._line, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there, (self.folder / "zygote.log").open("wb") as log:
            zygote = ["-P", "-m", "fairmark.kernel.zygote", str(there.fileno()), ",".join(imports), data]
            try:
                command = sandbox.command(
                    [sys.executable, *zygote],
                    environment(ROOM, self.allowance.threads),
                    read={"/data": self.folder / "datasets"},
                    write={str(ROOMS): self.folder / "rooms"},
                    scratch=("/tmp", str(ROOM), str(SOCKETS)),
                    stay_root=True,
                )
            except SandboxUnavailable:
                self._line.close()
                raise
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[there.fileno()], cwd="/"
            )
        self._line.settimeout(_START_SECONDS)
        told = self._line.recv(2100)
        if told != READY:
            raise SandboxUnavailable(f"the sandbox did not start: {told.decode(errors='replace')}{self._log()}")
        self._line.settimeout(_FORK_SECONDS)

    def _log(self) -> str:
        lines = (self.folder / "zygote.log").read_text(encoding="utf8", errors="replace").strip().splitlines()
        return f" ({lines[-1]})" if lines else ""

    def _ask(self, room: str, connection: Mapping[str, Any]) -> Newborn:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            here.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            here.settimeout(_FORK_SECONDS)
            request = {"room": room, "connection": dict(connection), "allowance": asdict(self.allowance)}
            with there:
                socket.send_fds(self._line, [FORK], [there.fileno()])
            here.send(json.dumps(request).encode())
            told, ancillary, _, _ = here.recvmsg(2100, socket.CMSG_SPACE(12))
            if told != READY:
                raise SandboxUnavailable(f"a kernel could not shut itself in: {told.decode(errors='replace')}")
            here.setblocking(False)
        except BaseException:
            here.close()
            raise
        ((_, _, credentials),) = ancillary
        pid, _, _ = struct.unpack("3i", credentials)
        return Newborn(pid, here)

    def _stop(self) -> None:
        """End the zygote and, with its namespace, every kernel it forked."""
        if self._process is None:
            return
        self._line.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            sandbox.kill(self._process)
            self._process.wait()
        self._process = None


_open: dict[str, Nursery] = {}


def nursery(folder: str) -> Nursery:
    """Return the open nursery that lives in ``folder``."""
    return _open[folder]


def _give_to_nobody(root: Path) -> None:
    """Let the zygote, which is nobody where the host is root, own a room."""
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
