"""``autograder.zip``: otter's layout, fairmark's wheel, this course's bars, nothing random."""

import ast
import io
import json
import zipfile
from pathlib import Path

import pytest

import fairmark
from fairmark.build.archive import autograder_zip, write_zip
from fairmark.course import CourseError
from tests.build.conftest import BARS, BuiltCourse


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.fixture(scope="module")
def zipped(built_mini: BuiltCourse) -> zipfile.ZipFile:
    return opened(built_mini.built.autograder)


def test_entries_are_sorted_dated_and_moded(zipped: zipfile.ZipFile) -> None:
    entries = zipped.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(2020, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
    modes = {entry.filename: oct(entry.external_attr >> 16) for entry in entries}
    executable = {name for name, mode in modes.items() if mode == "0o100755"}
    assert executable == {"run_autograder", "setup.sh"}
    assert set(modes.values()) == {"0o100755", "0o100644"}


def test_layout(zipped: zipfile.ZipFile) -> None:
    names = set(zipped.namelist())
    tests = {f"tests/q{number}.py" for number in (1, 2, 3, 4)}
    otters = {"run_autograder", "run_otter.py", "setup.sh", "environment.yml", "otter_config.json"}
    [wheel] = names - tests - otters
    assert names == tests | otters | {wheel}
    assert json.loads(zipped.read("otter_config.json"))["assignment_name"] == "mini"


def test_the_wheel_is_all_of_fairmark(zipped: zipfile.ZipFile) -> None:
    [name] = [name for name in zipped.namelist() if name.endswith(".whl")]
    wheel = opened(zipped.read(name))
    source = Path(fairmark.__file__).parent
    here = {
        f"fairmark/{path.relative_to(source).as_posix()}": path
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    there = {entry for entry in wheel.namelist() if not entry.startswith("fairmark-")}
    assert there == set(here)
    assert {"fairmark/build/master.py", "fairmark/build/templates/README.md.jinja", "fairmark/py.typed"} < there
    changed = [entry for entry, path in here.items() if wheel.read(entry) != path.read_bytes()]
    assert changed == []


def test_setup_installs_the_wheel_by_its_name(zipped: zipfile.ZipFile) -> None:
    [name] = [name for name in zipped.namelist() if name.endswith(".whl")]
    setup = zipped.read("setup.sh").decode()
    assert setup.splitlines()[-1] == f"mamba run -n otter-env pip install /autograder/source/{name}"
    assert setup.startswith("#!/usr/bin/env bash\n")
    assert setup.index("mamba env create") < setup.index("pip install /autograder/source/")
    assert "\r" not in setup


def single_of(source: str) -> list[dict[str, dict[str, object]]]:
    """The bars written into each call of ``threshold``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.literal_eval(next(keyword.value for keyword in call.keywords if keyword.arg == "single"))
        for call in calls
        if "threshold" in (getattr(call.func, "id", None), getattr(call.func, "attr", None))
    ]


def test_bars_for_a_single_run_are_in_the_tests_that_ask(zipped: zipfile.ZipFile) -> None:
    found = {name: single_of(zipped.read(name).decode()) for name in zipped.namelist() if name.startswith("tests/")}
    [bars] = found.pop("tests/q4.py")
    assert {data: bar["bar"] for data, bar in bars.items()} == BARS["accuracy"]
    assert {bar["direction"] for bar in bars.values()} == {"at_least"}
    assert list(found.values()) == [[], [], []]
    assert "single=" not in "".join(zipped.read(f"tests/q{n}.py").decode() for n in (1, 2, 3))


def test_tests_are_otherwise_those_of_graders(zipped: zipfile.ZipFile, built_mini: BuiltCourse) -> None:
    for number in (1, 2, 3, 4):
        there = zipped.read(f"tests/q{number}.py").decode()
        here = built_mini.built.files[f"graders/mini/tests/q{number}.py"].decode()
        for bars in single_of(there):
            there = there.replace(f", single = {bars!r}", "")
        assert there == here


OTTERS = write_zip({"setup.sh": b"#!/usr/bin/env bash\n", "tests/q1.py": b"what otter wrote"})


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairmark.build.archive._wheel", lambda: ("fairmark-0-py3-none-any.whl", b""))


@pytest.mark.usefixtures("no_wheel")
def test_every_call_of_threshold_is_completed() -> None:
    bars = {"a": {"d-1": {"bar": 1.5, "direction": "at_most", "calibration": "c"}}}
    test = "def test(x):\n    assert threshold('a').met_by(checks.threshold('a')) and threshold('b') and other('a')\n"
    source = opened(autograder_zip(OTTERS, {"q1.py": test.encode()}, bars)).read("tests/q1.py").decode()
    assert sorted(map(str, single_of(source))) == sorted(map(str, [bars["a"], bars["a"], {}]))
    assert "other('a')" in source


@pytest.mark.usefixtures("no_wheel")
@pytest.mark.parametrize("call", ["threshold(name)", "threshold()", "threshold(name='a')", "threshold('a', 'b')"])
def test_a_threshold_is_named_in_quotes(call: str) -> None:
    with pytest.raises(CourseError, match=r"q1.py: threshold\(.*\): write the name alone, as in"):
        autograder_zip(OTTERS, {"q1.py": f"def test(name):\n    assert {call}\n".encode()}, {})
