"""The master notebook in otter assign's format: its questions and its tests."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, get_args

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

from fairmark.build.functions import assigned_names, free_names, is_plain, source_of
from fairmark.course import CourseError, DataName

_BEGIN = re.compile(r'^(?:\w+\s*=\s*)?"{3}\s*#\s*BEGIN TEST CONFIG\s*$', re.IGNORECASE)
_END = re.compile(r'^"{3}\s*#\s*END TEST CONFIG\s*$', re.IGNORECASE)
_HIDDEN = re.compile(r"^#\s*HIDDEN(\s+TEST)?\s*$", re.IGNORECASE)
_NAME = re.compile(r"\w[\w.-]*\Z")
_OTTERS_OWN = {"test_case", "name", "points", "all_or_nothing", "OK_FORMAT"}
_QUESTION_KEYS = {"name", "manual", "points", "check_cell", "export", "all_or_nothing"}
_STUB = "the test in cell"
_STUBS = re.compile(rf'^def \w+\(\):\n    """{_STUB} (\d+)"""$', re.MULTILINE)
_KEYS = {"hidden", "points", "success_message", "failure_message"}


@dataclass(frozen=True)
class Test:
    """One test cell: a function, and what its config block says."""

    cell: int
    """Index of the cell in the master notebook."""
    function: ast.FunctionDef
    source: str
    """The function's text."""
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
    """None in a question that a person marks."""

    @property
    def manual(self) -> bool:
        """Does a person mark it?"""
        return bool(self.config.get("manual"))


@dataclass(frozen=True)
class Master:
    """A master notebook, read."""

    path: Path
    notebook: Any
    config_cell: int
    config: dict[str, Any]
    questions: tuple[Question, ...]


def read_master(path: Path, data: str | None = None) -> Master:
    """Read a master notebook (.ipynb, or any text format of jupytext).

    A cell whose metadata names a data set (``# %% data="imdb"``) is there only if ``data`` is that one.
    Raises CourseError that names the file and cell (or question) for a notebook without an assignment config, a
    test that isn't one plain function, an unknown key, points that don't fit, or a name used twice.
    """
    notebook = _read_notebook(path)
    notebook.cells = _of_data(path, notebook.cells, data)
    configs = [index for index, cell in enumerate(notebook.cells) if is_assignment_config_cell(cell)]
    if len(configs) != 1:
        raise CourseError(f"{path}: found {len(configs)} ASSIGNMENT CONFIG cells; write exactly one")
    questions = tuple(_questions(path, notebook.cells))
    names = [question.name.casefold() for question in questions]  # each becomes a file's name
    for question in questions:
        if names.count(question.name.casefold()) > 1:
            raise CourseError(f"{path}: question {question.name} is there twice; give each its own name")
    config = _config(f"{path}: cell {configs[0] + 1}", notebook.cells[configs[0]])
    return Master(path, notebook, configs[0], config, questions)


def _read_notebook(path: Path) -> Any:
    try:
        notebook = jupytext.read(path)
        notebook.cells = extract_all_fenced_otter_cells(notebook.cells)
    except Exception as error:  # the readers of the many formats raise whatever they stumble over
        raise CourseError(f"{path}: can't be read as a notebook: {_one_line(error)}") from error
    notebook.metadata.setdefault("kernelspec", {}).update(name="python3", display_name="Python 3", language="python")
    return notebook


def _of_data(path: Path, cells: list[Any], data: str | None) -> list[Any]:
    """Leave out the cells that are there for another data set."""
    names = get_args(DataName)
    for index, cell in enumerate(cells, start=1):
        if (found := cell.metadata.get("data", names[0])) not in names:
            raise CourseError(f"{path}: cell {index}: no data set is called {found!r}; there is {', '.join(names)}")
    return [cell for cell in cells if cell.metadata.pop("data", data) == data]


