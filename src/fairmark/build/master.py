"""The master notebook in otter assign's format: its questions and its tests."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml
from otter.assign.blocks import (
    BlockType,
    extract_all_fenced_otter_cells,
    get_cell_config,
    is_assignment_config_cell,
    is_block_boundary_cell,
)
from otter.test_files.abstract_test import TestCase, TestFile

from fairmark.course import CourseError

_BEGIN = re.compile(r'^(?:\w+\s*=\s*)?"{3}\s*#\s*BEGIN TEST CONFIG\s*$', re.IGNORECASE)
_END = re.compile(r'^"{3}\s*#\s*END TEST CONFIG\s*$', re.IGNORECASE)
_HIDDEN = re.compile(r"^#\s*HIDDEN\s*$", re.IGNORECASE)
_KEYS = {"hidden", "points", "success_message", "failure_message"}


@dataclass(frozen=True)
class Test:
    """One test cell: a function, and what its config block says."""

    cell: int
    """Index of the cell in the master notebook."""
    function: ast.FunctionDef
    hidden: bool
    points: float | None
    success_message: str | None
    failure_message: str | None

    @property
    def parameters(self) -> list[str]:
        """Names the test takes: student variables and probes."""
        return [argument.arg for argument in self.function.args.args]


@dataclass(frozen=True)
class Question:
    """A question with its tests, every test with its points resolved."""

    name: str
    cell: int
    """Index of its BEGIN QUESTION cell."""
    config: dict[str, Any]
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Master:
    """A master notebook, read."""

    path: Path
    notebook: Any
    config_cell: int
    config: dict[str, Any]
    questions: tuple[Question, ...]


def read_master(path: Path) -> Master:
    """Read a master notebook (.ipynb, or any text format of jupytext).

    Raises CourseError that names the file and cell for a notebook without an assignment config, a test
    that isn't one function, an unknown key, points that don't fit, or a question named twice.
    """
    notebook = jupytext.read(path)
    notebook.metadata.setdefault("kernelspec", {}).update(name="python3", display_name="Python 3", language="python")
    notebook.cells = extract_all_fenced_otter_cells(notebook.cells)
    configs = [index for index, cell in enumerate(notebook.cells) if is_assignment_config_cell(cell)]
    if len(configs) != 1:
        raise CourseError(f"{path}: found {len(configs)} ASSIGNMENT CONFIG cells; write exactly one")
    questions = tuple(_questions(path, notebook.cells))
    names = [question.name for question in questions]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise CourseError(f"{path}: question {repeated.pop()} is there twice; give each its own name")
    config = get_cell_config(notebook.cells[configs[0]])
    return Master(path, notebook, configs[0], config, questions)


def _questions(path: Path, cells: list[Any]) -> Iterator[Question]:
    begun: tuple[int, dict[str, Any]] | None = None
    tests: list[Test] = []
    inside = False
    for index, cell in enumerate(cells):
        if is_block_boundary_cell(cell, BlockType.QUESTION):
            begun, tests = (index, get_cell_config(cell)), []
            if not isinstance(begun[1], dict) or "name" not in begun[1]:
                raise CourseError(f"{path}: cell {index + 1}: a question needs a `name`")
        elif is_block_boundary_cell(cell, BlockType.TESTS):
            inside = True
        elif is_block_boundary_cell(cell, BlockType.TESTS, end=True):
            inside = False
        elif is_block_boundary_cell(cell, BlockType.QUESTION, end=True) and begun:
            yield _question(path, *begun, tests)
            begun = None
        elif inside and cell.cell_type == "code":
            tests.append(_test(f"{path}: cell {index + 1}", index, cell.source))


def _question(path: Path, cell: int, config: dict[str, Any], tests: list[Test]) -> Question:
    """Resolve the points of every test by otter's own rules, before any test is filtered out."""
    name, points = str(config["name"]), config.get("points")
    if isinstance(points, dict):
        points = [points.get("each", 1)] * len(tests)
    cases = [TestCase(t.function.name, None, t.hidden, t.points, None, None) for t in tests]
    try:
        resolved = TestFile.resolve_test_file_points(points, cases)
    except (AssertionError, TypeError, ValueError) as error:
        raise CourseError(f"{path}: question {name}: points {points!r}: {error}") from error
    tests = [replace(test, points=_plain(case.points)) for test, case in zip(tests, resolved, strict=True)]
    return Question(name, cell, config, tuple(tests))


