"""Warm kernels: forked, shut in, alike to plain ones in all they compute, and gone without a trace."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from fairmark.collect.collector import Collector
from fairmark.collect.run import KernelFailed, run_notebook
from fairmark.course import Course, Limits
from fairmark.evidence.store import EvidenceStore
from fairmark.kernel.choice import kernels as open_kernels
from fairmark.kernel.session import Kernels
from fairmark.plan import Plan
from fairmark.sandbox import SandboxUnavailable
from tests.machine import has_sandbox

needs_sandbox = pytest.mark.skipif(not has_sandbox(), reason="this machine has no sandbox: see `fairmark doctor`")


def executed(kernels: Kernels, *sources: str) -> list[str]:
    """Run cells in one kernel; return what each printed, or the error it raised."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    # The collector's own calls after each cell find nothing to call.
    prepare = "import types; __import__('builtins').__fairmark_captor__ = types.SimpleNamespace(capture_rest=id)"
    with kernels.workplace() as place:
        asyncio.run(run_notebook(notebook, kernels, place, prepare))
    return ["".join(o.get("text") or f"{o.get('ename')}: {o.get('evalue')}" for o in c.outputs) for c in notebook.cells]


@needs_sandbox
def test_a_kernel_sees_nothing_but_its_own_room(kernels: Kernels, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    who, seen, net, caps, written = executed(
        kernels,
        "import os; print(os.getuid(), os.getpid(), os.getcwd(), len([p for p in os.listdir('/proc') if p.isdigit()]))",
        f"print(os.path.exists({str(tmp_path)!r}), os.path.exists('/home'), os.listdir('/rooms'), sorted(os.environ))",
        "import socket; print([name for _, name in socket.if_nameindex()])",
        "print([line.split()[1] for line in open('/proc/self/status') if line.startswith(('Cap', 'NoNewPrivs'))])",
        "for folder in ('/', '/usr', '/etc', '/data', '/dev'):\n"
        "    try: open(f'{folder}/x', 'w')\n"
        "    except OSError as error: print(type(error).__name__)",
    )
    user = os.getuid() or 65534
    assert who.split() == [str(user), "1", "/room/work", "1"]
    assert seen.startswith("False False [] ")
    assert "FAIRMARK_DATA" not in seen
    assert net.strip() == "['lo']"
    assert caps.strip() == str(["0" * 16] * 5 + ["1"])
    assert len(written.split()) == 5


@needs_sandbox
def test_it_can_enter_no_further_namespace(kernels: Kernels) -> None:
    (answer,) = executed(kernels, "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))")
    assert answer.strip() == "-1"


@needs_sandbox
def test_data_is_there_before_it_is_loaded_and_fresh_each_time(kernels: Kernels) -> None:
    loads = "(x, y), (x_test, y_test) = keras.datasets.imdb.load_data(num_words=10000)"
    first, second, other = executed(
        kernels,
        f"import keras\n{loads}\nbefore = list(x[0])\nx[0].clear(); y[:] = 7\nprint(len(before) > 0)",
        f"{loads}\nprint(x[0] == before, sorted(set(y.tolist())))",
        "(x, _), _ = keras.datasets.imdb.load_data(num_words=50)\nprint(max(map(max, x)) < 50)",
    )
    assert (first.strip(), second.strip(), other.strip()) == ("True", "True [0, 1]", "True")


@needs_sandbox
def test_warm_and_plain_kernels_leave_the_same_evidence(
    mini: Course, reference: Any, kernels: Kernels, tmp_path: Path
) -> None:
    plan = Plan.read(mini.graders("mini") / "plan.json")
    questions = []
    notebook = nbformat.from_dict(reference)
    notebook.cells.insert(1, nbformat.v4.new_code_cell("import handed_in"))
    with open_kernels("imdb", mini.limits, sandboxed=False) as plain:
        for chosen in (kernels, plain):
            collector = Collector("mini", "imdb", plan, mini.limits, EvidenceStore(tmp_path), chosen)
            manifest = collector.store.manifest(collector.collect(notebook, {"handed_in.py": b"x = 1"}, 5))
            assert manifest.environment.sandbox == chosen.sandbox
            assert manifest.errors == ()
            questions.append(manifest.questions)
    assert questions[0] == questions[1]


def zygotes() -> list[psutil.Process]:
    return [process for process in living() if "fairmark.kernel.zygote" in process.cmdline()]


def living() -> list[psutil.Process]:
    return [process for process in family() if process.status() != psutil.STATUS_ZOMBIE]


def family() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


@needs_sandbox
def test_a_zygote_that_dies_is_replaced(kernels: Kernels) -> None:
    assert executed(kernels, "print(1)") == ["1\n"]
    for process in zygotes():
        process.kill()
    assert executed(kernels, "print(2)") == ["2\n"]


@needs_sandbox
def test_a_notebook_whose_zygote_dies_is_nobodys_failure(kernels: Kernels) -> None:
    executed(kernels, "0")

    async def die_with_it() -> None:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import time; time.sleep(60)")])
        with kernels.workplace() as place:
            running = asyncio.create_task(run_notebook(notebook, kernels, place, "0"))
            await asyncio.sleep(2)
            for process in zygotes():
                process.kill()
            await running

    with pytest.raises(KernelFailed, match="what the kernel was forked from ended"):
        asyncio.run(die_with_it())


@needs_sandbox
def test_nothing_is_left_of_a_kernel(kernels: Kernels) -> None:
    executed(kernels, "0")
    before = len(zygotes())
    for _ in range(3):
        executed(kernels, "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)")
    wait_until(lambda: len(zygotes()) <= before)
    assert "sleep" not in [process.name() for process in family()]
    wait_until(lambda: living() == family())


@needs_sandbox
def test_kernels_end_with_the_process_that_asked_for_them() -> None:
    script = """
import asyncio, nbformat
from fairmark.collect.run import run_notebook
from fairmark.course import Limits
from fairmark.kernel.choice import kernels
with kernels("imdb", Limits(), sandboxed=True) as opened, opened.workplace() as place:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import time; time.sleep(600)")])
    asyncio.run(run_notebook(notebook, opened, place, "print('ready')"))
"""
    grader = subprocess.Popen([sys.executable, "-c", script])
    watched = psutil.Process(grader.pid)
    wait_until(lambda: len([p for p in watched.children(recursive=True) if p.nice() is not None]) >= 4, seconds=120)
    tree = watched.children(recursive=True)
    grader.kill()
    grader.wait()
    wait_until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in tree))


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_without_bubblewrap_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(SandboxUnavailable, match=r"needs Linux with bubblewrap"),
        open_kernels("imdb", Limits(), sandboxed=True),
    ):
        pass