def _questions(path: Path, cells: list[Any]) -> Iterator[Question]:
    begun: tuple[int, dict[str, Any]] | None = None
    tests: list[Test] = []
    inside = False
    for index, cell in enumerate(cells):
        where = f"{path}: cell {index + 1}"
        if is_block_boundary_cell(cell, BlockType.QUESTION):
            begun, tests = (index, _config(where, cell)), []
            if "name" not in begun[1]:
                raise CourseError(f"{where}: a question needs a `name`")
        elif is_block_boundary_cell(cell, BlockType.TESTS):
            inside = True
        elif is_block_boundary_cell(cell, BlockType.TESTS, end=True):
            inside = False
        elif is_block_boundary_cell(cell, BlockType.QUESTION, end=True) and begun:
            yield _question(path, *begun, tests)
            begun = None
        elif inside and cell.cell_type == "code":
            tests.append(_test(where, index, cell.source))


def _config(where: str, cell: Any) -> dict[str, Any]:
    """Return what a raw cell says below its first line."""
    try:
        config = get_cell_config(cell)
    except yaml.YAMLError as error:
        raise CourseError(f"{where}: not valid YAML: {_one_line(error)}") from error
    if not isinstance(config, dict):
        raise CourseError(f"{where}: found {config!r}; write lines of the form `key: value`")
    return config


def _question(path: Path, cell: int, config: dict[str, Any], tests: list[Test]) -> Question:
    """Resolve the points of every test by otter's own rules, before any test is filtered out."""
    name, points = str(config["name"]), config.get("points")
    where = f"{path}: question {name}"
    if not _NAME.match(name):
        raise CourseError(f"{where}: a name is made of letters, digits, `_`, `-` and `.`, for it names files")
    if unknown := set(config) - _QUESTION_KEYS:
        raise CourseError(
            f"{where}: unknown key {min(map(str, unknown))!r}; allowed: {', '.join(sorted(_QUESTION_KEYS))}"
        )
    if config.get("manual"):
        _check_manual(where, points, tests)
    elif not tests:
        raise CourseError(f"{where}: found no test; write a TESTS block, or `manual: true`")
    functions = [test.function.name for test in tests]
    if repeated := {function for function in functions if functions.count(function) > 1}:
        raise CourseError(f"{where}: test {min(repeated)} is there twice; otter would run only the last of them")
    if isinstance(points, dict):
        if set(points) != {"each"}:
            raise CourseError(f"{where}: points {points!r}: write a number, a list, or `each: 1`")
        points = [points["each"] if test.points is None else test.points for test in tests]
    cases = [TestCase(t.function.name, None, t.hidden, t.points, None, None) for t in tests]
    try:
        resolved = TestFile.resolve_test_file_points(points, cases)
    except (AssertionError, TypeError, ValueError) as error:
        raise CourseError(f"{where}: points {points!r} for {len(tests)} tests: {_one_line(error)}") from error
    tests = [replace(test, points=_plain(case.points)) for test, case in zip(tests, resolved, strict=True)]
    return Question(name, cell, config, tuple(tests))


def _check_manual(where: str, points: object, tests: list[Test]) -> None:
    """Refuse what otter would take and get wrong."""
    if tests:
        raise CourseError(f"{where}: a person marks it (`manual: true`), so it can't have tests; make it two questions")
    if points is not None and (isinstance(points, bool) or not isinstance(points, int | float) or points < 0):
        raise CourseError(f"{where}: points {points!r}: a question that a person marks has one number of points")


def _plain(points: float) -> float:
    return int(points) if float(points).is_integer() else float(points)


def _test(where: str, index: int, source: str) -> Test:
    config, code = _test_config(where, source)
    if unknown := set(config) - _KEYS:
        raise CourseError(f"{where}: unknown key {min(map(str, unknown))!r}; allowed: {', '.join(sorted(_KEYS))}")
    function = _test_function(where, code)
    return Test(
        cell=index,
        function=function,
        source=source_of(function, code),
        hidden=bool(config.get("hidden", False)),
        points=config.get("points"),
        success_message=config.get("success_message"),
        failure_message=config.get("failure_message"),
    )


