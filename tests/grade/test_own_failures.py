"""Where the grader itself fails over a submission: a row for the TA, nothing lost, and a regrade mends it."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fairmark.course import Course
from fairmark.examine.pool import ExaminerPool
from fairmark.examine.process import ExaminerFailed
from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Grader, regrade
from tests.machine import has_sandbox
from tests.simulated import Simulated, simulated_class, simulated_course

DIED = "the examiner died twice over this submission"


@dataclass(frozen=True)
class Class:
    """Three different notebooks, whose collection is simulated, and a broken one."""

    course: Course
    sources: Path
    out: Path

    def grade(self) -> dict[str, Verdict]:
        grader = Grader(self.course, "mini", self.out, self.course.limits, 0, has_sandbox())
        return by_student(grader.grade([self.sources], 2, lambda *_: None, Simulated()))

    def regrade(self) -> dict[str, Verdict]:
        return by_student(regrade(self.course, self.out, lambda *_: None, jobs=2, sandboxed=has_sandbox()))

    def rows(self) -> dict[str, dict[str, str]]:
        with (self.out / "grades.csv").open(encoding="utf8", newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def manifest(self, verdict: Verdict) -> Path:
        return self.out / "evidence" / verdict.evidence[0] / "manifest.json"


def by_student(verdicts: Any) -> dict[str, Verdict]:
    return {verdict.student: verdict for verdict in verdicts}


@pytest.fixture
def small(tmp_path: Path) -> Class:
    course = simulated_course(tmp_path / "course")
    return Class(course, simulated_class(course, tmp_path / "in", size=3), tmp_path / "out")


def dies_over(student: str, monkeypatch: pytest.MonkeyPatch) -> None:
    examined = ExaminerPool.__call__

    def examine(self: ExaminerPool, keys: Any, name: str, *others: Any) -> Verdict:
        if name == student:
            raise ExaminerFailed(DIED)
        return examined(self, keys, name, *others)

    monkeypatch.setattr(ExaminerPool, "__call__", examine)


def assert_left_to_the_ta(row: dict[str, str], key: str, why: str) -> None:
    assert row["status"].startswith(f"the grader itself failed ({why}")
    assert "see errors.log; needs the TA" in row["status"]
    assert (row["total"], row["percent"], row["q1"], row["evidence"]) == ("", "", "", key)


def test_what_was_collected_is_kept_and_a_regrade_examines_it(small: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    student = "student-00001"
    with monkeypatch.context() as patched:
        dies_over(student, patched)
        before = small.grade()
    (key,) = before[student].evidence
    assert_left_to_the_ta(small.rows()[student], key, f"ExaminerFailed: {DIED}")
    after = small.regrade()
    assert (after[student].status, after[student].evidence, after[student].decided) == ("graded", (key,), True)
    assert [question.name for question in after[student].questions] == ["q1", "q2", "q3", "q4"]
    assert {**after, student: before[student]} == before


def test_a_regrade_goes_on_where_it_cannot_examine(small: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small.grade()
    table = (small.out / "grades.csv").read_bytes()
    gone, damaged, died = (before[f"student-0000{number}"] for number in range(3))
    kept = {small.manifest(verdict): small.manifest(verdict).read_bytes() for verdict in (gone, damaged)}
    small.manifest(gone).unlink()
    small.manifest(damaged).write_text("{")
    with monkeypatch.context() as patched:
        dies_over(died.student, patched)
        after = small.regrade()
    rows = small.rows()
    assert_left_to_the_ta(rows[gone.student], gone.evidence[0], "ExaminerFailed: FileNotFoundError")
    assert_left_to_the_ta(rows[damaged.student], damaged.evidence[0], "ExaminerFailed: ValidationError")
    assert_left_to_the_ta(rows[died.student], died.evidence[0], f"ExaminerFailed: {DIED}")
    assert after["student-broken"] == before["student-broken"]
    assert (small.out / "errors.log").read_text().count(DIED) == 1

    for path, content in kept.items():
        path.write_bytes(content)
    assert small.regrade() == before
    assert (small.out / "grades.csv").read_bytes() == table
