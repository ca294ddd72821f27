"""Speed and memory beside otter's, on this machine: same submissions, same tests, one run.

    python -m benchmarks.speed [--quick]        (or `make bench`)

Prints tables and writes build/bench.json. CPU seconds are of all processes, user and system, as Linux adds them up
for whoever waits for a process. Memory is PSS: what n processes share counts 1/n for each.
"""

import argparse
import json
import os
import platform
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.classes import copy_results, course_in, write_class
from benchmarks.memory import private_mb
from benchmarks.ways import Cost, Graded, fairmark_grade, floor, otter_api, otter_run, regrade

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "bench"
STORED = 300

console = Console()


@dataclass(frozen=True)
class Size:
    """How much of a topic is measured: the class, and how many of it in the ways that take long."""

    class_of: int
    one_by_one: int
    otter: int
    floor: int


@dataclass(frozen=True)
class Subject:
    """A topic that is graded, and the hidden test that is edited before a regrade."""

    name: str
    root: Path
    topic: str
    edited: str
    full: Size
    quick: Size


SUBJECTS = (
    Subject("light", ROOT / "benchmarks" / "light", "light", "q4", Size(20, 6, 10, 6), Size(20, 4, 3, 4)),
    Subject("reviews", ROOT, "binary_classification", "q8", Size(12, 6, 3, 6), Size(4, 4, 1, 3)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure fairmark beside otter.")
    parser.add_argument("--quick", action="store_true", help="few submissions of each kind")
    quick = parser.parse_args().quick
    os.environ["FAIRMARK_DATA"] = "twin"
    load = os.getloadavg()[0]
    console.print(f"{os.cpu_count()} cores, load {load:.1f} before it began ({'quick' if quick else 'full'} run)")
    figures: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": load, "quick": quick},
    }
    for subject in SUBJECTS:
        figures[subject.name] = measure(subject, subject.quick if quick else subject.full)
    figures["regrade_300_seconds"] = figures["reviews"]["regrade_300"]["one_hidden_test_edited"]
    figures["worker_private"] = private = private_mb()
    figures["worker_private_mb"] = private["after_loading_data"]
    print_memory(private)
    path = ROOT / "build" / "bench.json"
    path.write_text(json.dumps(figures, indent=1) + "\n")
    console.print(f"figures: {path.relative_to(ROOT)}")


def measure(subject: Subject, size: Size) -> dict[str, Any]:
    """Grade one topic in every way, print the table, and return the figures."""
    began = time.monotonic()
    topic = subject.topic
    course = course_in(BUILD / subject.name, subject.root, topic)
    notebooks = write_class(course, topic, size.class_of)
    cores = os.cpu_count() or 1
    lowest = floor(course, topic, notebooks[: size.floor])
    whole = fairmark_grade(course, topic, notebooks, cores, course.root / "out")
    single = fairmark_grade(course, topic, notebooks[: size.one_by_one], 1, course.root / "out-1")
    by_run, points = otter_run(course, topic, notebooks[: size.otter])
    by_api, _ = otter_api(course, topic, notebooks[: size.otter])
    same = points == whole.points[: len(points)]
    costs = [whole.whole, whole.further, single.further, by_run, by_api, lowest]
    again = regrades(subject, course.root, whole)
    figures = {
        "ratio_vs_otter_run": by_run.seconds / whole.whole.seconds,
        "ratio_vs_otter_run_cpu": by_run.cpu_seconds / whole.whole.cpu_seconds,
        "ratio_vs_otter_api": by_api.seconds / whole.whole.seconds,
        "overhead_over_floor": single.further.seconds / lowest.seconds - 1,
        "overhead_over_floor_cpu": single.further.cpu_seconds / lowest.cpu_seconds - 1,
        "all_processes_mb": whole.all_mb,
        "same_points_as_otter": same,
        "ways": [asdict(cost) for cost in costs],
        "regrade_300": again,
        "seconds_to_measure": time.monotonic() - began,
    }
    print_costs(subject.name, costs, by_run)
    console.print(
        f"{figures['ratio_vs_otter_run']:.1f} times otter run; over the floor {figures['overhead_over_floor']:+.0%} "
        f"in time, {figures['overhead_over_floor_cpu']:+.0%} in CPU; otter gives the same points: {same}"
    )
    console.print("regrade of 300: " + ", ".join(f"{name.replace('_', ' ')} {s:.1f} s" for name, s in again.items()))
    return figures


def regrades(subject: Subject, root: Path, graded: Graded) -> dict[str, float]:
    """Return the seconds that a regrade of 300 stored submissions takes: never examined, unchanged, a test edited."""
    from fairmark.course import read_course

    course, out = read_course(root), root / "out-300"
    copy_results(root / "out", out, STORED)
    seconds = {"never_examined": regrade(course, out), "unchanged": regrade(course, out)}
    test = course.graders(subject.topic) / "tests" / f"{subject.edited}.py"
    test.write_text(test.read_text() + "# edited\n")
    seconds["one_hidden_test_edited"] = regrade(course, out)
    shutil.rmtree(out)
    return seconds


def print_costs(title: str, costs: list[Cost], yardstick: Cost) -> None:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("a submission costs")
    for heading in ("n", "s", "CPU s", "MB a worker", "× otter run"):
        table.add_column(heading, justify="right")
    for cost in costs:
        ratio = yardstick.seconds / cost.seconds
        table.add_row(
            cost.way, str(cost.submissions), f"{cost.seconds:.2f}", f"{cost.cpu_seconds:.2f}",
            f"{cost.worker_mb:.0f}" if cost.worker_mb else "", f"{ratio:.1f}",
        )  # fmt: skip
    console.print(table)


def print_memory(private: dict[str, float]) -> None:
    parts = ", ".join(f"{name.replace('_', ' ')} {mb:.0f} MB" for name, mb in private.items())
    console.print(f"\nprivate memory of a worker for the film reviews: {parts}")


if __name__ == "__main__":
    main()