def _test_config(where: str, source: str) -> tuple[dict[str, Any], str]:
    """Split a test cell into what it says about itself and its code, which keeps its line numbers."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not _BEGIN.match(lines[first]):
        comments = takewhile(lambda line: not line.strip() or line.startswith("#"), lines)
        return ({"hidden": True} if any(map(_HIDDEN.match, comments)) else {}), source
    end = next((i for i, line in enumerate(lines) if _END.match(line)), None)
    if end is None:
        raise CourseError(f"{where}: BEGIN TEST CONFIG without END TEST CONFIG")
    try:
        config = yaml.safe_load("\n".join(lines[first + 1 : end])) or {}
    except yaml.YAMLError as error:
        raise CourseError(f"{where}: the test config is not valid YAML: {_one_line(error)}") from error
    if not isinstance(config, dict):
        raise CourseError(f"{where}: found {config!r} as test config; write lines of the form `key: value`")
    return config, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _test_function(where: str, code: str) -> ast.FunctionDef:
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError) as error:
        at = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CourseError(f"{where}: the test is not valid Python: {getattr(error, 'msg', error)}{at}") from error
    function = body[0] if body else None
    calls = [isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) for node in body[1:]]
    if not isinstance(function, ast.FunctionDef) or len(calls) > 1 or not all(calls):
        raise CourseError(f"{where}: a test is one function (and at most one call of it)")
    if function.name in _OTTERS_OWN:
        raise CourseError(f"{where}: otter's test files use the name {function.name} themselves; rename the test")
    if "env" in [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]:
        raise CourseError(f"{where}: a test may not take `env`: evidence holds only names that are asked for")
    if not is_plain(function):
        raise CourseError(f"{where}: test {function.name} may take plain parameters only, and no decorator")
    if missing := free_names(function):
        raise CourseError(
            f"{where}: test {function.name} uses {min(missing)} from outside; "
            "import it inside, or take it as a parameter"
        )
    return function


def defined_names(master: Master) -> dict[str, int]:
    """Return the names that the notebook's own code cells define, each with its (first) cell."""
    tests = {test.cell for question in master.questions for test in question.tests}
    found: dict[str, int] = {}
    for index, cell in enumerate(master.notebook.cells):
        if cell.cell_type != "code" or index in tests:
            continue
        try:
            names = assigned_names(ast.parse(cell.source))
        except (SyntaxError, ValueError):  # magics of IPython
            continue
        for name in names:
            found.setdefault(name, index + 1)
    return found


def emit_test(test: Test) -> str:
    """Write a test cell so that otter passes on exactly what was meant.

    Otter pastes messages between quotes without escaping, guesses "hidden" from comments, and drops
    points of filtered cases; so each cell states everything, and messages arrive escaped. It prints
    functions with ``ast``, in another way on each Python version (3.12's f-strings are no syntax to 3.11);
    so it gets a stub, which ``filled`` replaces.
    """
    config: dict[str, Any] = {"hidden": test.hidden, "points": test.points}
    for key in ("success_message", "failure_message"):
        if (message := getattr(test, key)) is not None:
            config[key] = _between_quotes(str(message))
    # As JSON, for its quotes are escaped: three in a row never occur.
    block = json.dumps(config, ensure_ascii=False)
    return f'""" # BEGIN TEST CONFIG\n{block}\n""" # END TEST CONFIG\n{_stub(test)}'


def _stub(test: Test) -> str:
    return f'def {test.function.name}():\n    """{_STUB} {test.cell}"""'


def filled(test_file: str, sources: Mapping[int, str]) -> str:
    """Put the tests' real sources, by cell, into a test file that otter wrote from stubs."""
    return _STUBS.sub(lambda stub: sources[int(stub[1])], test_file)


def _between_quotes(text: str) -> str:
    """Escape ``text`` to stand between double quotes in Python, on one line of printable characters."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in escaped)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def normalised(master: Master, requirements: list[str]) -> Any:
    """Return the notebook that otter assign gets, each test a stub that says everything about it."""
    notebook = nbformat.from_dict(master.notebook)
    tests = master.config.get("tests")
    tests = {**(tests if isinstance(tests, dict) else {}), "files": True, "ok_format": False}
    config = {**master.config, "requirements": requirements, "tests": tests}
    notebook.cells[master.config_cell].source = "# ASSIGNMENT CONFIG\n" + yaml.safe_dump(config)
    for question in master.questions:
        if question.tests:
            kept = {key: value for key, value in question.config.items() if key != "points"} | {"name": question.name}
            notebook.cells[question.cell].source = "# BEGIN QUESTION\n" + yaml.safe_dump(kept)
        for test in question.tests:
            notebook.cells[test.cell].source = emit_test(test)
            notebook.cells[test.cell].outputs = []
    return notebook
