"""What is wrong in a master notebook is said in one sentence: file, cell or question, what was found, what to do."""

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from fairmark.build.builder import build_topic
from fairmark.build.master import read_master
from fairmark.course import CourseError
from tests.build.masters import CONFIG, PASSES, configured, master_path, question, small_course

CONFIG_CELL = new_raw_cell(CONFIG)


def refused(folder: Path, cells: list[Any], config: str = CONFIG) -> str:
    """Return what read_master says about this master, without the file's name."""
    path = master_path(small_course(folder / "course", cells, config))
    with pytest.raises(CourseError) as caught:
        read_master(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def with_test(*sources: str) -> list[Any]:
    return question("name: q1", *sources)


TEST_CELL = 8
"""The cell of the first test in a course of one question."""


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([CONFIG_CELL, *with_test(PASSES)], "found 2 ASSIGNMENT CONFIG cells; write exactly one"),
        (question("points: 2", PASSES), "cell 2: a question needs a `name`"),
        (question("- name", PASSES), "cell 2: found ['name']; write lines of the form `key: value`"),
        (question("name: 'q1", PASSES), "cell 2: not valid YAML: while scanning a quoted scalar"),
        ([*with_test(PASSES), *with_test(PASSES)], "question q1 is there twice; give each its own name"),
        ([*with_test(PASSES), *question("name: Q1", PASSES)], "question q1 is there twice; give each its own name"),
        (question("name: q 1", PASSES), "question q 1: a name is made of letters, digits"),
        (question("name: ../q1", PASSES), "question ../q1: a name is made of letters, digits"),
        (question("name: 'q\"1'", PASSES), 'question q"1: a name is made of letters, digits'),
        (
            question("name: q1\npoinst: 3", PASSES),
            "question q1: unknown key 'poinst'; allowed: all_or_nothing, check_cell",
        ),
        (question("name: q1"), "question q1: found no test; write a TESTS block, or `manual: true`"),
        (
            question("name: q1\nmanual: true", PASSES),
            "question q1: a person marks it (`manual: true`), so it can't have tests; make it two questions",
        ),
        (
            question("name: q1\nmanual: true\npoints: [1, 2]"),
            "question q1: points [1, 2]: a question that a person marks has one number of points",
        ),
        (question("name: q1\nmanual: true\npoints: -1"), "question q1: points -1: a question that a person marks"),
        (with_test(PASSES, PASSES), "question q1: test test_passes is there twice; otter would run only the last"),
    ],
)
def test_questions(tmp_path: Path, cells: list[Any], message: str) -> None:
    assert refused(tmp_path, cells).startswith(message)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("[1, 2]", "question q1: points [1, 2] for 1 tests: Points specified in test has different length"),
        ("many", "question q1: points 'many' for 1 tests: Test spec points has invalid type"),
        ("[many]", "question q1: points ['many'] for 1 tests: Invalid point type: <class 'str'>"),
        ("{each: many}", "question q1: points ['many'] for 1 tests: Invalid point type: <class 'str'>"),
        ("{all: 2}", "question q1: points {'all': 2}: write a number, a list, or `each: 1`"),
    ],
)
def test_points_that_do_not_fit(tmp_path: Path, points: str, message: str) -> None:
    assert refused(tmp_path, question(f"name: q1\npoints: {points}", PASSES)).startswith(message)


