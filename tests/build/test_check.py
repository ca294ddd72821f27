"""``fairmark build`` and ``fairmark build --check``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from tests.build.conftest import BuiltCourse
from tests.conftest import ROOT

TOPICS = sorted(path.name for path in (ROOT / "solutions").iterdir())
NOTEBOOK = "assignments/mini/mini.ipynb"


@pytest.fixture
def cli(mini_copy, built_mini: BuiltCourse, monkeypatch: pytest.MonkeyPatch):
    """Run fairmark in a copy of the mini course; what otter makes of it is known already."""
    monkeypatch.chdir(mini_copy.root)
    monkeypatch.setattr("fairmark.build.builder.build_topic", lambda course, name: built_mini.built)
    return lambda *arguments: CliRunner().invoke(app, ["build", *arguments])


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_committed_is_what_build_makes(built_real: BuiltCourse, topic: str) -> None:
    from fairmark.build.builder import build_topic, differences

    built = built_real.built if topic == built_real.topic else build_topic(built_real.course, topic)
    assert "\n".join(differences(built_real.course, topic, built)) == ""


def test_equal(cli) -> None:
    result = cli("--check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "mini: what is there is what build makes\n"


def change(path: Path) -> None:
    path.write_text(path.read_text().replace("Points in the plane", "Points in space"))


def cut_line(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("relative", "spoil", "shown"),
    [
        (NOTEBOOK, change, ['-    "# Points in space"', '+    "# Points in the plane"', f"--- {NOTEBOOK} (committed)",
                            f"+++ {NOTEBOOK} (built)", "@@ "]),
        ("graders/mini/plan.json", cut_line, ["+}", "+++ graders/mini/plan.json (built)"]),
        ("assignments/mini/tests/q1.py", Path.unlink, ["+def test_public(doubles, double):"]),
        (NOTEBOOK, lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")),
         [f"--- {NOTEBOOK} (committed) differs from what is built in its line ends only"]),
        (NOTEBOOK, lambda path: path.write_bytes(path.read_bytes() + b"\xff"), ["-\\xff"]),
        ("assignments/mini/tests/q9.py", Path.touch, ["--- assignments/mini/tests/q9.py (committed, but"]),
        ("graders/mini/tests/old/q1.py", Path.touch, ["--- graders/mini/tests/old/q1.py (committed, but no"]),
        ("assignments/mini/thresholds.toml", Path.touch, ["--- assignments/mini/thresholds.toml (committed, but"]),
        ("assignments/mini/autograder.zip", Path.touch, ["--- assignments/mini/autograder.zip (committed, but"]),
    ],
    ids=["changed", "cut", "deleted", "line ends", "not utf-8", "stale", "stale in folder", "thresholds", "zip"],
)  # fmt: skip
def test_different(cli, mini_copy, relative: str, spoil, shown: list[str]) -> None:
    path = mini_copy.root / relative
    path.parent.mkdir(exist_ok=True)
    spoil(path)
    before = snapshot(mini_copy.root)
    result = cli("--check")
    assert result.exit_code == 1
    for line in shown:
        assert any(found.startswith(line) for found in result.stdout.splitlines()), result.stdout
    assert snapshot(mini_copy.root) == before

    assert cli().exit_code == 0
    assert cli("--check").exit_code == 0


def test_what_trying_out_leaves_behind_is_no_difference(cli, mini_copy) -> None:
    for relative in ("assignments/mini/.OTTER_LOG", "assignments/mini/.ipynb_checkpoints/mini-checkpoint.ipynb"):
        (mini_copy.root / relative).parent.mkdir(exist_ok=True)
        (mini_copy.root / relative).touch()
    (mini_copy.root / "graders/mini/calibration").mkdir()
    (mini_copy.root / "graders/mini/calibration/values.csv").touch()
    assert cli("--check").exit_code == 0
    assert cli().exit_code == 0
    assert (mini_copy.root / "graders/mini/calibration/values.csv").exists()
    assert (mini_copy.root / "graders/mini/thresholds.toml").exists()


def test_a_course_that_cannot_be_built_gives_one_line(mini_copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mini_copy.root)
    (mini_copy.root / "solutions/mini/mini.py").rename(mini_copy.root / "solutions/mini/other.py")
    for arguments in (["build"], ["build", "mini", "--check"]):
        result = CliRunner().invoke(app, arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        [line] = result.stderr.splitlines()
        assert line.startswith("fairmark: no master notebook in ")
        assert line.endswith("write mini.py or mini.ipynb")


def test_an_unknown_topic_gives_one_line(mini_copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mini_copy.root)
    result = CliRunner().invoke(app, ["build", "nothing"])
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("fairmark: no topic 'nothing' in ")
    assert line.endswith("choose from mini")
