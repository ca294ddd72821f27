import dataclasses
import os
import shutil
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
def put_real_files() -> Callable[[str, Path], None]:
    """Copy a data set's files as Keras publishes them into a folder; the test is skipped where there are none."""

    def put(name: str, target: Path) -> None:
        folder = Path(os.environ.get("FAIRMARK_TEST_DATASETS", ROOT.parent / "shared" / "datasets"))
        for file in choice.DATA_SETS[name].files:
            if not (folder / file.name).exists():
                pytest.skip(f"no {file.name} in {folder}: set FAIRMARK_TEST_DATASETS to a folder that has it")
            shutil.copy(folder / file.name, target / file.name)

    return put


@pytest.fixture(scope="session")
def generated() -> twin.Arrays:
    """IMDB's twin, generated once for all tests."""
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
    for data_set in choice.DATA_SETS.values():
        nowhere = tuple(fetch.RealFile(file.name, NOWHERE + file.name, file.sha256) for file in data_set.files)
        monkeypatch.setattr(type(data_set), "files", nowhere)
    imdb = choice.DATA_SETS["imdb"]
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
