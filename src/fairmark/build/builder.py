"""One topic: solutions in, the files of ``assignments/`` and ``graders/`` out."""

import ast
import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import nbformat

from fairmark.build.archive import autograder_zip
from fairmark.build.assign import assign
from fairmark.build.master import Master, normalised, read_master
from fairmark.build.probes import Probe, read_probes, with_probes
from fairmark.course import Course, CourseError
from fairmark.plan import Plan, QuestionPlan
from fairmark.thresholds import read_thresholds, single_bars

REQUIREMENTS = [
    "otter-grader>=7,<8",
    "keras>=3.10,<4",
    "tensorflow>=2.18",
    "numpy>=1.26",
    "matplotlib>=3.9",
]
_KEPT = {"thresholds.toml", "calibration"}
"""What calibrate writes into graders/; build leaves it alone."""


@dataclass(frozen=True)
class Built:
    """The generated files of one topic, by path relative to the course."""

    files: dict[str, bytes]
    autograder: bytes


def build_topic(course: Course, name: str) -> Built:
    """Generate one topic in memory. Raises CourseError for a master that can't be built."""
    topic = course.topic(name)
    folder = course.solutions(name)
    master = read_master(_master_path(folder, name))
    probes = read_probes(folder / "probes.py")
    functions = {t.cell: with_probes(t.function, probes) for q in master.questions for t in q.tests}
    made = assign(normalised(master, functions, REQUIREMENTS), name)
    source = (folder / "probes.py").read_text(encoding="utf8") if probes else ""
    plan = capture_plan(master, probes, source)
    readme = _environment().get_template("README.md.jinja").render(topic=topic, requirements=REQUIREMENTS)
    assignment, grader = f"assignments/{name}", f"graders/{name}"
    files = {
        f"{assignment}/{name}.ipynb": _notebook_bytes(made.student),
        f"{assignment}/requirements.txt": ("\n".join([*REQUIREMENTS, "jupyterlab"]) + "\n").encode(),
        f"{assignment}/README.md": readme.encode(),
        **{f"{assignment}/tests/{file}": _tidy(text) for file, text in made.student_tests.items()},
        f"{grader}/reference.ipynb": _notebook_bytes(made.solved),
        f"{grader}/plan.json": (plan.model_dump_json(indent=1) + "\n").encode(),
        **{f"{grader}/tests/{file}": _tidy(text) for file, text in made.tests.items()},
    }
    single = single_bars(read_thresholds(course.graders(name)))
    return Built(files, autograder_zip(made.autograder, single))


def capture_plan(master: Master, probes: dict[str, Probe], source: str) -> Plan:
    """Work out from the tests' parameters what must be captured for each question."""
    questions = {}
    for question in master.questions:
        taken = sorted({name for test in question.tests for name in test.parameters})
        questions[question.name] = QuestionPlan(
            names=tuple(name for name in taken if name not in probes),
            probes={name: probes[name].needs for name in taken if name in probes},
        )
    return Plan(questions=questions, probe_source=source)


def write_built(course: Course, name: str, built: Built) -> None:
    """Write the generated files and remove those that an earlier build left behind."""
    for stale in _stale(course, name, built):
        stale.unlink()
    for relative, content in built.files.items():
        path = course.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    (course.graders(name) / "autograder.zip").write_bytes(built.autograder)


def differences(course: Course, name: str, built: Built) -> Iterator[str]:
    """Yield the lines of a unified diff between what is on disk and what was built."""
    for relative, content in built.files.items():
        path = course.root / relative
        there = path.read_text(encoding="utf8") if path.is_file() else ""
        yield from difflib.unified_diff(
            there.splitlines(), content.decode().splitlines(),
            f"{relative} (committed)", f"{relative} (built)", lineterm="",
        )  # fmt: skip
    for stale in _stale(course, name, built):
        yield f"--- {stale.relative_to(course.root)} (committed, but no longer built)"


def _stale(course: Course, name: str, built: Built) -> list[Path]:
    found = []
    for folder in (course.assignments(name), course.graders(name)):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_dir() or inside.parts[0] in _KEPT or inside.name in ("autograder.zip", ".OTTER_LOG"):
                continue
            if inside.parts[0] != ".ipynb_checkpoints" and str(path.relative_to(course.root)) not in built.files:
                found.append(path)
    return found


def _master_path(folder: Path, name: str) -> Path:
    for suffix in (".py", ".ipynb"):
        if (folder / f"{name}{suffix}").is_file():
            return folder / f"{name}{suffix}"
    raise CourseError(f"no master notebook in {folder}: write {name}.py or {name}.ipynb")


def _notebook_bytes(notebook: Any) -> bytes:
    """Return a notebook's text, its cell ids derived from position, type and source."""
    for index, cell in enumerate(notebook.cells):
        name = f"{index}\0{cell.cell_type}\0{cell.source}"
        cell["id"] = hashlib.sha256(name.encode()).hexdigest()[:8]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("jupytext", None)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    text: str = nbformat.writes(notebook)
    return (text.rstrip("\n") + "\n").encode("utf8")


def _tidy(test_file: str) -> bytes:
    """Check that a test file is valid Python and strip otter's trailing blanks."""
    ast.parse(test_file)
    return ("\n".join(line.rstrip() for line in test_file.rstrip().splitlines()) + "\n").encode("utf8")


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("fairmark.build"), keep_trailing_newline=True, autoescape=False
    )
