"""kill -9 at any instant: the same command again finishes the rest, and the results are the same, byte for byte."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairmark.claim import claimed
from fairmark.course import Course, CourseError
from fairmark.grade.batch import Grader
from tests.machine import has_sandbox, processes_in
from tests.simulated import simulated_class, simulated_course

ROOT = Path(__file__).parents[2]
TABLES = ("grades.csv", "misconceptions.csv")
UNSAFE = [] if has_sandbox() else ["--no-sandbox"]
KILLS = [2, pytest.param(10, marks=pytest.mark.slow)]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where the commands put their temporary folders; its path is short enough for the sockets in them."""
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        yield Path(folder)


@pytest.fixture
def instants() -> random.Random:
    seed = random.randrange(1 << 32)
    print(f"the seed of this test is {seed}")
    return random.Random(seed)


def results(out: Path) -> dict[str, bytes]:
    """Everything that people read, and the verdicts."""
    paths = [path for path in out.rglob("*") if path.suffix in (".csv", ".html", ".json") and path.is_file()]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def assert_nothing_is_left(out: Path, temporary: Path) -> None:
    names = [path.name for path in out.rglob("*")]
    assert [name for name in names if name.endswith((".part", ".tmp"))] == []
    assert list(temporary.glob("fmk-*")) == []


def assert_all_ended(temporary: Path) -> None:
    """Every process of a killed command is known by its temporary folder."""
    deadline = time.monotonic() + 60
    while alive := list(processes_in(temporary)):
        assert time.monotonic() < deadline, f"still running: {alive}"
        time.sleep(0.1)


class Simulation:
    """A class whose collection is simulated, graded by a command that can kill itself."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.course = simulated_course(folder / "course")
        self.submissions = simulated_class(self.course, folder / "in", size=8, copies=2)
        self.said = folder / "said"
        self.environment = {**os.environ, "TMPDIR": str(temporary)}

    def grade(self, out: Path, fatal: int) -> int:
        """Return the command's exit code."""
        arguments = (self.course.root, self.submissions, out, fatal)
        command = [sys.executable, "-m", "tests.grade.crashing", *map(str, arguments)]
        with self.said.open("w") as said:  # a pipe would wait for whatever outlives the command
            return subprocess.run(command, cwd=ROOT, env=self.environment, stdout=said).returncode

    def changes(self, out: Path) -> int:
        """Grade to the end; return how often a file was about to be changed."""
        assert self.grade(out, fatal=0) == 0
        return int(self.said.read_text())


@pytest.mark.parametrize("kills", KILLS)
def test_killed_at_any_change_of_a_file(tmp_path: Path, temporary: Path, instants: random.Random, kills: int) -> None:
    simulation = Simulation(tmp_path, temporary)
    simulation.changes(tmp_path / "whole")
    least = simulation.changes(tmp_path / "whole")  # the second time everything is collected already
    for _ in range(kills):
        code = simulation.grade(tmp_path / "killed", instants.randrange(1, least + 1))
        assert code == -signal.SIGKILL
        assert_all_ended(temporary)
    simulation.changes(tmp_path / "killed")
    assert results(tmp_path / "killed") == results(tmp_path / "whole")
    assert_nothing_is_left(tmp_path / "killed", temporary)


@pytest.mark.parametrize("kills", KILLS)
def test_killed_at_any_time(
    mini: Course, graded: Any, tmp_path: Path, temporary: Path, instants: random.Random, kills: int
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("reference", "check-deleted", "raises"):
        shutil.copy(graded[0].parent / "in" / f"{name}.ipynb", tmp_path / "in")
    shutil.copytree(graded[0] / "evidence", tmp_path / "whole" / "evidence")
    Grader(mini, "mini", tmp_path / "whole", mini.limits, 0, has_sandbox()).grade([tmp_path / "in"], 2, lambda *_: None)

    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "fairmark.cli",
        "grade",
        "mini",
        str(tmp_path / "in"),
        "-o",
        str(out),
        "-j",
        "2",
        "--seed",
        "0",
        *UNSAFE,
    ]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    codes = []
    for _ in range(kills):
        process = subprocess.Popen(command, cwd=mini.root, env=environment, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=instants.uniform(1, 30))
        except subprocess.TimeoutExpired:
            process.kill()
        codes.append(process.wait())
        assert_all_ended(temporary)
    assert set(codes) <= {-signal.SIGKILL, 0}
    subprocess.run(command, cwd=mini.root, env=environment, stdout=subprocess.DEVNULL, check=True)
    for table in TABLES:
        assert (out / table).read_bytes() == (tmp_path / "whole" / table).read_bytes()
    assert_nothing_is_left(out, temporary)


def test_a_folder_of_results_has_one_command_at_a_time(tmp_path: Path) -> None:
    course = simulated_course(tmp_path / "course")
    submissions = simulated_class(course, tmp_path / "in", size=1)
    grader = Grader(course, "mini", tmp_path / "out", course.limits, 0, has_sandbox())
    with claimed(tmp_path / "out"), pytest.raises(CourseError, match="another fairmark command is at work in"):
        grader.grade([submissions], 1, lambda *_: None)
    assert not (tmp_path / "out" / "grades.csv").exists()
    with claimed(tmp_path / "out"):
        pass


def test_what_a_killed_command_was_writing_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    key, half = "0123456789abcdef" * 2, "0123456789abcdef"
    left = [f"evidence/{key}.89abcdef.part/blobs/x", f"examined/{key}.89abcdef.part", f"verdicts/.{half}.tmp"]
    left += [f"predictions/{key}-{key}.89abcdef.part", f".{half}.tmp"]
    kept = [f"evidence/{key}/manifest.json", f"examined/{key}.json", "verdicts/half.part.json", "notes.tmp", "my.part"]
    for name in left + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    with claimed(tmp_path):
        pass
    there = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(there) == sorted([*kept, ".lock"])
    assert [path.name for path in tmp_path.rglob("*.part")] == ["my.part"]
