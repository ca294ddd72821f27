"""Regrading with another bar: a lowered one examines only; a raised one names who is to be run again, and runs them."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from fairmark.collect.collector import Collector
from fairmark.course import Course
from fairmark.grade.batch import Grader
from fairmark.thresholds import read_thresholds, write_thresholds
from tests.machine import has_sandbox

SANDBOX = [] if has_sandbox() else ["--no-sandbox"]
RAISED = 501
"""Of 500: nobody meets it."""


@dataclass(frozen=True)
class Class:
    """Three submissions, graded: one meets the bar, one shows nothing, one is no notebook."""

    course: Course
    sources: Path
    out: Path

    def set_bar(self, bar: float) -> None:
        grader = self.course.graders("mini")
        bars = {
            name: {data: old.model_copy(update={"any_of_m": bar}) for data, old in found.items()}
            for name, found in read_thresholds(grader).items()
        }
        write_thresholds(grader, bars)

    def grade(self, out: Path) -> None:
        grader = Grader(self.course, "mini", out, self.course.limits, 0, has_sandbox())
        grader.grade([self.sources], 2, lambda *_: None)

    def regrade(self, *options: str) -> str:
        done = CliRunner().invoke(app, ["regrade", str(self.out), *options, *SANDBOX])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def rows(self) -> dict[str, dict[str, str]]:
        with (self.out / "grades.csv").open(encoding="utf8", newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def verdict(self, student: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "verdicts" / f"{student}.json").read_bytes())
        return found

    def evidence(self) -> set[str]:
        return {path.name for path in (self.out / "evidence").iterdir()}


@pytest.fixture
def small(mini: Course, graded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    """The class; the runs of its notebooks are those of the larger one."""
    shutil.copytree(mini.root, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    (tmp_path / "in").mkdir()
    for name in ("reference", "replaces-call-func"):
        shutil.copy(graded[0].parent / "in" / f"{name}.ipynb", tmp_path / "in")
    (tmp_path / "in" / "essay.txt").write_text("I could not open Jupyter.")
    found = Class(mini.model_copy(update={"root": tmp_path / "course"}), tmp_path / "in", tmp_path / "out")
    with_first_runs(found, graded, found.out)
    found.grade(found.out)
    return found


def with_first_runs(small: Class, graded: Any, out: Path) -> None:
    for name in ("reference", "replaces-call-func"):
        (key,) = graded[1][name].evidence
        shutil.copytree(graded[0] / "evidence" / key, out / "evidence" / key)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of what is run from here on."""
    keys = []
    original = Collector._run

    def counted(self: Collector, key: str, *arguments: Any) -> bool:
        keys.append(key)
        return original(self, key, *arguments)

    monkeypatch.setattr(Collector, "_run", counted)
    return keys


def test_a_lowered_bar_needs_no_run(small: Class, runs: list[str]) -> None:
    before = (small.out / "grades.csv").read_bytes()
    small.set_bar(1)
    assert "another run" not in small.regrade("--collect")
    assert (small.out / "grades.csv").read_bytes() == before
    assert small.verdict("reference")["questions"][3]["cases"][0]["thresholds"][0]["bar"] == 1
    assert runs == []


def test_a_raised_bar_names_who_is_to_be_run_again_and_runs_just_these(
    small: Class, graded: Any, runs: list[str], tmp_path: Path
) -> None:
    small.set_bar(RAISED)
    said = small.regrade()
    assert "1 submission needs another run under a fresh seed: reference\n" in said
    assert f"fairmark regrade {small.out} --collect\n" in said
    assert runs == []
    assert (small.rows()["reference"]["q4"], small.verdict("reference")["awaits_run"]) == ("", True)

    others = {name: small.verdict(name) for name in ("essay", "replaces-call-func")}
    before = small.evidence()
    assert "another run" not in small.regrade("--collect", "-j", "2")
    assert {name: small.verdict(name) for name in others} == others
    assert len(runs) == len(set(runs)) == 2
    assert small.evidence() == before | set(runs)
    assert set(small.verdict("reference")["evidence"]) - before == set(runs)

    with_first_runs(small, graded, tmp_path / "fresh")
    small.grade(tmp_path / "fresh")
    assert (small.out / "grades.csv").read_bytes() == (tmp_path / "fresh" / "grades.csv").read_bytes()
    fresh = json.loads((tmp_path / "fresh" / "verdicts" / "reference.json").read_bytes())
    assert small.verdict("reference") == fresh


def gone(path: Path) -> None:
    path.unlink()


def changed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("print('one more cell')"))
    nbformat.write(notebook, path)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (gone, "it is no longer where it was graded from"),
        (changed, "it was changed since it was graded"),
        (cut_short, "'reference.ipynb' is truncated"),
    ],
)
def test_what_is_not_there_as_it_was_stays_open(
    small: Class, runs: list[str], spoil: Callable[[Path], None], why: str
) -> None:
    small.set_bar(RAISED)
    spoil(small.sources / "reference.ipynb")
    said = small.regrade("--collect")
    assert "1 submission needs another run under a fresh seed: reference\n" in said
    row = small.rows()["reference"]
    assert f"graded; not run again: {why}" in row["status"]
    assert (row["q4"], row["total"]) == ("", "")
    assert small.rows()["essay"]["status"].startswith("'essay.txt' is not a notebook")
    assert runs == []
