"""Where a class may be graded: nowhere that students' code could look, and not among what is handed in."""

import sys
import tempfile
from pathlib import Path

import pytest

from fairmark.course import Course, CourseError
from fairmark.doctor import examine_machine
from fairmark.grade.batch import Grader
from fairmark.grade.further_runs import collect_further
from fairmark.grade.results import Batch, write_batch
from fairmark.sandbox import in_sight
from tests.simulated import simulated_course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text("")
    return simulated_course(tmp_path / "course")


def refusal(course: Course, sources: Path, out: Path) -> str:
    grader = Grader(course, "mini", out, course.limits, 0, sandboxed=True)
    with pytest.raises(CourseError) as caught:
        grader.grade([sources], 1, lambda *_: None)
    assert not (out / "batch.json").exists()
    return str(caught.value)


@pytest.mark.parametrize("within", ["course", "in", "out"])
def test_nothing_lies_where_the_sandbox_shows_it(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, within: str
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / within))
    (tmp_path / within).mkdir(exist_ok=True)
    assert refusal(course, tmp_path / "in", tmp_path / "out") == (
        f"{tmp_path / within} lies in {tmp_path / within}, which the sandbox shows to students' code: "
        "move it, or give the virtual environment a folder of its own, such as .venv"
    )


def test_a_link_hides_nothing(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "venv").symlink_to(tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    assert f"{course.root} lies in {tmp_path / 'venv'}" in refusal(course, tmp_path / "in", tmp_path / "out")


def test_the_system_is_shown_and_an_environment_within_the_course_shows_nothing_of_it(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_sight(Path("/usr/src/app")) == "/usr/src/app lies in /usr, which the sandbox shows to students' code"
    (course.root / ".venv").mkdir()
    monkeypatch.setattr(sys, "prefix", str(course.root / ".venv"))
    assert in_sight(course.root) is None
    assert in_sight(course.root / "build" / "out") is None


def test_temporary_files_lie_apart_too(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = tmp_path / "venv"
    (shown / "tmp").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(shown))
    monkeypatch.setattr(tempfile, "tempdir", str(shown / "tmp"))
    assert f"{shown / 'tmp'} lies in {shown}" in refusal(course, tmp_path / "in", tmp_path / "out")


def test_a_further_run_is_refused_too(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairmark import data

    monkeypatch.setattr(sys, "prefix", str(course.root))
    (tmp_path / "out").mkdir()
    write_batch(tmp_path / "out", Batch(topic="mini", data=data.fingerprint("imdb"), seed=0))
    with pytest.raises(CourseError, match="which the sandbox shows to students' code"):
        collect_further(course, tmp_path / "out", 1, lambda *_: None)


def test_the_doctor_says_so(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert [found.mark for found in examine_machine(course) if found.what == "course"] == ["ok"]
    monkeypatch.setattr(sys, "prefix", str(course.root))
    assert [found.mark for found in examine_machine(course) if found.what == "course"] == ["missing"]


@pytest.mark.parametrize("out", ["in", "in/out", "in/ann/out", "link/out"])
def test_results_do_not_lie_among_submissions(course: Course, tmp_path: Path, out: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "in")
    sentence = refusal(course, tmp_path / "in", tmp_path / out)
    assert sentence.startswith(f"{tmp_path / out} lies in {tmp_path / 'in'}, where each file and folder is taken for")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["ann.ipynb"]
