"""The borders between fairmark's packages, and what importing it costs: held by the code's own text."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
MODULES = sorted((SOURCE / "fairmark").rglob("*.py"))
NAMES = [".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in MODULES]
TREES = {name: ast.parse(path.read_text(encoding="utf8")) for name, path in zip(NAMES, MODULES, strict=True)}

UNTRUSTED = ("fairmark.collect", "fairmark.kernel")
TRUSTED = ("fairmark.examine", "fairmark.checks", "fairmark.calibrate", "fairmark.verify")


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imports(name: str) -> Iterator[str]:
    """Yield what a module imports anywhere in it, `from a import b` as a and a.b."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively: write the whole name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached(name: str) -> set[str]:
    """Return fairmark's modules that ``name`` imports, directly or not, at any time."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for other in imports(waiting.pop()):
            if other in TREES and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def members(packages: tuple[str, ...]) -> list[str]:
    return [name for name in NAMES if within(name, packages)]


def test_the_packages_are_where_they_are_looked_for() -> None:
    for package in (*UNTRUSTED, "fairmark.examine", "fairmark.checks"):
        assert len(members((package,))) > 1
    assert "fairmark.evidence.write" in reached("fairmark.collect.stand_in")


@pytest.mark.parametrize("name", members(UNTRUSTED))
def test_what_meets_student_code_never_meets_tests(name: str) -> None:
    assert [other for other in sorted(reached(name)) if within(other, TRUSTED)] == []


@pytest.mark.parametrize("name", members(("fairmark.examine", "fairmark.checks")))
def test_what_meets_tests_never_meets_student_code(name: str) -> None:
    assert [other for other in sorted(reached(name)) if within(other, UNTRUSTED)] == []


def loaded_after(statement: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after ``statement``."""
    script = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import fairmark.collect.collector, fairmark.collect.stand_in", TRUSTED),
        ("import fairmark.examine.examiner, fairmark.examine.testfile, fairmark.checks", UNTRUSTED),
    ],
    ids=["collect", "examine"],
)
def test_a_process_of_one_side_loads_nothing_of_the_other(statement: str, forbidden: tuple[str, ...]) -> None:
    loaded = loaded_after(statement)
    assert "fairmark.evidence.manifest" in loaded
    assert sorted(name for name in loaded if within(name, forbidden)) == []


HELP = """
from fairmark.cli import app
try:
    app(["--help"], prog_name="fairmark")
except SystemExit as end:
    assert not end.code
"""


@pytest.mark.parametrize("statement", ["import fairmark", HELP], ids=["import", "help"])
def test_starting_is_light(statement: str) -> None:
    loaded = loaded_after(statement)
    assert "fairmark" in loaded
    heavy = {
        "tensorflow",
        "keras",
        "otter",
        "jupyter_client",
        "nbclient",
        "matplotlib",
        "pandas",
        "dask",
        "distributed",
    }
    assert loaded & heavy == set()


UNSAFE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_ever_unpickled(name: str) -> None:
    assert {other.split(".")[0] for other in imports(name)} & UNSAFE == set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "safe_mode"):
            safe = node.arg == "safe_mode"
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is safe, f"{name}:{node.value.lineno}"
        if isinstance(node, ast.Attribute) and node.attr in ("enable_unsafe_deserialization", "load_model"):
            pytest.fail(f"{name}:{node.lineno} calls {node.attr}")


def loads_of_numpy(name: str) -> list[int]:
    return [
        node.lineno for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load")
        and not any(keyword.arg == "allow_pickle" for keyword in node.keywords)
    ]  # fmt: skip


@pytest.mark.parametrize("name", members(("fairmark.evidence", *UNTRUSTED, *TRUSTED)))
def test_evidence_is_never_read_by_numpys_own_loader(name: str) -> None:
    """It allocates before it checks."""
    assert loads_of_numpy(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_of_readable_size(name: str) -> None:
    path = MODULES[NAMES.index(name)]
    assert len(path.read_text(encoding="utf8").splitlines()) < 400
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines" for node in ast.walk(TREES[name])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None and node.end_lineno - node.lineno >= 50
    ]  # fmt: skip
    assert long == []
