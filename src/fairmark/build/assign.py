"""Runs otter assign, as the command it is."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from fairmark.course import CourseError


@dataclass(frozen=True)
class Assigned:
    """What otter assign made: notebooks, test files by name, and its autograder zip."""

    student: Any
    student_tests: dict[str, str]
    solved: Any
    tests: dict[str, str]
    autograder: bytes


def assign(notebook: Any, name: str) -> Assigned:
    """Run otter assign on a master notebook. Raises CourseError with otter's own last words."""
    with tempfile.TemporaryDirectory(prefix="fm-") as folder:
        master = Path(folder) / f"{name}.ipynb"
        nbformat.write(notebook, master)
        # Otter opens its files in the locale's encoding; UTF-8 mode makes that UTF-8 on Windows too.
        python = [sys.executable, "-X", "utf8"]
        command = [*python, "-m", "otter", "assign", master.name, "out", "--no-run-tests", "--no-pdfs"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf8", errors="replace", check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            raise CourseError(f"otter assign refused {name}: {last}")
        student, grader = Path(folder) / "out" / "student", Path(folder) / "out" / "autograder"
        zips = list(grader.glob("*.zip"))
        return Assigned(
            student=nbformat.read(student / master.name, as_version=4),
            student_tests={path.name: path.read_text(encoding="utf8") for path in sorted(student.glob("tests/*.py"))},
            solved=nbformat.read(grader / master.name, as_version=4),
            tests={path.name: path.read_text(encoding="utf8") for path in sorted(grader.glob("tests/*.py"))},
            autograder=zips[0].read_bytes(),
        )  # fmt: skip
