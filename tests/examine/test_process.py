"""The examiner's process: one that dies is replaced, one that takes for ever is stopped."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fairmark.examine import process
from fairmark.examine.examiner import Examiner
from fairmark.examine.process import ExaminerProcess
from fairmark.examine.verdict import Verdict


@dataclass(frozen=True)
class Fragile(Examiner):
    """Dies the first time it is asked about 'deadly'."""

    def examine(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        died = self.folder / "died"
        if student == "deadly" and not died.exists():
            died.touch()
            os._exit(1)
        return Verdict(topic="t", student=student, submission=submission, status=f"by {os.getpid()}")


def test_an_examiner_that_dies_is_replaced(tmp_path: Path) -> None:
    with ExaminerProcess(Fragile("t", tmp_path, tmp_path)) as examine:
        before = examine([], "ann", "a.ipynb")
        assert examine([], "deadly", "b.ipynb").student == "deadly"
        after = examine([], "bob", "c.ipynb")
    assert before.status != after.status
    assert str(os.getpid()) not in before.status


class Slow(Fragile):
    def examine(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        time.sleep(30)
        raise AssertionError("it was not stopped")


def test_an_examination_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 1)
    with pytest.raises(TimeoutError, match="more than 1 seconds"):
        process._examine(Slow("t", tmp_path, tmp_path), [], "ann", "a.ipynb", None)
