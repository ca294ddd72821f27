import os
from pathlib import Path

import pytest

from fairmark.report import write_page


def test_write_page(tmp_path: Path) -> None:
    path = write_page(tmp_path / "feedback", "Zoë 👩‍💻 v1.2", "<p>é\n")
    assert path == tmp_path / "feedback" / "Zoë 👩‍💻 v1.2.html"
    assert path.read_bytes() == "<p>é\n".encode()


@pytest.mark.parametrize("stem", ["", ".", "..", "../ada", "a/b", "/etc/ada", "a\\b", "C:ada"])
def test_write_page_stays_in_its_folder(tmp_path: Path, stem: str) -> None:
    with pytest.raises(ValueError, match="Not a plain file name"):
        write_page(tmp_path / "feedback", stem, "")
    assert list(tmp_path.iterdir()) == []


def test_failing_write_leaves_the_old_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page(tmp_path, "ada", "old")

    def full_disk(source: Path, target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_page(tmp_path, "ada", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("ada.html", "old")]
