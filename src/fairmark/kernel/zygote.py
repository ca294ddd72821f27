"""The zygote: a process in the sandbox that has imported everything and forks a kernel when told to.

It speaks over one socket (descriptor and imports are on the command line). A request is one descriptor: the kernel's
own line to the host. On it the kernel's parent is told the rest as JSON, for what the zygote knew (the key of one
kernel's messages) all later kernels could find in their memory; on it the kernel says "ready" (the host reads its
process id off the credentials) or what failed, and its parent how it ended.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from fairmark.imports import import_all
from fairmark.kernel import namespaces
from fairmark.kernel.isolation import shut_in
from fairmark.kernel.workplace import Allowance

NOBODY = 65534
FORK = b"fork"
READY = b"ready"
ENDED = b"ended "
FAILED = b"failed "
REQUEST_BYTES = 1 << 16

_REAP_SECONDS = 0.5


def main(descriptor: int, imports: list[str], data: str) -> None:
    """Prepare, say so, and fork kernels until the host closes its end."""
    line = socket.socket(fileno=descriptor)
    try:
        _become_nobody()
        namespaces.set_dumpable(False)
        _import(imports, data)
    except Exception as error:
        line.send(FAILED + f"{type(error).__name__}: {error}".encode()[:2000])
        raise
    gc.collect()
    gc.freeze()  # the collector would copy pages that all kernels share
    line.send(READY)
    while True:
        readable, _, _ = select.select([line], [], [], _REAP_SECONDS)
        _reap()
        if readable and not _serve(line):
            return


def _become_nobody() -> None:
    """Leave root, which bubblewrap keeps where it was started by root, with a /proc that kernels may mount anew."""
    if os.getuid() != 0:
        return
    namespaces.mount("proc", "/proc", flags=namespaces.NO_SUID | namespaces.NO_DEVICES | namespaces.NO_EXECUTION)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _import(modules: list[str], data: str) -> None:
    import_all(modules)
    if data:
        from fairmark.data.preloaded import preload

        preload(data, Path("/data"))
    if "tensorflow" in sys.modules:
        from tensorflow.python.eager import context

        if context.context()._context_handle is not None:
            raise RuntimeError("TensorFlow has run an operation while it was imported: a fork of it would hang")
    if threading.active_count() > 1:
        raise RuntimeError(f"an import started threads, which a fork loses: {threading.enumerate()}")


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _serve(line: socket.socket) -> bool:
    """Fork one kernel; False if the host has gone."""
    message, descriptors, _, _ = socket.recv_fds(line, len(FORK), 1)
    if not message:
        return False
    own = socket.socket(fileno=descriptors[0])
    if os.fork() == 0:
        line.close()
        _kernel(own)
    own.close()
    return True


def _kernel(own: socket.socket) -> NoReturn:
    """Become the parent of a kernel, and end with it."""
    try:
        request = json.loads(own.recv(REQUEST_BYTES))
        allowance = Allowance(**request["allowance"])
        code = shut_in(request["room"], allowance, lambda: _run(own, request["connection"]))
        own.send(ENDED + str(code).encode())
    except BaseException as error:
        own.send(FAILED + f"{type(error).__name__}: {error}".encode()[:2000])
    os._exit(0)


def _run(own: socket.socket, connection: dict[str, Any]) -> NoReturn:
    """Be the kernel. It is alone in its namespaces by now."""
    namespaces.set_dumpable(True)
    own.send(READY)
    own.close()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, 1024)
    gc.enable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    file = Path("/tmp/kernel.json")
    file.write_text(json.dumps(connection), encoding="utf8")
    from ipykernel.kernelapp import IPKernelApp

    code = 1
    try:
        IPKernelApp.launch_instance(argv=["-f", str(file), "--HistoryManager.hist_file=:memory:"])
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    gc.disable()
    main(int(sys.argv[1]), [name for name in sys.argv[2].split(",") if name], sys.argv[3])
    os._exit(0)  # to take TensorFlow apart would hold the host up
