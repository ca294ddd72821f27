"""A kernel ends with the process that started it, whatever its cell is doing."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
GRADER = """
import asyncio, sys
import nbformat
from fairmark.kernel.session import kernel_session
from tests.machine import plain_kernels

async def main():
    notebook, kernels = nbformat.v4.new_notebook(), plain_kernels()
    with kernels.workplace() as place:
        await busy(notebook, kernels, place)

async def busy(notebook, kernels, place):
    async with kernel_session(notebook, kernels, place) as session:
        cell = await session.run_source("import os; print(os.getpid())")
        print(cell.outputs[0].text, flush=True)
        await session.run_source(sys.argv[1])

asyncio.run(main())
"""
# The second holds the interpreter: no other thread of the kernel gets a turn.
CELLS = ["while True: pass", "import re; re.match('(a*)*b', 'a' * 50)"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child that holds its interpreter")
@pytest.mark.parametrize("cell", CELLS, ids=["busy", "holds the interpreter"])
def test_a_kernel_ends_with_a_killed_grader(cell: str) -> None:
    grader = subprocess.Popen([sys.executable, "-c", GRADER, cell], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    with grader.stdout:
        kernel = psutil.Process(int(grader.stdout.readline()))
        time.sleep(0.5)  # let the cell begin
        grader.kill()
        grader.wait()
    deadline = time.monotonic() + 20
    while kernel.is_running() and kernel.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the kernel lives on"
        time.sleep(0.05)
