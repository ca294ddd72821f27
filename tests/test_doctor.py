"""`fairmark doctor`: what is there, what is missing and how to get it, with pieces of this machine taken away."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from fairmark.doctor import examine_machine
from tests.machine import has_sandbox

Doctor = Callable[[], tuple[int, str]]

TOPIC = """
title = "c"
[limits]
disk_mb = 9_000_000_000
[topics.t]
title = "t"
data = "boston_housing"
memory_gb = 9000
"""


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Doctor:
    """Call the doctor in an empty folder; returns its exit code and its text, without the line breaks."""
    monkeypatch.chdir(tmp_path)

    def call() -> tuple[int, str]:
        result = CliRunner().invoke(app, ["doctor"])
        assert max(map(len, result.stdout.splitlines()), default=0) <= 80
        return result.exit_code, " ".join(result.stdout.split())

    return call


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def only_programs_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.skipif(not has_sandbox(), reason="no sandbox on this machine")
def test_where_everything_is_there(doctor: Doctor) -> None:
    code, text = doctor()
    assert code == 0
    assert "missing" not in text.removesuffix("what is missing.")
    assert "ok otter-grader 7." in text
    assert "ok sandbox" in text
    assert "Notebooks can be graded here" in text


def test_without_bubblewrap(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_programs_in(tmp_path, monkeypatch)
    code, text = doctor()
    assert code == 1
    assert "missing bubblewrap not found → `apt install bubblewrap`" in text
    assert "can't be graded in the sandbox" in text


def test_with_an_old_bubblewrap(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "bwrap", "echo bubblewrap 0.4.1")
    only_programs_in(tmp_path, monkeypatch)
    code, text = doctor()
    assert code == 1
    assert "missing bubblewrap 0.4.1" in text
    assert "must be 0.5 or newer" in text


REFUSING = """
[ "$1" = --version ] && { echo bubblewrap 0.9.0; exit; }
echo 'bwrap: setting up uid map: Permission denied' >&2
exit 1
"""


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_without_user_namespaces(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "bwrap", REFUSING)
    only_programs_in(tmp_path, monkeypatch)
    settings = tmp_path / "settings"
    monkeypatch.setattr("fairmark.doctor._SETTINGS", settings)
    (settings / "kernel").mkdir(parents=True)
    (settings / "kernel" / "apparmor_restrict_unprivileged_userns").write_text("1\n")
    code, text = doctor()
    assert code == 1
    assert "ok bubblewrap 0.9.0" in text
    assert "setting up uid map: Permission denied" in text
    assert "missing sandbox" in text


def test_another_otter(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_programs_in(tmp_path, monkeypatch)
    other = tmp_path / "site" / "otter_grader-6.1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: otter-grader\nVersion: 6.1.0\n")
    monkeypatch.syspath_prepend(str(other.parent))
    _, text = doctor()
    assert "missing otter-grader 6.1.0; fairmark works with 7.x → `pip install" in text


def test_the_course_says_what_is_needed(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_programs_in(tmp_path, monkeypatch)
    _, without = doctor()
    assert "data imdb" in without
    (tmp_path / "course.toml").write_text(TOPIC)
    _, text = doctor()
    assert "data imdb" not in text
    assert "data boston_housing the offline twin, as FAIRMARK_DATA says" in text
    assert "1 notebook of 9000 GB at once → close other programs" in text
    assert "that may be needed → set TMPDIR" in text


def test_a_course_that_cannot_be_read(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("title = 3")
    assert doctor()[0] == 2


def test_data_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_programs_in(tmp_path, monkeypatch)
    monkeypatch.setenv("FAIRMARK_DATA", "auto")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "boston_housing.npz").write_bytes(b"half a file")
    found = {finding.what: finding for finding in examine_machine()}
    assert "(its sha256 differs)" in found["data boston_housing"].found
    assert found["data imdb"].remedy == f"offline, put imdb.npz, imdb_word_index.json into {tmp_path / 'datasets'}"
    assert {finding.mark for what, finding in found.items() if what.startswith("data")} == {"note"}


def test_a_gpu_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "nvidia-smi", "echo NVIDIA H200")
    only_programs_in(tmp_path, monkeypatch)
    (gpu,) = [finding for finding in examine_machine() if finding.what == "GPU"]
    assert gpu.found.startswith("NVIDIA H200; kernels compute on the CPU")


def test_tensorflow_is_not_imported() -> None:
    script = "import sys; from fairmark.doctor import examine_machine; examine_machine(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "fairmark.kernel.choice" in loaded or not has_sandbox()
    assert loaded & {"tensorflow", "keras", "otter"} == set()
