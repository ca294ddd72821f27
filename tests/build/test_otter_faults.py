"""Otter's known faults are not passed on: points, messages, comments that say "hidden"."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from otter.assign.assignment import Assignment
from otter.assign.question_config import QuestionConfig
from otter.assign.tests_manager import AssignmentTestsManager
from otter.test_files import ExceptionTestFile

from fairmark.build import master
from fairmark.build.builder import _tidy, build_topic
from fairmark.plan import Plan
from tests.build.masters import CONFIG, PASSES, configured, question, small_course

MESSAGES = [
    'say "twice"', "it's", '"', '""', '"""', "'''", '\\"""\\', "\\", "\\\\", "\\n", "two\nlines", "\ttab ", "", " ",
    "{braces} {{ jinja }} {% raw %}", "# END TEST CONFIG", '""" # END TEST CONFIG', "%s %d", "null", "~", "yes", "12",
    "key: value", "- a list", "# HIDDEN", "naïve 深度学习 🎉", "\u2028\u0085\x0c\x1c\x7f\ufeff", "\N{NO-BREAK SPACE}",
    "\\u0041 \\N{DASH}",
    "x" * 5000, "trailing blanks   ", "a\r\nb",
]  # fmt: skip


def cases(source: bytes | str) -> list[Any]:
    text = source if isinstance(source, str) else source.decode()
    return ExceptionTestFile.from_string(text).test_cases


def function(name: str, body: str = "assert x == 1") -> str:
    return f"def {name}(x):\n    {body}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A course with everything that otter stumbles over, built once."""
    hidden_first = [f"# HIDDEN\n{function('test_h')}", function("test_a"), function("test_b")]
    messages = [
        configured(function(f"test_{i}"), hidden=i % 2 == 0, failure_message=message, success_message=f"ok {message}")
        for i, message in enumerate(MESSAGES)
    ]
    comments = [
        f"# hidden units are counted here\n{function('test_a')}",
        f"# Hidden: no.\n{function('test_b')}",
        f"# HIDDEN\n{function('test_c')}",
        f"\n# hidden\n\n{function('test_d')}",
        f"# Counts.\n# HIDDEN TEST\n{function('test_e')}",
        configured(function("test_f"), points=1) + "\n# hidden\n",
        function("test_g", "# HIDDEN\n    assert x == 1"),
    ]
    cells = [
        *question("name: list\npoints: [3, 0, 1.5]", *hidden_first),
        *question("name: each\npoints: {each: 2}", *hidden_first),
        *question("name: total\npoints: 2", *hidden_first),
        *question("name: messages\npoints: {each: 1}", *messages),
        *question("name: comments", *comments),
        *question("name: only-hidden\npoints: 2", f"# HIDDEN\n{PASSES}"),
        *question("name: 1.5", "def test_nothing():\n    assert True\ntest_nothing()"),
        *question("name: essay\nmanual: true\npoints: 4"),
        *question("name: no_cell\ncheck_cell: false", PASSES),
    ]
    # No `tests:` in this config: build itself sees to files in the exception-based format.
    course = small_course(tmp_path_factory.mktemp("faults") / "course", cells, config=CONFIG)
    return build_topic(course, "small").files


def of_student(files: dict[str, bytes], name: str) -> list[Any]:
    return cases(files[f"assignments/small/tests/{name}.py"])


def of_grader(files: dict[str, bytes], name: str) -> list[Any]:
    return cases(files[f"graders/small/tests/{name}.py"])


@pytest.mark.parametrize(
    ("name", "grader", "student"),
    [("list", [3, 0, 1.5], [0, 1.5]), ("each", [2, 2, 2], [2, 2]), ("total", [2 / 3] * 3, [2 / 3] * 2)],
)
def test_points_go_to_the_cases_they_were_written_for(files, name: str, grader: list, student: list) -> None:
    assert [(c.points, c.hidden) for c in of_grader(files, name)] == list(
        zip(grader, [True, False, False], strict=True)
    )
    assert [(c.points, c.hidden) for c in of_student(files, name)] == [(points, False) for points in student]


def test_messages_survive(files) -> None:
    found = of_grader(files, "messages")
    assert [case.failure_message for case in found] == MESSAGES
    assert [case.success_message for case in found] == [f"ok {message}" for message in MESSAGES]
    assert [case.failure_message for case in of_student(files, "messages")] == MESSAGES[1::2]


@settings(deadline=None)
@given(message=st.text(), hidden=st.booleans())
def test_any_message_survives(message: str, hidden: bool) -> None:
    definition = ast.parse(PASSES).body[0]
    test = master.Test(
        cell=0,
        function=definition,
        source=PASSES,
        hidden=hidden,
        points=1,
        success_message=message,
        failure_message=message,
    )
    manager, config = AssignmentTestsManager(Assignment({"tests": {"ok_format": False}})), QuestionConfig({"name": "q"})
    manager.read_test(new_code_cell(master.emit_test(test)), config)
    [case] = cases(_tidy(manager._format_test("q", None, False, manager._tests_by_question["q"])))
    assert (case.failure_message, case.success_message, case.hidden) == (message, message, hidden)


def test_only_HIDDEN_hides(files) -> None:
    hidden = {case.body.test_func.__name__: case.hidden for case in of_grader(files, "comments")}
    assert sorted(name for name, is_hidden in hidden.items() if is_hidden) == ["test_c", "test_d", "test_e"]
    assert len(hidden) == 7
    assert [c.body.test_func.__name__ for c in of_student(files, "comments")] == [
        "test_a",
        "test_b",
        "test_f",
        "test_g",
    ]


def test_question_of_hidden_tests_only(files) -> None:
    assert of_student(files, "only-hidden") == []
    assert [(case.points, case.hidden) for case in of_grader(files, "only-hidden")] == [(2, True)]


def test_test_without_parameters(files) -> None:
    [case] = of_student(files, "1.5")
    case.body.call_func({})
    assert b'"1.5": {\n   "names": []' in files["graders/small/plan.json"]


def test_manual_question_has_no_test_file(files) -> None:
    assert not [name for name in files if "essay" in name]
    plan = Plan.model_validate_json(files["graders/small/plan.json"])
    assert "essay" not in plan.questions
    assert plan.manual == {"essay": 4}


def test_check_cells(files) -> None:
    notebook = nbformat.reads(files["assignments/small/small.ipynb"].decode(), as_version=4)
    checked = [cell.source for cell in notebook.cells if cell.source.startswith("grader.check(")]
    names = ["list", "each", "total", "messages", "comments", "1.5"]  # otter gives none where all tests are hidden
    assert checked == [f'grader.check("{name}")' for name in names]


def test_marks_outside_of_solution_cells_are_refused(tmp_path: Path) -> None:
    from fairmark.course import CourseError

    cells = [new_code_cell("secret = 7  # SOLUTION"), *question("name: q1", PASSES)]
    course = small_course(tmp_path / "course", cells)
    with pytest.raises(CourseError, match=r"small.ipynb: students would see 'secret = 7  # SOLUTION': marks work only"):
        build_topic(course, "small")
