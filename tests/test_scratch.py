"""Temporary folders: one that is in use stays, one whose process was killed goes."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fairmark.scratch import scratch_folder

OTHER = """
from fairmark.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "work").mkdir()
    print(folder)
"""
KILLED = "import os, signal\n" + OTHER + "    os.kill(os.getpid(), signal.SIGKILL)\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folder")


def run(script: str, temporary: Path) -> Path:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-uc", script], stdout=subprocess.PIPE, text=True, env=environment)
    return Path(done.stdout.strip())


def test_the_next_process_clears_what_a_killed_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "fmk_notes").mkdir()
    (tmp_path / "fmk_notes" / "mine").write_text("")
    with scratch_folder() as mine:
        (mine / "work").mkdir()
        killed = run(KILLED, tmp_path)
        assert killed.is_dir()
        ended = run(OTHER, tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {mine.name, "fmk_notes"}
    assert killed.parent == ended.parent == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["fmk_notes"]
