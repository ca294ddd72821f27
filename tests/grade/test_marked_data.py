"""Which data a class is marked on: never other than it trained on, unless somebody says so; and every row says so."""

import csv
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fairmark.cli import app
from fairmark.course import Course
from fairmark.data import DataUnavailable
from fairmark.data.choice import choose
from fairmark.grade.batch import Grader
from fairmark.thresholds import read_thresholds, write_thresholds

TAG = "[on the offline twin]"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Two hand-ins that need no kernel."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text("")
    (tmp_path / "in" / "bob.txt").write_text("I could not open Jupyter.")
    return tmp_path / "in"


@pytest.fixture
def no_real_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody said which data to use, and what lies in Keras's folder is not the real one."""
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    (tmp_path / "keras" / "datasets" / "imdb.npz").write_bytes(b"my own reviews")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("FAIRMARK_DATA", "auto")


def grade(course: Path, monkeypatch: pytest.MonkeyPatch, handed_in: Path, *options: str) -> Result:
    monkeypatch.chdir(course)
    return CliRunner().invoke(app, ["grade", "mini", str(handed_in), "-o", str(handed_in.parent / "out"), *options])


@pytest.mark.usefixtures("no_real_data")
def test_the_twin_does_not_stand_in_unasked(mini: Course, handed_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = grade(mini.root, monkeypatch, handed_in)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "the real imdb data can't be had (" in done.stderr
    assert "put imdb.npz, imdb_word_index.json into " in done.stderr
    assert "or give --twin" in done.stderr
    assert not (handed_in.parent / "out").exists()


def test_a_word_that_names_no_data_is_one_sentence(
    mini: Course, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose.cache_clear()  # it is decided once for a process
    monkeypatch.setenv("FAIRMARK_DATA", "Twin")
    done = grade(mini.root, monkeypatch, handed_in)
    sentence = 'fairmark: FAIRMARK_DATA is \'Twin\'; it must be "auto", "real" or "twin"\n'
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.usefixtures("no_real_data")
def test_the_grader_refuses_too(mini: Course, handed_in: Path) -> None:
    with pytest.raises(DataUnavailable, match="or give --twin"):
        Grader(mini, "mini", handed_in.parent / "out", mini.limits, 0).grade([handed_in], 1, lambda *_: None)
    assert not (handed_in.parent / "out").exists()


@pytest.mark.usefixtures("no_real_data")
def test_on_the_twin_every_row_says_so(mini: Course, handed_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = grade(mini.root, monkeypatch, handed_in, "--twin")
    assert done.exit_code == 0, done.stderr
    out = handed_in.parent / "out"
    with (out / "grades.csv").open(encoding="utf8", newline="") as file:
        statuses = {row["student"]: row["status"] for row in csv.DictReader(file)}
    assert set(statuses) == {"points-possible", "ann", "bob"}
    for student in ("ann", "bob"):
        assert statuses[student].endswith(TAG)
        assert TAG in (out / "feedback" / f"{student}.html").read_text(encoding="utf8")
    assert "".join(done.stdout.split()).count("".join(TAG.split())) == 2


def test_what_no_bar_was_found_for_is_said_at_the_start(
    mini: Course, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(mini.root, handed_in.parent / "course")
    grader = handed_in.parent / "course" / "graders" / "mini"
    ((here, bar),) = read_thresholds(grader)["accuracy"].items()
    write_thresholds(grader, {"accuracy": {"imdb-real-0": bar}})
    first = grade(handed_in.parent / "course", monkeypatch, handed_in).stdout.splitlines()[0]
    assert first.startswith(f"no threshold accuracy for {here}, on which this class is marked ")
    assert "(calibrated: imdb-real-0)" in first
    (grader / "thresholds.toml").unlink()
    assert "(calibrated: none)" in grade(handed_in.parent / "course", monkeypatch, handed_in).stdout
