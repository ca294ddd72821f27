"""Probes: how they are read, and how they travel inside the tests that take them."""

import ast
from pathlib import Path
from typing import Any

import pytest

from fairmark.build.builder import build_topic, capture_plan
from fairmark.build.master import read_master
from fairmark.build.probes import Probe, check_probe_names, read_probes, with_probes
from fairmark.course import CourseError
from tests.build.masters import PASSES, master_path, question, small_course

DOUBLES = "def doubles(double):\n    return double(2)\n"


def read(folder: Path, source: str) -> dict[str, Probe]:
    path = folder / "probes.py"
    path.write_text(source, encoding="utf8")
    return read_probes(path)


@pytest.fixture
def run(tmp_path: Path):
    """Make ``test`` self-contained and call it as otter does: each parameter by name, None if it isn't there."""

    def call(test: str, probes: str, **variables: Any) -> Any:
        module = ast.parse(with_probes(test, read(tmp_path, probes)))
        (made,) = module.body
        assert isinstance(made, ast.FunctionDef)
        names: dict[str, Any] = {}
        exec(compile(module, "test", "exec"), names)
        return names[made.name](**{argument.arg: variables.get(argument.arg) for argument in made.args.args})

    return call


def test_a_probe_in_the_evidence_is_used(run) -> None:
    assert run("def test(doubles):\n    return doubles", DOUBLES, doubles=7) == 7


def test_a_falsy_answer_is_an_answer(run) -> None:
    assert run("def test(doubles):\n    return doubles", DOUBLES, doubles=0) == 0


def test_without_evidence_a_probe_is_called_on_live_variables(run) -> None:
    assert run("def test(doubles):\n    return doubles", DOUBLES, double=lambda x: 2 * x) == 4


def test_two_probes_share_a_need(run) -> None:
    probes = DOUBLES + "def triples(double):\n    return double(3)\n"
    test = "def test(doubles, triples):\n    return doubles, triples"
    assert run(test, probes, double=lambda x: 2 * x) == (4, 6)
    assert run(test, probes, doubles=0, double=lambda x: 2 * x) == (0, 6)


def test_a_need_may_be_a_parameter_of_the_test(run) -> None:
    test = "def test(size, doubles):\n    return doubles, size"
    probes = "def doubles(double, size):\n    return double(size)\n"
    assert run(test, probes, double=lambda x: 2 * x, size=5) == (10, 5)


def test_a_probe_may_have_helpers_annotations_and_imports_inside(run) -> None:
    probes = """
def doubles(double: "Callable", many: Unknown) -> Unknown:
    import math
    def helper(x):
        return math.floor(double(x)) if x else helper(x + 1)
    return [helper(x) for x in range(many)]
"""
    assert run("def test(doubles):\n    return doubles", probes, double=lambda x: 2.5 * x, many=3) == [2, 2, 5]


def test_the_docstring_stays_first(tmp_path: Path) -> None:
    test = 'def test(doubles, x):\n    """What the student reads."""\n    assert doubles == x'
    (made,) = ast.parse(with_probes(test, read(tmp_path, DOUBLES))).body
    assert isinstance(made, ast.FunctionDef)
    assert ast.get_docstring(made) == "What the student reads."
    assert [argument.arg for argument in made.args.args] == ["doubles", "x", "double"]
    assert ast.unparse(made.body[-1]) == "assert doubles == x"


def test_a_test_without_probes_stays_as_it_is(tmp_path: Path) -> None:
    assert with_probes(PASSES, read(tmp_path, DOUBLES)) == PASSES


def test_the_text_is_kept_whatever_python_prints(tmp_path: Path) -> None:
    test = "def test(doubles):\n    # why\n    text = f\"{doubles['a']} and\\n{{}}\"\n    block = '''\n  kept\n'''\n"
    probe = "def doubles(double):\n    block = '''\n  kept\n'''\n    return f\"{double['a']}\" # why\n"
    made = with_probes(test, read(tmp_path, probe))
    assert test.split("\n", 1)[1].rstrip() in made
    assert "    block = '''\n  kept\n'''\n" in made
    assert "return f\"{double['a']}\" # why" in made


def test_a_body_behind_the_colon(run) -> None:
    assert run("def test(doubles): x = doubles; return x", "def doubles(double): return double(2)\n", doubles=7) == 7


