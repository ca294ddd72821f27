"""Which thresholds a topic's tests ask for, read from their source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from fairmark.course import CourseError


def threshold_questions(grader: Path) -> dict[str, tuple[str, ...]]:
    """Return the names in ``threshold("…")`` calls of a grader's tests, each once, by question."""
    found = {path.stem: tuple(dict.fromkeys(_names(path))) for path in sorted((grader / "tests").glob("*.py"))}
    return {question: names for question, names in found.items() if names}


def threshold_names(grader: Path) -> tuple[str, ...]:
    """Return all of a grader's thresholds. Raises CourseError if two questions ask for one: a bar is for one metric."""
    found: dict[str, str] = {}
    for question, names in threshold_questions(grader).items():
        for name in names:
            if name in found:
                raise CourseError(
                    f"{grader.name}: the tests of {found[name]} and of {question} both ask for the threshold {name!r}: "
                    "give each its own name"
                )
            found[name] = question
    return tuple(found)


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Call) and _called(node.func) == "threshold" and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
