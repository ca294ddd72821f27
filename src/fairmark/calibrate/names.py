"""Which thresholds a topic's tests ask for, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fairmark.course import CourseError


def threshold_questions(grader: Path) -> dict[str, tuple[str, ...]]:
    """Return the names in ``threshold("…")`` calls of a grader's tests, each once, by question."""
    found: dict[str, dict[str, None]] = {}
    for test in threshold_tests(grader):
        found.setdefault(test.question, {}).update(dict.fromkeys(test.names))
    return {question: tuple(names) for question, names in found.items()}


def threshold_names(grader: Path) -> tuple[str, ...]:
    """Return all of a grader's thresholds. Raises CourseError if two tests ask for one: a bar is for one metric."""
    found: dict[str, _Test] = {}
    for test in threshold_tests(grader):
        for name in test.names:
            if name in found:
                raise CourseError(
                    f"{grader.name}: {found[name].where} and {test.where} both ask for the threshold {name!r}: "
                    "give each its own name"
                )
            found[name] = test
    return tuple(found)


@dataclass(frozen=True)
class _Test:
    """A test function that asks for thresholds."""

    question: str
    function: str
    names: tuple[str, ...]
    source: str
    """Without decorators: neither points nor messages change what is measured."""

    @property
    def where(self) -> str:
        """Say which test it is."""
        return f"{self.function} of {self.question}"


def threshold_tests(grader: Path) -> list[_Test]:
    """Return the tests that ask for thresholds, in the order of their files."""
    return [test for path in sorted((grader / "tests").glob("*.py")) for test in _tests(path)]


def _tests(path: Path) -> Iterator[_Test]:
    text = path.read_text(encoding="utf8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and (names := tuple(dict.fromkeys(_names(node)))):
            yield _Test(path.stem, node.name, names, ast.get_source_segment(text, node) or "")


def _names(test: ast.AST) -> Iterator[str]:
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and _called(node.func) == "threshold" and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
