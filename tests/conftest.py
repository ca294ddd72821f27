"""Shared by all tests: the twin as data, a mini course, and one graded batch of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.locks import lock_file
from tests.classroom import CLASS
from tests.machine import has_sandbox

os.environ["FAIRMARK_DATA"] = "twin"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

ROOT = Path(__file__).parents[1]

Cells = list[Any]

OF_DEMO = ("reference", "other-functional", "untouched", "raises-half-way", "wrong-q4", "not-json")


COSTLY = ("demo", "world", "graded")
"""Fixtures that grade a class: what needs one comes first."""

OF_ONE_WORKER = ("demo", "world")
"""Of these, the ones that are made by each worker that needs them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite tests/golden from what build makes")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores, four at most: a test that grades waits for its kernels much of the time."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker whole files, and all that needs one class to one of them; what needs a class comes first."""

    def group(item: pytest.Item) -> str:
        used = [name for name in OF_ONE_WORKER if name in getattr(item, "fixturenames", ())]
        return used[0] if used else item.nodeid.partition("::")[0]

    def rank(item: pytest.Item) -> int:
        used = [COSTLY.index(name) for name in COSTLY if name in getattr(item, "fixturenames", ())]
        return min(used, default=len(COSTLY))

    first = {group(item): len(COSTLY) for item in items}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
        first[group(item)] = min(first[group(item)], rank(item))
    items.sort(key=lambda item: first[group(item)])


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first worker of this run to ask for it made, and that nobody may change."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (base / f"{name}.lock").open("a") as lock:
        assert lock_file(lock.fileno(), wait=True)
        if not (base / f"{name}.made").exists():
            (base / name).mkdir()  # fails where making it failed before
            make(base / name)
            (base / f"{name}.made").touch()
    return base / name


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

    def make(folder: Path) -> None:
        course = read_course(shutil.copytree(ROOT / "tests" / "mini", folder / "course"))
        write_built(course, "mini", build_topic(course, "mini"))
        calibrate(course, "mini", 2, lambda *_: None)
        write_built(course, "mini", build_topic(course, "mini"))

    return read_course(made_once(tmp_path_factory, "mini", make) / "course")


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
    from fairmark.grade.results import Verdicts, read_batch

    def make(folder: Path) -> None:
        (folder / "in").mkdir()
        for name, change in CLASS.items():
            nbformat.write(edited(change), folder / "in" / f"{name}.ipynb")
        grader = Grader(mini, "mini", folder / "out", mini.limits, 0, has_sandbox())
        grader.grade([folder / "in"], 2, lambda *_: None)

    out = made_once(tmp_path_factory, "graded", make) / "out"
    return out, {verdict.student: verdict for verdict in Verdicts(out, read_batch(out).students)}


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
