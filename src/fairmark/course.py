"""``course.toml``, read into types."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

DataName = Literal["imdb", "boston_housing", "california_housing"]
"""The data sets of ``fairmark.data``."""


class CourseError(Exception):
    """Something about the course's files is wrong; the message says what, where and what to do."""

    exit_code = 2
    """What a command that meets it ends with."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limits(_Section):
    """What one submission may use."""

    wall_seconds: int = Field(default=300, ge=1)
    cpu_seconds: int = Field(default=300, ge=1)
    memory_mb: int = Field(default=4000, ge=100)
    """Of all its processes together."""
    processes: int = Field(default=256, ge=1)
    """Processes and threads; a kernel alone has some thirty."""
    file_mb: int = Field(default=512, ge=1)
    """Size of one file that it writes."""
    disk_mb: int = Field(default=1024, ge=1)
    """Size of all files that it leaves."""
    output_mb: int = Field(default=20, ge=1)
    """What it prints and shows; what goes beyond is dropped, and ten times as much ends the run."""
    threads: int = Field(default=1, ge=1)
    """Threads a kernel computes with; part of the evidence key, for sums depend on it."""
    name_mb: int = Field(default=64, ge=1)
    """Size of one stored value."""
    evidence_mb: int = Field(default=256, ge=1)
    """Size of all stored values of a submission."""


class Calibration(_Section):
    """How thresholds are found."""

    alpha: float = Field(default=0.001, gt=0, lt=1)
    """Chance of a correct solution to miss a bar in all its runs, for all stochastic checks of a topic together."""
    single_alpha: float = Field(default=0.01, gt=0, lt=1)
    """The same where there is one run only."""
    confidence: float = Field(default=0.95, gt=0, lt=1)
    """That a bar drawn from seeds keeps its promise."""
    reruns: int = Field(default=30, ge=2)
    """Runs of the reference itself."""
    seeds: int = Field(default=500, ge=2)
    """Seeds that are replayed."""
    class_size: int = Field(default=300, ge=1)
    """Students, for the expected number of false fails."""


class Topic(_Section):
    """One assignment of the course."""

    name: str = ""
    title: str
    data: DataName
    memory_gb: float = Field(default=3, gt=0)
    """What the notebook needs, for the student's README."""
    minutes: float = Field(default=1, gt=0)
    """How long the reference takes on a laptop, for the student's README."""


class Course(_Section):
    """The whole of ``course.toml``; ``root`` is the folder it lies in."""

    root: Path
    title: str
    limits: Limits = Limits()
    calibration: Calibration = Calibration()
    topics: dict[str, Topic]

    def topic(self, name: str) -> Topic:
        """Return a topic by name; raises CourseError that lists the names there are."""
        if name not in self.topics:
            raise CourseError(f"no topic {name!r} in {self.root / 'course.toml'}: choose from {', '.join(self.topics)}")
        return self.topics[name]

    def solutions(self, topic: str) -> Path:
        """Return the folder an instructor writes."""
        return self.root / "solutions" / topic

    def assignments(self, topic: str) -> Path:
        """Return the folder students get."""
        return self.root / "assignments" / topic

    def graders(self, topic: str) -> Path:
        """Return the folder that marks them."""
        return self.root / "graders" / topic


def read_course(root: Path) -> Course:
    """Read ``root/course.toml``. Raises CourseError naming file, key, what was found and what is allowed."""
    path = root / "course.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise CourseError(f"no course.toml in {root.resolve()}: run fairmark in the course's folder") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CourseError(f"{path}: {error}") from error
    topics = data.get("topics")
    for key, topic in topics.items() if isinstance(topics, dict) else ():
        if isinstance(topic, dict) and "name" in topic:
            raise CourseError(f"{path}: topics.{key}.name: unknown key; the heading [topics.{key}] names it")
    try:
        course = Course.model_validate({**data, "root": root.resolve()})
    except ValidationError as error:
        raise CourseError("\n".join(_sentence(path, problem) for problem in error.errors())) from error
    named = {name: topic.model_copy(update={"name": name}) for name, topic in course.topics.items()}
    return course.model_copy(update={"topics": named})


def _sentence(path: Path, problem: Any) -> str:
    """Say one problem as: file, key, what was found, what is allowed."""
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{path}: {key}: unknown key; allowed here: {', '.join(_allowed(problem['loc']))}"
    if problem["type"] == "missing":
        return f"{path}: {key}: missing; write it"
    return f"{path}: {key}: found {problem['input']!r}; {problem['msg']}"


def _allowed(location: tuple[Any, ...]) -> list[str]:
    sections: dict[Any, type[_Section]] = {"limits": Limits, "calibration": Calibration, "topics": Topic}
    section = sections.get(location[0], Course) if len(location) > 1 else Course
    return sorted(set(section.model_fields) - {"root", "name"})
