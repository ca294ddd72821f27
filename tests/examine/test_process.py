"""The examiner's process: in the sandbox, replaced when it dies, stopped when it takes for ever."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fairmark.course import Course
from fairmark.examine.examiner import Examiner
from fairmark.examine.process import ExaminerFailed, ExaminerProcess
from tests.machine import has_sandbox

ASKS = """
import socket
from pathlib import Path

OK_FORMAT = False
from otter.test_files import test_case
name = "q1"
points = None


@test_case(points=1, hidden=True)
def test_what_is_seen(double):
    processes = len(list(Path("/proc").glob("[0-9]*")))
    assert False, f"network {[name for _, name in socket.if_nameindex()]}, processes {processes}"


@test_case(points=1, hidden=True)
def test_results_are_not_written(double):
    Path("/results/verdicts").mkdir()
"""
FOREVER = (
    ASKS.split("@test_case")[0]
    + """
@test_case(points=1, hidden=True)
def test_forever(double):
    while True:
        pass
"""
)
ASKS_FOR_SETTING = (
    ASKS.split("@test_case")[0]
    + """
import os


@test_case(points=1, hidden=True)
def test_setting(double):
    assert False, "SETTING is " + os.environ["SETTING"]
"""
)


@pytest.fixture
def folder(graded: Any, mini: Course, tmp_path: Path) -> Path:
    """The mini course's grader and the evidence of its reference, to be changed at will."""
    shutil.copytree(mini.graders("mini"), tmp_path / "grader")
    key = graded[1]["reference"].evidence[0]
    shutil.copytree(graded[0] / "evidence" / key, tmp_path / "evidence" / key)
    return tmp_path


def process(folder: Path, sandboxed: bool | None = None) -> ExaminerProcess:
    sandboxed = has_sandbox() if sandboxed is None else sandboxed
    return ExaminerProcess(Examiner("mini", folder / "grader", folder), "imdb", sandboxed)


def key(folder: Path) -> str:
    (path,) = (folder / "evidence").iterdir()
    return path.name


def examiners() -> Iterator[psutil.Process]:
    for child in psutil.Process().children(recursive=True):
        if (
            child.is_running()
            and child.status() != psutil.STATUS_ZOMBIE
            and "fairmark.examine.worker" in child.cmdline()
        ):
            yield child


def test_an_examiner_that_dies_is_replaced(folder: Path) -> None:
    with process(folder) as examine:
        before = examine([key(folder)], "ann", "a.ipynb")
        killed = list(examiners())
        assert killed
        for one in killed:
            one.kill()
        after = examine([key(folder)], "ann", "a.ipynb")
        assert not {one.pid for one in killed} & {one.pid for one in examiners()}
    assert before == after
    assert after.total == 10
    assert list(examiners()) == []


def test_an_examination_without_end_is_stopped(folder: Path) -> None:
    with process(folder) as examine:
        examine([key(folder)], "ann", "a.ipynb")  # imports take their time
        (folder / "grader" / "tests" / "q1.py").write_text(FOREVER)
        examine.seconds = 1
        verdict = examine([key(folder)], "ann", "a.ipynb")
    (case,) = verdict.questions[0].cases
    assert case.outcome == "not_examined"
    assert "examining took more than 1 seconds" in case.message


UNINTERRUPTED = FOREVER.replace(
    "    while True:\n        pass\n",
    "    import signal, time\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    time.sleep(600)\n",
)


def test_what_no_alarm_interrupts_is_ended_and_not_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairmark.examine.process._GRACE_SECONDS", 3)
    with process(folder) as examine:
        examine([key(folder)], "ann", "a.ipynb")  # imports take their time
        (folder / "grader" / "tests" / "q1.py").write_text(UNINTERRUPTED)
        examine.seconds = 1
        with pytest.raises(ExaminerFailed, match="it took more than 4 seconds to examine"):
            examine([key(folder)], "ann", "a.ipynb")
        assert list(examiners()) == []  # a second try would have started another


def test_each_case_after_an_endless_one_is_ended_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairmark.examine.process._GRACE_SECONDS", 600)
    endless = FOREVER.partition("@test_case")[2]
    with process(folder) as examine:
        examine([key(folder)], "ann", "a.ipynb")
        (folder / "grader" / "tests" / "q1.py").write_text(
            FOREVER + "\n\n@test_case" + endless.replace("test_forever", "test_for_longer")
        )
        examine.seconds = 1
        cases = examine([key(folder)], "ann", "a.ipynb").questions[0].cases
    assert [case.outcome for case in cases] == ["not_examined", "not_examined"]


def test_what_it_cannot_do_is_its_own_failure(folder: Path) -> None:
    with process(folder) as examine, pytest.raises(ExaminerFailed, match="FileNotFoundError"):
        examine(["nowhere"], "ann", "a.ipynb")


@pytest.mark.skipif(not has_sandbox(), reason="this machine has no sandbox: see `fairmark doctor`")
def test_the_sandbox_shows_it_what_it_needs_and_no_more(folder: Path) -> None:
    (folder / "grader" / "tests" / "q1.py").write_text(ASKS)
    with process(folder) as examine:
        first, second = examine([key(folder)], "ann", "a.ipynb").questions[0].cases
    assert first.message == "network ['lo'], processes 1"
    assert second.outcome != "passed"


@pytest.mark.skipif(not has_sandbox(), reason="this machine has no sandbox: see `fairmark doctor`")
def test_the_sandbox_changes_no_verdict(folder: Path) -> None:
    verdicts = []
    for sandboxed in (True, False):
        with process(folder, sandboxed=sandboxed) as examine:
            verdicts.append(examine([key(folder)], "ann", "a.ipynb"))
        shutil.rmtree(folder / "examined")
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize(
    ("setting", "own", "there"), [("FAIRMARK_DATA", "auto", "twin"), ("KERAS_BACKEND", "jax", "tensorflow")]
)
def test_without_the_sandbox_too_data_and_backend_are_those_of_the_grader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str, own: str, there: str
) -> None:
    monkeypatch.setenv(setting, own)
    (folder / "grader" / "tests" / "q1.py").write_text(ASKS_FOR_SETTING.replace("SETTING", setting))
    with process(folder, sandboxed=False) as examine:
        (case,) = examine([key(folder)], "ann", "a.ipynb").questions[0].cases
    assert case.message == f"{setting} is {there}"
