"""Nothing hidden reaches students: each secret of a topic is searched for in every file they get."""

import re
from collections.abc import Iterator

import pytest

from fairmark.build.master import Master, read_master
from fairmark.build.probes import read_probes
from fairmark.thresholds import read_thresholds
from tests.build.conftest import BuiltCourse

LONG = 25
"""Shorter lines (``import numpy as np``) are no secret by themselves."""


def lines_of(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


def shown_lines(master: Master) -> set[str]:
    """Lines that students are meant to see: Markdown, given code, public tests and their probes."""
    shown: set[str] = set()
    hidden = {test.cell for q in master.questions for test in q.tests if test.hidden}
    for index, cell in enumerate(master.notebook.cells):
        if cell.cell_type == "markdown" or (cell.cell_type == "code" and index not in hidden):
            shown |= lines_of(cell.source) - set(solution_lines(cell.source))
    probes = read_probes(master.path.parent / "probes.py")
    for test in (test for q in master.questions for test in q.tests if not test.hidden):
        for probe in set(test.parameters) & set(probes):
            shown |= lines_of(probes[probe].source)
    return shown


def solution_lines(source: str) -> Iterator[str]:
    inside = False
    for line in source.splitlines():
        if re.search(r"# (BEGIN|END) SOLUTION", line):
            inside = "BEGIN" in line
        elif inside:
            yield line.strip()
        elif "# SOLUTION" in line:
            yield line.split("# SOLUTION")[0].strip()


def secrets(built: BuiltCourse) -> dict[str, set[str]]:
    """All secrets of a topic, by kind."""
    [path] = [p for p in built.course.solutions(built.topic).glob(f"{built.topic}.*") if p.suffix in (".py", ".ipynb")]
    master = read_master(path)
    tests = [test for q in master.questions for test in q.tests if test.hidden]
    cells = [master.notebook.cells[test.cell].source for test in tests]
    bodies = [line for test in tests for line in test.source.splitlines()[1:]]
    answers = [line for c in master.notebook.cells if c.cell_type == "code" for line in solution_lines(c.source)]
    names = set(re.findall(r"""threshold\(["'](\w+)["']""", "\n".join(cells)))
    bars = [bar for bars in read_thresholds(built.course.graders(built.topic)).values() for bar in bars.values()]
    seen = shown_lines(master)
    return {
        "test": {line for line in lines_of("\n".join(bodies)) if len(line) > LONG} - seen,
        "cell": {line for cell in cells for line in lines_of(cell) if len(line) > LONG} - seen,
        "name": {f"def {test.function.name}(" for test in tests},
        "solution": {line for line in answers if len(line) > 8 and line not in "\n".join(seen)},
        "threshold": {text for name in names for text in (f"threshold('{name}'", f'threshold("{name}"')},
        "bar": {f"{value:g}" for bar in bars for value in (bar.single, bar.any_of_m) if value is not None},
        "message": {str(test.failure_message) for test in tests if test.failure_message},
    }


def texts(files: dict[str, bytes]) -> dict[str, str]:
    """What a reader finds in each student file: as it is, and with JSON's and Python's escapes undone."""
    found = {}
    for name, content in files.items():
        if name.startswith("assignments/"):
            text = content.decode()
            found[name] = text + "\n" + text.replace('\\"', '"').replace("\\\\", "\\")
    return found


def leaks(files: dict[str, bytes], secret: str) -> list[str]:
    number = secret.replace(".", "").isdecimal()  # not one in the middle of a cell's id
    pattern = rf"(?<![\w.]){re.escape(secret)}(?!\w)" if number else re.escape(secret)
    return [name for name, text in texts(files).items() if re.search(pattern, text)]


def test_no_secret_is_in_what_students_get(any_built: BuiltCourse) -> None:
    found = secrets(any_built)
    assert min(len(found[kind]) for kind in ("test", "cell", "name", "solution", "threshold", "message")) >= 1
    leaked = {
        f"{kind}: {secret}": where
        for kind, every in found.items()
        for secret in sorted(every)
        if (where := leaks(any_built.built.files, secret))
    }
    assert leaked == {}


def test_secrets_are_in_what_graders_get(any_built: BuiltCourse) -> None:
    """The search knows what it is looking for: graders' files hold the tests, the names and the solutions."""
    found = secrets(any_built)
    text = "\n".join(content.decode() for name, content in any_built.built.files.items() if name.startswith("graders/"))
    text += text.replace('\\"', '"').replace("\\\\", "\\")
    for kind in ("test", "name", "solution", "message"):
        assert [secret for secret in found[kind] if secret not in text] == []


@pytest.mark.parametrize("kind", ["test", "cell", "name", "solution", "threshold", "bar", "message"])
def test_the_search_finds_a_planted_secret(built_mini: BuiltCourse, kind: str) -> None:
    for secret in secrets(built_mini)[kind]:
        for name in ("assignments/mini/README.md", "assignments/mini/mini.ipynb"):
            planted = {**built_mini.built.files, name: b"a line\n" + secret.encode()}
            assert leaks(planted, secret) == [name]


def test_public_files_need_nothing_of_fairmark(any_built: BuiltCourse) -> None:
    for name, text in texts(any_built.built.files).items():
        assert "fairmark" not in text, name
        if name.endswith(".py"):
            compile(any_built.built.files[name], name, "exec")
    requirements = any_built.built.files[f"assignments/{any_built.topic}/requirements.txt"].decode().splitlines()
    assert [line for line in requirements if "fairmark" in line or "://" in line] == []


def test_canaries_are_only_in_graders(built_mini: BuiltCourse) -> None:
    with_canary = {name for name, content in built_mini.built.files.items() if b"canary-hidden" in content}
    assert with_canary == {f"graders/mini/tests/q{number}.py" for number in (1, 2, 3, 4)}


def test_bars_are_written_into_the_zip_only(built_mini: BuiltCourse) -> None:
    assert {"481.75", "487.25"} < secrets(built_mini)["bar"]
    for name, content in built_mini.built.files.items():
        assert b"481.75" not in content, name
        assert b"single=" not in content, name
