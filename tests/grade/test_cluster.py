"""A dask cluster of two workers on loopback gives the grades of this machine, whatever happens to its workers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fairmark.course import Course
from fairmark.evidence.store import EvidenceStore
from fairmark.grade.batch import Grader
from tests.machine import has_sandbox
from tests.simulated import simulated_course

UNSAFE = [] if has_sandbox() else ["--no-sandbox"]
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cluster:
    """A running cluster; ``temporary`` is where its workers put their folders."""

    address: str
    workers: list[int]
    temporary: Path


@contextmanager
def cluster(*arguments: str) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="dask-", ignore_cleanup_errors=True) as temporary:
        # The workers are told nothing of the course's data: it comes with each notebook.
        environment = {name: value for name, value in os.environ.items() if name != "FAIRMARK_DATA"}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster", *arguments],
            cwd=ROOT,
            env={**environment, "TMPDIR": temporary},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdout:
            address, *workers = process.stdout.readline().split()
            try:
                yield Cluster(address, [int(worker) for worker in workers], Path(temporary))
            finally:
                process.stdin.close()
                process.wait(timeout=60)


def a_class(graded: Any, folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        shutil.copy(graded[0].parent / "in" / f"{name}.ipynb", folder)
    shutil.copy(folder / f"{names[0]}.ipynb", folder / "copied.ipynb")
    return folder


def graded_here(course: Course, graded: Any, submissions: Path, out: Path) -> Path:
    """Grade with the evidence that was collected here."""
    shutil.copytree(graded[0] / "evidence", out / "evidence")
    Grader(course, "mini", out, course.limits, 0, has_sandbox()).grade([submissions], 2, lambda *_: None)
    return out


def rooms(temporary: Path) -> list[Path]:
    """The folders of kernels, warm or plain, that are at work."""
    return [path.parent for path in (*temporary.glob("fmk-*/rooms/*/work"), *temporary.glob("fmk-*/work"))]


def command(submissions: Path, out: Path, address: str) -> list[str]:
    arguments = ["grade", "mini", str(submissions), "-o", str(out), "--scheduler", address, "--seed", "0", *UNSAFE]
    return [sys.executable, "-m", "fairmark.cli", *arguments]


def test_two_workers_give_the_same_grades(mini: Course, graded: Any, tmp_path: Path) -> None:
    submissions = a_class(graded, tmp_path / "in", "reference", "raises", "lambda-activation")
    here = graded_here(mini, graded, submissions, tmp_path / "here")
    with cluster("2") as workers:
        done = subprocess.run(
            command(submissions, tmp_path / "out", workers.address), cwd=mini.root, capture_output=True, text=True
        )
        assert not list(rooms(workers.temporary))
    assert (done.returncode, done.stderr) == (0, "")
    for table in ("grades.csv", "misconceptions.csv"):
        assert (tmp_path / "out" / table).read_bytes() == (here / table).read_bytes()
    there = EvidenceStore(tmp_path / "out" / "evidence")
    keys = [path.name for path in there.folder.iterdir()]
    assert len(keys) == 3
    for key in keys:
        assert there.manifest(key).questions == EvidenceStore(here / "evidence").manifest(key).questions


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_killed_workers_were_at_is_done_again(mini: Course, graded: Any, tmp_path: Path) -> None:
    submissions = a_class(graded, tmp_path / "in", "reference", "raises")
    here = graded_here(mini, graded, submissions, tmp_path / "here")
    with cluster("2") as workers:
        grading = subprocess.Popen(
            command(submissions, tmp_path / "out", workers.address), cwd=mini.root, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while len(list(rooms(workers.temporary))) < 2:
            assert time.monotonic() < deadline, "the workers were given nothing"
            time.sleep(0.1)
        for worker in workers.workers:
            os.kill(worker, signal.SIGKILL)
        assert grading.wait(timeout=600) == 0
    assert (tmp_path / "out" / "grades.csv").read_bytes() == (here / "grades.csv").read_bytes()


def test_a_cluster_without_fairmark(tmp_path: Path) -> None:
    course = simulated_course(tmp_path / "course")
    with cluster("0", "fairmark") as workers:
        done = subprocess.run(
            command(tmp_path, tmp_path / "out", workers.address), cwd=course.root, capture_output=True, text=True
        )
    sentence = "fairmark: the cluster lacks fairmark: install it where the scheduler and each worker run\n"
    assert (done.returncode, done.stderr) == (2, sentence)
