"""One topic: solutions in, the files of ``assignments/`` and ``graders/`` out."""

import ast
import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import nbformat

from fairmark.build.archive import autograder_zip
from fairmark.build.assign import assign
from fairmark.build.master import Master, filled, normalised, read_master
from fairmark.build.probes import Probe, check_probe_names, read_probes, with_probes
from fairmark.course import Course, CourseError
from fairmark.grade.manual import ManualQuestions
from fairmark.plan import Plan, QuestionPlan
from fairmark.thresholds import read_thresholds, single_bars

REQUIREMENTS = [
    "otter-grader>=7,<8",
    "keras>=3.10,<4",
    "tensorflow>=2.18",
    "numpy>=1.26",
    "matplotlib>=3.9",
]
_KEPT = {"thresholds.toml", "calibration", "misconceptions.json", "autograder.zip"}
"""What stands in graders/ besides committed output of build: what calibrate and verify write, and the zip."""
_IGNORED = {".ipynb_checkpoints", ".OTTER_LOG"}
"""What trying a notebook out leaves behind; git ignores it too."""
_MARK = re.compile(r"# ?(BEGIN |END )?SOLUTION\b")


@dataclass(frozen=True)
class Built:
    """The generated files of one topic, by path relative to the course."""

    files: dict[str, bytes]
    autograder: bytes


def build_topic(course: Course, name: str) -> Built:
    """Generate one topic in memory. Raises CourseError for a master that can't be built."""
    topic = course.topic(name)
    folder = course.solutions(name)
    master = read_master(_master_path(folder, name), topic.data)
    probe_file = folder / "probes.py"
    probes = read_probes(probe_file)
    check_probe_names(master, probes)
    sources = {t.cell: with_probes(t.source, probes) for q in master.questions for t in q.tests}
    made = assign(normalised(master, REQUIREMENTS), name)
    tests = {file: _tidy(filled(text, sources)) for file, text in made.tests.items()}
    _check_stripped(master.path, made.student)
    source = probe_file.read_text(encoding="utf8") if probe_file.is_file() else ""
    plan = capture_plan(master, probes, source)
    _check_manual(master.path, plan, made.student)
    readme = _environment().get_template("README.md.jinja").render(topic=topic, requirements=REQUIREMENTS)
    assignment, grader = f"assignments/{name}", f"graders/{name}"
    files = {
        f"{assignment}/{name}.ipynb": _notebook_bytes(made.student),
        f"{assignment}/requirements.txt": ("\n".join([*REQUIREMENTS, "jupyterlab"]) + "\n").encode(),
        f"{assignment}/README.md": readme.encode(),
        **{f"{assignment}/tests/{file}": _tidy(filled(text, sources)) for file, text in made.student_tests.items()},
        f"{grader}/reference.ipynb": _notebook_bytes(made.solved),
        f"{grader}/plan.json": (plan.model_dump_json(indent=1) + "\n").encode(),
        **{f"{grader}/tests/{file}": text for file, text in tests.items()},
    }
    single = single_bars(read_thresholds(course.graders(name)))
    return Built(files, autograder_zip(made.autograder, tests, single))


def _check_manual(path: Path, plan: Plan, student: Any) -> None:
    """Raise CourseError if the answers that a person marks could not be found where students write them."""
    try:
        ManualQuestions(plan.manual, student)
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from error


def capture_plan(master: Master, probes: dict[str, Probe], source: str) -> Plan:
    """Work out from the tests' parameters what must be captured for each question."""
    questions = {}
    for question in (question for question in master.questions if question.tests):
        taken = sorted({name for test in question.tests for name in test.parameters})
        questions[question.name] = QuestionPlan(
            names=tuple(name for name in taken if name not in probes),
            probes={name: probes[name].needs for name in taken if name in probes},
        )
    manual = {question.name: question.config.get("points") or 0 for question in master.questions if question.manual}
    return Plan(questions=questions, manual=manual, probe_source=source)


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
        there = path.read_bytes() if path.is_file() else b""
        if there == content:
            continue
        lines = difflib.unified_diff(
            there.decode("utf8", "backslashreplace").splitlines(), content.decode().splitlines(),
            f"{relative} (committed)", f"{relative} (built)", lineterm="",
        )  # fmt: skip
        yield from list(lines) or [f"--- {relative} (committed) differs from what is built in its line ends only"]
    for stale in _stale(course, name, built):
        yield f"--- {stale.relative_to(course.root).as_posix()} (committed, but no longer built)"


def _stale(course: Course, name: str, built: Built) -> list[Path]:
    found = []
    for folder, kept in ((course.assignments(name), _IGNORED), (course.graders(name), _IGNORED | _KEPT)):
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(course.root).as_posix()
            if path.is_file() and relative not in built.files and path.relative_to(folder).parts[0] not in kept:
                found.append(path)
    return found


def _master_path(folder: Path, name: str) -> Path:
    for suffix in (".py", ".ipynb"):
        if (folder / f"{name}{suffix}").is_file():
            return folder / f"{name}{suffix}"
    raise CourseError(f"no master notebook in {folder}: write {name}.py or {name}.ipynb")


def _check_stripped(path: Path, student: Any) -> None:
    """Refuse a solution mark that otter left in the student's notebook, and with it the solution."""
    for cell in student.cells:
        for line in cell.source.splitlines() if cell.cell_type == "code" else ():
            if _MARK.search(line):
                raise CourseError(
                    f"{path}: students would see {line.strip()!r}: marks work only between BEGIN and END SOLUTION cells"
                )


def _notebook_bytes(notebook: Any) -> bytes:
    """Return a notebook's text, its cell ids derived from position, type and source."""
    for index, cell in enumerate(notebook.cells):
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's note on blank lines in the master
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
