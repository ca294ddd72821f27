"""A room is removed whatever was made of it, and nothing beyond it."""

import os
from pathlib import Path

from fairmark.kernel.workplace import Allowance, Workplace


def made(root: Path) -> Workplace:
    place = Workplace(root, root, Allowance(1, 1, 1, 1, 1, 1, 1, 1))
    place.make()
    return place


def test_folders_deeper_than_a_path_is_long(tmp_path: Path) -> None:
    place = made(tmp_path / "room")
    here = os.open(place.work, os.O_RDONLY)
    for _ in range(3_000):
        os.mkdir("deep", dir_fd=here)
        inner = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    place.remove()
    assert list(tmp_path.iterdir()) == []


def test_folders_that_nobody_may_enter(tmp_path: Path) -> None:
    place = made(tmp_path / "room")
    (place.work / "file").touch()
    for folder in (place.work, place.sockets, place.root):
        folder.chmod(0)
    place.remove()
    assert list(tmp_path.iterdir()) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o750)
    (outside / "kept").touch()
    place = made(tmp_path / "room")
    (place.work / "link").symlink_to(outside)
    (place.work / "file").symlink_to(outside / "kept")
    (place.work / "loop").symlink_to(place.root)
    place.remove()
    assert list(tmp_path.iterdir()) == [outside]
    assert (outside / "kept").exists()
    assert outside.stat().st_mode & 0o777 == 0o750