def test_points_that_exceed_the_total(tmp_path: Path) -> None:
    message = refused(tmp_path, question("name: q1\npoints: 2", configured(PASSES, points=3)))
    assert message == "question q1: points 2 for 1 tests: More points specified in test cases than allowed for test"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (configured(PASSES, hiden=True), "unknown key 'hiden'; allowed: failure_message, hidden, points, success_mes"),
        ('""" # BEGIN TEST CONFIG\nhidden: true\n' + PASSES, "BEGIN TEST CONFIG without END TEST CONFIG"),
        ('""" # BEGIN TEST CONFIG\nhidden\n""" # END TEST CONFIG\n' + PASSES, "found 'hidden' as test config; write"),
        ('""" # BEGIN TEST CONFIG\na: "\n""" # END TEST CONFIG\n' + PASSES, "the test config is not valid YAML: while"),
        ("x == 1", "a test is one function (and at most one call of it)"),
        ("", "a test is one function (and at most one call of it)"),
        ("test = lambda x: x", "a test is one function (and at most one call of it)"),
        ("async def test(x):\n    assert x", "a test is one function (and at most one call of it)"),
        ("import numpy as np\n" + PASSES, "a test is one function (and at most one call of it)"),
        (f"{PASSES}\n{PASSES}", "a test is one function (and at most one call of it)"),
        (f"# HIDDEN\n{configured(PASSES, points=1)}", "a test is one function (and at most one call of it)"),
        ("def test(x)\n    assert x", "the test is not valid Python: expected ':', line 1"),
        (configured("def test(x):\n    assert x ==", points=1), "the test is not valid Python: invalid syntax, line 5"),
        ("def test(env):\n    assert env", "a test may not take `env`: evidence holds only names that are asked for"),
        ("def test(*, env):\n    assert env", "a test may not take `env`: evidence holds only names"),
        ("def test(x=1):\n    assert x", "test test may take plain parameters only, and no decorator"),
        ("def test(*x):\n    assert x", "test test may take plain parameters only, and no decorator"),
        ("def test(*, x):\n    assert x", "test test may take plain parameters only, and no decorator"),
        ("def test(x, /):\n    assert x", "test test may take plain parameters only, and no decorator"),
        ("@staticmethod\ndef test(x):\n    assert x", "test test may take plain parameters only, and no decorator"),
        ("def test_case(x):\n    assert x", "otter's test files use the name test_case themselves; rename the test"),
        ("def points(x):\n    assert x", "otter's test files use the name points themselves; rename the test"),
        (
            "def test(x):\n    assert np.any(x)",
            "test test uses np from outside; import it inside, or take it as a para",
        ),
        ("def test():\n    assert [x for _ in 'a']", "test test uses x from outside; import it inside, or take it as"),
    ],
)
def test_tests(tmp_path: Path, source: str, message: str) -> None:
    assert refused(tmp_path, with_test(source)).startswith(f"cell {TEST_CELL}: {message}")


def test_no_config(tmp_path: Path) -> None:
    assert refused(tmp_path, with_test(PASSES), config="") == "found 0 ASSIGNMENT CONFIG cells; write exactly one"


@pytest.mark.parametrize(
    "config", ["# ASSIGNMENT CONFIG\n- a", "# ASSIGNMENT CONFIG\na: [", "# ASSIGNMENT CONFIG\nword"]
)
def test_bad_config(tmp_path: Path, config: str) -> None:
    assert refused(tmp_path, with_test(PASSES), config=config).startswith(
        ("cell 1: found ", "cell 1: not valid YAML: ")
    )


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"cells": [', b"\xff\xfe", b'{"cells": 3, "nbformat": 4}'])
def test_a_master_that_is_no_notebook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "small.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"small\.ipynb: ") as caught:
        read_master(path)
    assert "\n" not in str(caught.value)


def test_an_unclosed_fence(tmp_path: Path) -> None:
    message = refused(tmp_path, [new_markdown_cell("```otter\n# BEGIN QUESTION\nname: q1"), new_code_cell("1")])
    assert message == 'can\'t be read as a notebook: Unclosed "```otter" block (cell number 2)'


def test_missing_master(tmp_path: Path) -> None:
    course = small_course(tmp_path / "course", [])
    master_path(course).unlink()
    with pytest.raises(CourseError, match=r"no master notebook in .*small: write small\.py or small\.ipynb"):
        build_topic(course, "small")


def test_what_otter_refuses_is_said_in_its_last_words(tmp_path: Path) -> None:
    cells = with_test(PASSES)
    cells.insert(-2, new_markdown_cell("A word on this test."))
    course = small_course(tmp_path / "course", cells)
    with pytest.raises(CourseError, match=r"otter assign refused small: .*Found a non-code cell in tests") as caught:
        build_topic(course, "small")
    assert "\n" not in str(caught.value)


def test_a_cell_for_a_data_set_that_does_not_exist(tmp_path: Path) -> None:
    cells = [new_markdown_cell("About films.", metadata={"data": "imbd"}), *with_test(PASSES)]
    assert refused(tmp_path, cells).startswith("cell 2: no data set is called 'imbd'; there is imdb, boston_housing")


def test_a_manual_question_without_a_text(tmp_path: Path) -> None:
    """Otter puts its marks beside the text; without one, nobody could find what students answered."""
    before, _, begin, _, *end = question("name: why\nmanual: true\npoints: 2")
    course = small_course(tmp_path / "course", [before, begin, new_markdown_cell("Because."), *end])
    with pytest.raises(CourseError) as caught:
        build_topic(course, "small")
    assert str(caught.value) == (
        f"{master_path(course)}: the student's notebook has 0 questions that a person marks, and plan.json has 1 "
        "(why): each needs a text before its solution; write one and run `fairmark build`"
    )
