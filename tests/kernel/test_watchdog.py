"""The watchdog ends a process tree, measures it, and outlives those that ignore signals."""

import subprocess
import sys
import time

import psutil

from fairmark.kernel.watchdog import Watchdog

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


def test_time_limit_ends_the_whole_tree() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        child = int(process.stdout.readline())
        with Watchdog(process.pid, wall_seconds=1.5) as watchdog:
            process.wait(timeout=30)
    assert watchdog.expired
    assert watchdog.peak_memory_mb > 80
    assert watchdog.cpu_seconds > 0.5
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.05)


def test_leaving_the_block_ends_what_is_left() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with Watchdog(process.pid, wall_seconds=60) as watchdog:
        pass
    assert process.wait(timeout=10) != 0
    assert not watchdog.expired
