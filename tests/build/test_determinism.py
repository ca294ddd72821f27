"""The same sources give the same bytes, in another folder, process and hash order."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.build.conftest import BuiltCourse


@pytest.fixture(scope="module")
def second_root(root: Path, built_mini: BuiltCourse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mini course built again by the command line, elsewhere, under another hash seed."""
    folder = tmp_path_factory.mktemp("again") / "a longer path with spaces"
    shutil.copytree(root / "tests" / "mini", folder)
    thresholds = Path("graders", "mini", "thresholds.toml")
    (folder / thresholds).parent.mkdir(parents=True)
    shutil.copy(built_mini.course.root / thresholds, folder / thresholds)
    subprocess.run(
        [_fairmark(), "build", "mini"],
        cwd=folder, env={**os.environ, "PYTHONHASHSEED": "7"}, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def _fairmark() -> str:
    return str(Path(sys.executable).with_name("fairmark"))


def test_two_builds_write_the_same_files(built_mini: BuiltCourse, second_root: Path) -> None:
    first_root = built_mini.course.root
    listed = [
        sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        for folder in (first_root, second_root)
    ]
    assert listed[0] == listed[1]
    differing = [name for name in listed[0] if (first_root / name).read_bytes() != (second_root / name).read_bytes()]
    assert differing == []
    assert "graders/mini/autograder.zip" in listed[0]


def test_notebooks_are_valid_and_say_nothing_of_the_machine(any_built: BuiltCourse) -> None:
    notebooks = {name: content for name, content in any_built.built.files.items() if name.endswith(".ipynb")}
    assert len(notebooks) == 2
    for content in notebooks.values():
        notebook = nbformat.reads(content.decode(), as_version=4)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert set(notebook.metadata) == {"kernelspec", "otter"}
        assert notebook.metadata.kernelspec.name == "python3"
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_cell_ids_are_unique_and_follow_from_content(built_mini: BuiltCourse) -> None:
    files = built_mini.built.files
    student, reference = (
        json.loads(files[name])["cells"] for name in ("assignments/mini/mini.ipynb", "graders/mini/reference.ipynb")
    )
    for cells in (student, reference):
        assert len({cell["id"] for cell in cells}) == len(cells)
    same = [s["id"] == r["id"] for s, r in zip(student, reference, strict=True) if s["source"] == r["source"]]
    assert same
    assert all(same)


def test_write_built_touches_no_file_that_is_right(mini_copy, built_mini: BuiltCourse) -> None:
    from fairmark.build.builder import write_built

    path = mini_copy.root / "assignments/mini/mini.ipynb"
    os.utime(path, (1, 1))
    write_built(mini_copy, "mini", built_mini.built)
    assert path.stat().st_mtime == 1
