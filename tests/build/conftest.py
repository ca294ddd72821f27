"""Courses that are built once and never trained."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fairmark.thresholds import write_thresholds
from tests.bars import invented_bar

TOPIC = "binary_classification"
BARS = {"accuracy": {"imdb-real-0": 487.25, "imdb-twin-0": 481.75}}


@dataclass(frozen=True)
class BuiltCourse:
    """A course in a temporary folder, the topic in question and what build made of it."""

    course: Any
    topic: str
    built: Any


@pytest.fixture(scope="session")
def built_mini(root: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltCourse:
    """The mini course with invented thresholds, built and written."""
    from fairmark.build.builder import build_topic, write_built
    from fairmark.course import read_course

    folder = tmp_path_factory.mktemp("built-mini") / "course"
    shutil.copytree(root / "tests" / "mini", folder)
    course = read_course(folder)
    course.graders("mini").mkdir(parents=True)
    write_thresholds(
        course.graders("mini"),
        {name: {data: invented_bar(value + 0.125, value) for data, value in t.items()} for name, t in BARS.items()},
    )
    built = build_topic(course, "mini")
    write_built(course, "mini", built)
    return BuiltCourse(course, "mini", built)


@pytest.fixture(scope="session")
def built_real(root: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltCourse:
    """The topic of this repository's own course, built in memory beside a copy of what is committed."""
    from fairmark.build.builder import build_topic
    from fairmark.course import read_course

    folder = tmp_path_factory.mktemp("built-real") / "course"
    folder.mkdir()
    shutil.copy(root / "course.toml", folder)
    for part in ("solutions", "assignments", "graders"):
        shutil.copytree(root / part, folder / part)
    course = read_course(folder)
    return BuiltCourse(course, TOPIC, build_topic(course, TOPIC))


@pytest.fixture(params=["built_mini", "built_real"])
def any_built(request: pytest.FixtureRequest) -> BuiltCourse:
    """Each of the built courses."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def mini_copy(built_mini: BuiltCourse, tmp_path: Path) -> Any:
    """A copy of the built mini course that a test may change."""
    from fairmark.course import read_course

    shutil.copytree(built_mini.course.root, tmp_path / "course")
    return read_course(tmp_path / "course")
