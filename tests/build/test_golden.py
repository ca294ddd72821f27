"""What build makes of the mini course, byte for byte, as committed under tests/golden/mini."""

import difflib
from pathlib import Path

import pytest

from tests.build.conftest import BuiltCourse


def _on_disk(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _update(folder: Path, files: dict[str, bytes]) -> None:
    for stale in set(_on_disk(folder)) - set(files):
        (folder / stale).unlink()
    for relative, content in files.items():
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        (folder / relative).write_bytes(content)


def test_mini_is_built_as_committed(root: Path, built_mini: BuiltCourse, pytestconfig: pytest.Config) -> None:
    folder, made = root / "tests" / "golden" / "mini", built_mini.built.files
    if pytestconfig.getoption("--update-goldens"):
        _update(folder, made)
    golden = _on_disk(folder)
    different = [relative for relative in sorted({*golden, *made}) if golden.get(relative) != made.get(relative)]
    diff = [
        line
        for relative in different
        for line in difflib.unified_diff(
            golden.get(relative, b"").decode().splitlines(keepends=True),
            made.get(relative, b"").decode().splitlines(keepends=True),
            f"{relative} (golden)",
            f"{relative} (built)",
        )
    ]
    assert not different, "run `make goldens` if this change is meant:\n" + "".join(diff)