def test_no_probes() -> None:
    assert read_probes(Path("nowhere/probes.py")) == {}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def p(x=1):\n    return x", r"probes\.py:1: probe p may take plain parameters only, and no decorator"),
        ("\ndef p(*x):\n    return x", r"probes\.py:2: probe p may take plain parameters only"),
        ("def p(**x):\n    return x", r"probes\.py:1: probe p may take plain parameters only"),
        ("def p(*, x):\n    return x", r"probes\.py:1: probe p may take plain parameters only"),
        ("def p(x, /):\n    return x", r"probes\.py:1: probe p may take plain parameters only"),
        ("@cache\ndef p(x):\n    return x", r"probes\.py:2: probe p may take plain parameters only, and no decorator"),
        (
            "import numpy as np\ndef p(x):\n    return np.sum(x)",
            r"probes\.py:2: probe p uses np from outside; import it",
        ),
        ("def p(x):\n    return q(x)\ndef q(x):\n    return x", r"probes\.py:1: probe p uses q from outside"),
        ("def p(x):\n    return p(x)", r"probes\.py:1: probe p uses p from outside"),
        ("def p(x):\n    return x +", r"probes\.py:2: not valid Python: invalid syntax"),
        ("\0", r"probes\.py(:1)?: not valid Python: "),
    ],
)
def test_bad_probes(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(CourseError, match=message) as caught:
        read(tmp_path, source)
    assert "\n" not in str(caught.value)


def test_inputs_is_no_probe_and_may_stand_alone(tmp_path: Path) -> None:
    probes = "LENGTH = 3\n\ndef inputs():\n    return {'x': [0] * LENGTH}\n"
    course = small_course(tmp_path / "course", question("name: q1", PASSES), probes=probes)
    assert read_probes(course.solutions("small") / "probes.py") == {}
    plan = build_topic(course, "small").files["graders/small/plan.json"]
    assert b"def inputs()" in plan


@pytest.mark.parametrize(
    ("solution", "probes", "message"),
    [
        ("x = 1  # SOLUTION", "def x(y):\n    return y\n", "cell 5 defines x, and a probe has that name; rename"),
        ("import os as p", "def p(y):\n    return y\n", "cell 5 defines p, and a probe has that name"),
        ("def p(x):\n    return 1", "def p(y):\n    return y\n", "cell 5 defines p, and a probe has that name"),
        ("for p in []: pass", "def p(y):\n    return y\n", "cell 5 defines p, and a probe has that name"),
        ("x = 1", "def p(q):\n    return q\ndef q(x):\n    return x\n", "probe p takes the probe q; write a student"),
    ],
)
def test_names_that_clash(tmp_path: Path, solution: str, probes: str, message: str) -> None:
    cells = question("name: q1", PASSES, solution=solution)
    course = small_course(tmp_path / "course", cells, probes=probes)
    with pytest.raises(CourseError, match=message):
        build_topic(course, "small")


@pytest.mark.parametrize("solution", ["%time p = 1", "def f(p):\n    q = p", "print(p)", "[p for p in []]"])
def test_names_that_do_not_clash(tmp_path: Path, solution: str) -> None:
    cells = question("name: q1", PASSES, solution=solution)
    course = small_course(tmp_path / "course", cells, probes="def p(x):\n    return x\n")
    check_probe_names(read_master(master_path(course)), read_probes(course.solutions("small") / "probes.py"))


def test_the_plan_asks_for_what_tests_take(tmp_path: Path) -> None:
    cells = [
        *question("name: q1", "def test_a(b, p):\n    assert b", "# HIDDEN\ndef test_b(a, b):\n    assert a"),
        *question("name: q2", "def test_a(p, r):\n    assert p"),
        *question("name: q3\nmanual: true"),
    ]
    probes = "def p(x, y):\n    return x\ndef r(x):\n    return x\n"
    course = small_course(tmp_path / "course", cells, probes=probes)
    master, found = read_master(master_path(course)), read_probes(course.solutions("small") / "probes.py")
    plan = capture_plan(master, found, probes)
    assert {name: (q.names, dict(q.probes)) for name, q in plan.questions.items()} == {
        "q1": (("a", "b"), {"p": ("x", "y")}),
        "q2": ((), {"p": ("x", "y"), "r": ("x",)}),
    }
    assert plan.probe_source == probes
