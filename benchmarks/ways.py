"""The ways to grade that are compared, and the floor below which none can come."""

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Ran, run
from fairmark.course import Course
from fairmark.evidence.manifest import Manifest
from fairmark.examine.verdict import Verdict
from fairmark.kernel.workplace import environment
from tests.otter_oracle import otter_command, otter_environment, points_in

PYTHON = (sys.executable, "-m")


@dataclass(frozen=True)
class Cost:
    """What one submission costs in one way."""

    way: str
    submissions: int
    seconds: float
    cpu_seconds: float
    worker_mb: float | None = None
    """PSS, at its highest, of what runs one notebook."""


@dataclass(frozen=True)
class Graded:
    """What `fairmark grade` took for a class."""

    whole: Cost
    """Everything shared out among the submissions: start and end of the command too."""
    further: Cost
    """A submission more, from the first verdict to the last but one: after the last, processes end and with them what
    is known of their CPU time."""
    all_mb: float
    """PSS of all processes together."""
    points: tuple[float, ...]


def fairmark_environment() -> dict[str, str]:
    return {**os.environ, "FAIRMARK_DATA": "twin", "PYTHONPATH": str(Path(__file__).parents[1])}


def fairmark_grade(course: Course, topic: str, notebooks: Sequence[Path], jobs: int, out: Path) -> Graded:
    """Grade ``notebooks`` with the command, ``jobs`` at once."""
    options = ["-o", str(out), "-j", str(jobs), "--seed", "0"]  # under others a right answer may need another run
    command = [*PYTHON, "fairmark.cli", "grade", topic, *map(str, notebooks), *options]
    ran = run(command, fairmark_environment(), course.root)
    done = [line for line in ran.lines if " graded  " in line.text]
    verdicts = [Verdict.model_validate_json(path.read_bytes()) for path in sorted((out / "verdicts").glob("*.json"))]
    manifests = [Manifest.model_validate_json(p.read_bytes()) for p in (out / "evidence").glob("*/manifest.json")]
    count = len(notebooks)
    assert len(done) == len(verdicts) == len(manifests) == count, "each notebook is run once"
    worker = max(float(manifest.peak_memory_mb) for manifest in manifests)
    way = f"fairmark grade -j {jobs}"
    further = Cost(
        f"{way}, one more",
        count - 2,
        (done[-2].seconds - done[0].seconds) / (count - 2),
        (done[-2].cpu_seconds - done[0].cpu_seconds) / (count - 2),
        worker,
    )
    whole = Cost(way, count, ran.seconds / count, ran.cpu_seconds / count, worker)
    return Graded(whole, further, ran.peak_mb, tuple(verdict.total for verdict in verdicts))


def otter_run(course: Course, topic: str, notebooks: Sequence[Path]) -> tuple[Cost, tuple[float, ...]]:
    """Call `otter run` for one notebook after the other; return the cost of one, and the points."""
    autograder = course.graders(topic) / "autograder.zip"
    ran: list[Ran] = []
    points = []
    with tempfile.TemporaryDirectory(prefix="fm-") as folder:
        own = otter_environment(Path(folder), course.topic(topic).data)
        for notebook in notebooks:
            ran.append(run(otter_command(notebook, autograder, Path(folder)), own, Path(folder)))
            points.append(sum(points_in(Path(folder) / "results.json").values()))
    return _mean("loop of otter run", ran), tuple(points)


def otter_api(course: Course, topic: str, notebooks: Sequence[Path]) -> tuple[Cost, tuple[float, ...]]:
    """Call `otter.api.grade_submission` in a loop; return the cost of one, the start left out, and the points."""
    autograder = course.graders(topic) / "autograder.zip"
    with tempfile.TemporaryDirectory(prefix="fm-") as folder:
        own = {**otter_environment(Path(folder), course.topic(topic).data), "PYTHONPATH": str(Path.cwd())}
        command = [*PYTHON, "benchmarks.api_loop", str(autograder), *map(str, notebooks)]
        ran = run(command, own, Path(folder))
    done = [line for line in ran.lines if line.text.startswith("graded ")]
    count = len(notebooks)
    cost = Cost("loop of otter.api", count, ran.seconds / count, ran.cpu_seconds / count, ran.peak_mb)
    return cost, tuple(float(line.text.split()[1]) for line in done)


def floor(course: Course, topic: str, notebooks: Sequence[Path]) -> Cost:
    """Run the bare cells of ``notebooks``, one after the other, each in a fork of a process that is ready."""
    with tempfile.TemporaryDirectory(prefix="fm-") as name:
        folder = Path(name)
        own = {**environment(folder, course.limits.threads), "PATH": os.environ["PATH"], "FAIRMARK_DATA": "twin"}
        own |= {"PYTHONPATH": str(Path.cwd()), "HOME": os.environ.get("HOME", name)}  # where the twin is kept
        for part in ("tmp", "keras"):
            (folder / part).mkdir()
        command = [*PYTHON, "benchmarks.floor", course.topic(topic).data, *map(str, notebooks)]
        ran = run(command, own, folder)
    ready = next(line for line in ran.lines if line.text == "ready")
    count = len(notebooks)
    return Cost(
        "floor: the bare cells",
        count,
        sum(float(line.text) for line in ran.lines[ran.lines.index(ready) + 1 :]) / count,
        (ran.cpu_seconds - ready.cpu_seconds) / count,
    )


def regrade(course: Course, out: Path) -> float:
    """Return the seconds that `fairmark regrade` takes, from start to end."""
    return run([*PYTHON, "fairmark.cli", "regrade", str(out)], fairmark_environment(), course.root).seconds


def _mean(way: str, ran: Sequence[Ran]) -> Cost:
    count = len(ran)
    return Cost(
        way,
        count,
        sum(one.seconds for one in ran) / count,
        sum(one.cpu_seconds for one in ran) / count,
        max(one.peak_mb for one in ran),
    )
