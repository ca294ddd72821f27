"""Collecting through an executor: the same keys, each run once, one clear sentence for what goes wrong there."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from fairmark.cluster import ClusterError
from fairmark.collect.collector import Collector
from fairmark.collect.remote import RemoteCollector, Task, perform
from fairmark.course import Course
from fairmark.evidence.parcel import BadParcel
from fairmark.evidence.store import EvidenceStore
from fairmark.grade.batch import Grader
from fairmark.plan import Plan
from tests.machine import has_sandbox, plain_kernels
from tests.simulated import Simulated, simulated_class, simulated_course, simulated_parcel


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return simulated_course(tmp_path / "course")


@pytest.fixture
def notebook(course: Course) -> Any:
    return nbformat.read(course.graders("mini") / "reference.ipynb", as_version=4)


class Answering(Executor):
    """Answers every task with what ``answer`` returns or raises."""

    def __init__(self, answer: Callable[[Task], bytes]) -> None:
        self.answer = answer

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(self.answer(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class Cancelling(Executor):
    def submit(self, function: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.cancel()
        return future


def collector(course: Course, folder: Path, executor: Executor) -> RemoteCollector:
    plan = Plan.read(course.graders("mini") / "plan.json")
    return RemoteCollector(
        "mini", "imdb", plan, course.limits, EvidenceStore(folder), plain_kernels(), executor=executor
    )


def test_the_key_is_that_of_a_run_here(course: Course, notebook: Any, tmp_path: Path) -> None:
    remote = collector(course, tmp_path / "remote", Simulated())
    here = Collector("mini", "imdb", remote.plan, course.limits, EvidenceStore(tmp_path / "here"), plain_kernels())
    files = {"helper.py": b"x = 1"}
    assert remote.collect(notebook, files, 7) == here.key(notebook, files, 7)
    assert remote.store.manifest(here.key(notebook, files, 7)).seed == 7


def test_a_worker_unlike_this_machine_refuses(course: Course, notebook: Any, tmp_path: Path) -> None:
    def elsewhere(task: Task) -> bytes:
        return perform(replace(task, key="f" * 32, surroundings={**task.surroundings, "keras": "2.0"}))

    with pytest.raises(
        ClusterError, match=r"worker \S+ can't collect for this course \(keras is 3\S* there and 2.0 here"
    ):
        collector(course, tmp_path / "out", Answering(elsewhere)).collect(notebook, {}, 0)


def test_a_worker_with_another_fairmark_refuses(course: Course, notebook: Any, tmp_path: Path) -> None:
    def elsewhere(task: Task) -> bytes:
        return perform(replace(task, key="f" * 32))

    with pytest.raises(ClusterError, match="it has another fairmark"):
        collector(course, tmp_path / "out", Answering(elsewhere)).collect(notebook, {}, 0)


def test_a_worker_with_other_data_refuses(
    course: Course, notebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "FAIRMARK_DATA", "twin")  # to be put back

    def elsewhere(task: Task) -> bytes:
        surroundings = {**task.surroundings, "data": "imdb-real-0123456789ab"}
        return perform(replace(task, source="real", key="f" * 32, surroundings=surroundings))

    with pytest.raises(ClusterError, match=r"data is imdb-twin-\w+ there and imdb-real-\w+ here"):
        collector(course, tmp_path / "out", Answering(elsewhere)).collect(notebook, {}, 0)


def test_a_scheduler_that_is_gone(course: Course, notebook: Any, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="the cluster's scheduler is gone: start it and give the same command again"):
        collector(course, tmp_path / "out", Cancelling()).collect(notebook, {}, 0)


def test_what_is_no_evidence_is_not_stored(course: Course, notebook: Any, tmp_path: Path) -> None:
    def of_another(task: Task) -> bytes:
        return simulated_parcel(replace(task, key="f" * 32))

    with pytest.raises(BadParcel, match="evidence ffffffff"):
        collector(course, tmp_path / "out", Answering(of_another)).collect(notebook, {}, 0)
    assert not (tmp_path / "out").exists()


def test_the_batch_goes_on_where_a_worker_was_lost_for_good(course: Course, tmp_path: Path) -> None:
    simulated, lost = Simulated(), "number = 3"

    def answer(task: Task) -> bytes:
        if lost in task.notebook:
            raise RuntimeError("KilledWorker")
        return simulated.submit(perform, task).result()  # type: ignore[no-any-return]

    submissions = simulated_class(course, tmp_path / "in", size=5, copies=4)
    grader = Grader(course, "mini", tmp_path / "out", course.limits, 0, has_sandbox())
    verdicts = {
        verdict.student: verdict for verdict in grader.grade([submissions], 4, lambda *_: None, Answering(answer))
    }
    assert len(verdicts) == 10
    status = verdicts["student-00003"].status
    assert status.startswith("the grader itself failed (RuntimeError: KilledWorker)")
    assert status.endswith("needs the TA")
    assert set(simulated.runs.values()) == {1}
    assert len(simulated.runs) == 4
    copies = [verdicts[f"student-{number:05}"].evidence for number in (0, 5, 6, 7, 8)]
    assert len(set(copies)) == 1


def test_a_cluster_that_can_t_do_it_ends_the_batch(course: Course, tmp_path: Path) -> None:
    submissions = simulated_class(course, tmp_path / "in", size=3)
    grader = Grader(course, "mini", tmp_path / "out", course.limits, 0, has_sandbox())
    with pytest.raises(ClusterError, match="scheduler is gone"):
        grader.grade([submissions], 2, lambda *_: None, Cancelling())
    assert not (tmp_path / "out" / "grades.csv").exists()


def grade_on(scheduler: str, course: Course, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.chdir(course.root)
    arguments = ["grade", "mini", ".", "-o", "out", "--scheduler", scheduler]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stderr


def test_without_dask_one_sentence(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    sentence = "fairmark: a cluster needs dask.distributed: pip install 'fairmark[cluster]'\n"
    assert grade_on("tcp://127.0.0.1:1", course, monkeypatch) == (2, sentence)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1:what"])
def test_without_a_scheduler_one_sentence(course: Course, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("fairmark.cluster.CONNECT_SECONDS", 1)
    code, error = grade_on(address, course, monkeypatch)
    assert code == 2
    assert error.startswith(f"fairmark: no dask scheduler answers at {address} (")
    assert error.count("\n") == 1
