"""The command line: one sentence and exit code 2 for what the user can mend; TensorFlow stays out of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from fairmark.course import Course
from fairmark.grade.results import read_batch
from tests.machine import has_sandbox

UNSAFE = [] if has_sandbox() else ["--no-sandbox"]


def run(course: Path, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> tuple[int, str]:
    monkeypatch.chdir(course)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "nothing", ".", "-o", "out"), "no topic 'nothing'"),
        (("grade", "mini", "nowhere", "-o", "out"), "No such file or folder"),
        (("grade", "mini", "graders", "-o", "course.toml/out"), "course.toml/out: Not a directory"),
        (("grade", "mini", ".", "-o", "out"), "out lies in ., where"),
        (("build", "nothing"), "no topic 'nothing'"),
        (("regrade", "nowhere"), "no results in nowhere"),
        (("calibrate", "nothing"), "no topic 'nothing'"),
    ],
)
def test_what_the_user_can_mend(
    mini: Course, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    code, error = run(mini.root, monkeypatch, *arguments)
    assert code == 2
    assert error.startswith("fairmark: ")
    assert words in error
    assert error.count("\n") == 1


def test_outside_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, error = run(tmp_path, monkeypatch, "build")
    assert (code, error.count("\n")) == (2, 1)
    assert "no course.toml in" in error


def test_help_does_not_import_tensorflow() -> None:
    program = "import sys; from fairmark.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
    program += "print([name for name in ('tensorflow', 'keras', 'otter') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_plain_lines_where_there_is_no_terminal(mini: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").write_text("")
    monkeypatch.chdir(mini.root)
    result = CliRunner().invoke(app, ["grade", "mini", str(tmp_path / "in"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert result.stdout.startswith("1/1 graded  a: 'a.ipynb' is empty")


def test_nobody_knows_the_seed_before_the_class_is_graded(
    mini: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").write_text("")

    def graded(*options: str) -> int:
        grading = ("grade", "mini", tmp_path / "in", "-o", tmp_path / "out", *UNSAFE, *options)
        assert run(mini.root, monkeypatch, *grading) == (0, "")
        return read_batch(tmp_path / "out").seed

    seed = graded()
    assert seed not in (0, 7)
    assert graded() == seed
    assert graded("--seed", "7") == 7


def test_a_seed_that_numpy_refuses(mini: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, error = run(mini.root, monkeypatch, "grade", "mini", ".", "-o", tmp_path / "out", "--seed", 2**31)
    assert code == 2
    assert "2147483647" in error
    assert not (tmp_path / "out").exists()
