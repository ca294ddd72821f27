"""The watchdog ends a process tree, measures it, and outlives those that ignore signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from fairmark.kernel.watchdog import Limit, Watchdog
from fairmark.kernel.workplace import Allowance, Workplace

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
block = bytearray(80_000_000)
while True:
    pass
"""


def place(root: Path, **limits: float) -> Workplace:
    usual: dict[str, Any] = {
        "wall_seconds": 60, "cpu_seconds": 60, "memory_mb": 1000, "processes": 20, "file_mb": 10, "disk_mb": 10,
        "output_mb": 1, "threads": 1,
    }  # fmt: skip
    return Workplace(root, root, Allowance(**{**usual, **limits}))


def test_time_limit_ends_the_whole_tree(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        child = int(process.stdout.readline())
        with Watchdog(process.pid, place(tmp_path, wall_seconds=1.5), lambda: 0) as watchdog:
            process.wait(timeout=30)
    assert watchdog.exceeded == Limit.TIME
    assert watchdog.peak_memory_mb > 80
    assert watchdog.cpu_seconds > 0.5
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.05)


def test_a_file_that_is_gone_hides_none_of_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(tmp_path).make()
    (tmp_path / "work" / "large").write_bytes(bytes(20_000_000))
    fleeting = tmp_path / "work" / "fleeting"
    scandir = os.scandir

    @contextmanager
    def listed(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
        """A file is there when its folder is listed, first of all, and gone when it is looked at."""
        if folder == fleeting.parent:
            fleeting.touch()
        with scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        fleeting.unlink(missing_ok=True)
        yield found

    monkeypatch.setattr(os, "scandir", listed)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with Watchdog(process.pid, place(tmp_path, wall_seconds=6), lambda: 0) as watchdog:
        process.wait(timeout=30)
    assert watchdog.exceeded == Limit.DISK


WATCHES = """
import subprocess, sys, time
from pathlib import Path
from fairmark.kernel.watchdog import Watchdog
from tests.kernel.test_watchdog import place
process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with Watchdog(process.pid, place(Path(sys.argv[1]), wall_seconds=3), lambda: 0) as watchdog:
    began = time.monotonic()
    print("watching", flush=True)
    process.wait()
print(watchdog.exceeded.value, time.monotonic() - began)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows stops no process")
def test_no_time_passes_for_a_notebook_while_the_grader_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WATCHES, str(tmp_path)]
    grader = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    with grader.stdout:
        assert grader.stdout.readline() == "watching\n"
        grader.send_signal(signal.SIGSTOP)
        time.sleep(4)
        grader.send_signal(signal.SIGCONT)
        limit, seconds = grader.stdout.readline().split()
    assert grader.wait(timeout=10) == 0
    assert limit == Limit.TIME.value
    assert float(seconds) > 4.8


def test_leaving_the_block_ends_what_is_left(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with Watchdog(process.pid, place(tmp_path), lambda: 0) as watchdog:
        pass
    assert process.wait(timeout=10) != 0
    assert watchdog.exceeded is None


BRIEF = """
import subprocess, sys
while True:
    subprocess.run(["sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"])
"""
SOCKETS = """
import socket, time
held = [socket.socketpair() for _ in range(400)]
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of children that are gone, and of open sockets")
@pytest.mark.parametrize(
    ("source", "limits", "exceeded"),
    [(BRIEF, {"cpu_seconds": 2}, Limit.CPU), (SOCKETS, {"memory_mb": 200}, Limit.MEMORY)],
    ids=["children that come and go", "what waits in sockets"],
)
def test_what_no_living_process_is_charged_for_counts(
    tmp_path: Path, source: str, limits: dict[str, float], exceeded: Limit
) -> None:
    process = subprocess.Popen([sys.executable, "-c", source])
    with Watchdog(process.pid, place(tmp_path, **limits), lambda: 0) as watchdog:
        process.wait(timeout=60)
    assert watchdog.exceeded == exceeded
