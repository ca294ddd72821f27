"""Shared by all tests: the twin as data, a mini course, and one graded batch of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.classroom import CLASS
from tests.machine import has_sandbox

os.environ["FAIRMARK_DATA"] = "twin"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

ROOT = Path(__file__).parents[1]

Cells = list[Any]

OF_DEMO = ("reference", "other-functional", "untouched", "raises-half-way", "wrong-q3", "not-json")


COSTLY = ("demo", "graded", "world")
"""Fixtures that grade a class: one worker makes each and runs all that look at it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite tests/golden from what build makes")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker whole files, and what shares a costly fixture to one of them, such tests first."""

    def shares(item: pytest.Item) -> str:
        used = [name for name in COSTLY if name in getattr(item, "fixturenames", ())]
        return used[0] if used else item.nodeid.partition("::")[0]

    for item in items:
        item.add_marker(pytest.mark.xdist_group(shares(item)))
    items.sort(key=lambda item: shares(item) not in COSTLY)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def kernels(mini: Any) -> Any:
    """Kernels for the mini course's notebooks."""
    from fairmark.kernel.choice import kernels

    with kernels("imdb", mini.limits, sandboxed=has_sandbox()) as opened:
        yield opened


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The mini course, built and calibrated: three seeds are enough for what it promises."""
    from fairmark.build.builder import build_topic, write_built
    from fairmark.calibrate.calibration import calibrate
    from fairmark.course import read_course

    folder = tmp_path_factory.mktemp("mini") / "course"
    shutil.copytree(ROOT / "tests" / "mini", folder)
    course = read_course(folder)
    write_built(course, "mini", build_topic(course, "mini"))
    calibrate(course, "mini", 2, lambda *_: None)
    write_built(course, "mini", build_topic(course, "mini"))
    return course


@pytest.fixture(scope="session")
def reference(mini: Any) -> Any:
    return nbformat.read(mini.graders("mini") / "reference.ipynb", as_version=4)


@pytest.fixture(scope="session")
def edited(reference: Any) -> Callable[..., Any]:
    """Make a copy of the reference with ``change`` applied to its list of cells."""

    def make(change: Callable[[Cells], Cells | None]) -> Any:
        notebook = nbformat.from_dict(reference)
        notebook.cells = change(notebook.cells) or notebook.cells
        return notebook

    return make


@pytest.fixture(scope="session")
def graded(mini: Any, edited: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The class of ``tests/classroom.py``, graded: its folder of results and the verdicts by student."""
    from fairmark.grade.batch import Grader

    out = tmp_path_factory.mktemp("graded")
    folder = out / "in"
    folder.mkdir()
    for name, change in CLASS.items():
        nbformat.write(edited(change), folder / f"{name}.ipynb")
    verdicts = Grader(mini, "mini", out / "out", mini.limits, 0, has_sandbox()).grade([folder], 2, lambda *_: None)
    return out / "out", {verdict.student: verdict for verdict in verdicts}


@pytest.fixture(scope="session")
def course() -> Any:
    """The repository's own course."""
    from fairmark.course import read_course

    return read_course(ROOT)


@pytest.fixture(scope="session")
def demo(course: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Some of the demo class, graded: its folder, the verdicts by student, and the autograder.zip of its topic."""
    from fairmark.build.builder import build_topic
    from fairmark.demo import TOPIC, demo_class
    from fairmark.grade.batch import Grader

    out = tmp_path_factory.mktemp("demo")
    autograder = tmp_path_factory.mktemp("zip") / "autograder.zip"
    autograder.write_bytes(build_topic(course, TOPIC).autograder)
    folder = out / "submissions"
    folder.mkdir()
    for name, text in demo_class(course).items():
        if name.startswith(OF_DEMO):
            (folder / f"{name}.ipynb").write_text(text, encoding="utf8")
    verdicts = Grader(course, TOPIC, out, course.limits, 0, has_sandbox()).grade([folder], 2, lambda *_: None)
    return out, {verdict.student: verdict for verdict in verdicts}, autograder