def _plain(points: float) -> float:
    return int(points) if float(points).is_integer() else float(points)


def _test(where: str, index: int, source: str) -> Test:
    lines = source.split("\n")
    config: dict[str, Any] = {}
    if _HIDDEN.match(lines[0]):
        config["hidden"] = True
    elif _BEGIN.match(lines[0]):
        end = next((i for i, line in enumerate(lines) if _END.match(line)), None)
        if end is None:
            raise CourseError(f"{where}: BEGIN TEST CONFIG without END TEST CONFIG")
        config = yaml.safe_load("\n".join(lines[1:end])) or {}
        lines = lines[end + 1 :]
    if unknown := set(config) - _KEYS:
        raise CourseError(f"{where}: unknown key {sorted(unknown)[0]!r}; allowed: {', '.join(sorted(_KEYS))}")
    try:
        body = ast.parse("\n".join(lines)).body
    except SyntaxError as error:
        raise CourseError(f"{where}: the test is not valid Python: {error.msg}, line {error.lineno}") from error
    if not body or len(body) > 2 or not isinstance(body[0], ast.FunctionDef):
        raise CourseError(f"{where}: a test is one function (and at most one call of it)")
    if "env" in [argument.arg for argument in body[0].args.args]:
        raise CourseError(f"{where}: a test may not take `env`: evidence holds only names that are asked for")
    return Test(
        cell=index,
        function=body[0],
        hidden=bool(config.get("hidden", False)),
        points=config.get("points"),
        success_message=config.get("success_message"),
        failure_message=config.get("failure_message"),
    )


def emit_test(test: Test, function: ast.FunctionDef) -> str:
    """Write a test cell so that otter passes on exactly what was meant.

    Otter pastes messages between quotes without escaping, guesses "hidden" from comments, and drops
    points of filtered cases; so each cell states everything, and messages arrive escaped.
    """
    import json

    config: dict[str, Any] = {"hidden": test.hidden, "points": test.points}
    for key in ("success_message", "failure_message"):
        if (message := getattr(test, key)) is not None:
            config[key] = json.dumps(str(message), ensure_ascii=False)[1:-1]
    block = json.dumps(config, ensure_ascii=False)
    return f'""" # BEGIN TEST CONFIG\n{_in_quotes(block)}\n""" # END TEST CONFIG\n{ast.unparse(function)}'


def _in_quotes(block: str) -> str:
    """Check that ``block`` can stand inside triple quotes (escaped quotes never come in threes)."""
    if '"""' in block:
        raise CourseError("a message may not hold three quotes in a row")
    return block


def normalised(master: Master, functions: dict[int, ast.FunctionDef], requirements: list[str]) -> Any:
    """Return the notebook that otter assign gets: tests emitted from ``functions`` by cell index."""
    notebook = nbformat.from_dict(master.notebook)
    config = {**master.config, "requirements": requirements}
    notebook.cells[master.config_cell].source = "# ASSIGNMENT CONFIG\n" + yaml.safe_dump(config)
    for question in master.questions:
        if question.tests:
            kept = {key: value for key, value in question.config.items() if key != "points"}
            notebook.cells[question.cell].source = "# BEGIN QUESTION\n" + yaml.safe_dump(kept)
        for test in question.tests:
            notebook.cells[test.cell].source = emit_test(test, functions[test.cell])
            notebook.cells[test.cell].outputs = []
    return notebook
