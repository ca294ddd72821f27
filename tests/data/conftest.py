import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fairmark.data
from fairmark.data import choice, fetch, imdb_twin, twin

ROOT = Path(__file__).resolve().parents[2]

# Nothing listens on port 9 of this machine: whatever is not at hand can't be fetched, at once.
NOWHERE = "http://127.0.0.1:9/"


def forget() -> None:
    """Make the next call decide and read anew, as a fresh process would."""
    for cached in (fairmark.data.load, choice.choose, twin.content):
        cached.cache_clear()


@pytest.fixture
def real_files() -> Path:
    """The folder that holds the files Keras publishes; the test is skipped where there is none."""
    folder = Path(os.environ.get("FAIRMARK_TEST_DATASETS", ROOT.parent / "shared" / "datasets"))
    if not (folder / "imdb.npz").exists():
        pytest.skip(f"no imdb.npz in {folder}: set FAIRMARK_TEST_DATASETS to a folder that has it")
    return folder


@pytest.fixture(scope="session")
def generated() -> twin.Arrays:
    """The twin, generated once for all tests."""
    return imdb_twin.generate()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generated: twin.Arrays) -> Iterator[Path]:
    """An empty KERAS_HOME, an empty cache of fairmark's, no network, and no earlier decision."""
    keras_home = tmp_path / "keras"
    (keras_home / "datasets").mkdir(parents=True)
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("FAIRMARK_DATA", raising=False)
    monkeypatch.setattr(fetch, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(twin, "cache_folder", lambda: tmp_path / "cache")
    imdb = choice.DATA_SETS["imdb"]
    nowhere = tuple(fetch.RealFile(file.name, NOWHERE + file.name, file.sha256) for file in imdb.files)
    monkeypatch.setattr(type(imdb), "files", nowhere)
    monkeypatch.setattr(type(imdb), "twin", dataclasses.replace(imdb.twin, generate=lambda: generated))
    forget()
    yield keras_home
    forget()


@pytest.fixture
def fresh_python(home: Path) -> Callable[..., str]:
    """Run code in a new interpreter with warnings as the default has them; its output, or a failure."""

    def run(code: str, **variables: str) -> str:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
