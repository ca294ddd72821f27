"""What earns 100 % under plain otter earns nothing here, and hidden tests are nowhere to be found."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest


@pytest.mark.parametrize("student", ["equals-everything", "replaces-call-func", "wraps-get-results"])
def test_an_attack_earns_nothing(graded: Any, student: str) -> None:
    verdict = graded[1][student]
    assert verdict.total == 0
    assert verdict.decided


def test_canaries_are_in_the_hidden_tests(mini: Any) -> None:
    hidden = "".join(path.read_text() for path in (mini.graders("mini") / "tests").glob("*.py"))
    assert hidden.count("canary-hidden") >= 7


def searched(graded: Any, student: str) -> list[str]:
    """What the notebook's search for canaries printed."""
    out, verdicts = graded
    executed = out / "evidence" / verdicts[student].evidence[0] / "executed.ipynb"
    outputs = [o for cell in nbformat.read(executed, 4).cells for o in cell.get("outputs", [])]
    (line,) = [o.text for o in outputs if o.output_type == "stream" and o.text.startswith("SEARCHED")]
    found: list[str] = ast.literal_eval(line.removeprefix("SEARCHED "))
    return found


def test_no_canary_is_found_from_inside_the_kernel(graded: Any) -> None:
    assert searched(graded, "searches") == []


@pytest.mark.parametrize("place", ["environment", "file beside", "file in parent"])
def test_the_search_finds_planted_files_and_the_environment(graded: Any, place: str) -> None:
    assert place in searched(graded, "searches-planted")


@pytest.mark.parametrize("place", ["dict", "nested", "module", "code"])
def test_the_search_finds_what_is_planted_in_memory(graded: Any, place: str) -> None:
    assert any(found.endswith(f"-{place}") for found in searched(graded, "searches-planted"))


def test_no_canary_is_in_evidence_or_feedback(graded: Any) -> None:
    out: Path = graded[0]
    files = [p for folder in ("evidence", "feedback") for p in (out / folder).rglob("*") if p.is_file()]
    assert len(files) > 100
    # The searching notebook spells the word in two halves; the planting one prints what it found.
    planted = out / "evidence" / graded[1]["searches-planted"].evidence[0] / "executed.ipynb"
    assert [p for p in files if b"canary-hidden" in p.read_bytes()] == [planted]


def test_no_canary_reaches_students(mini: Any) -> None:
    files = [p for p in mini.assignments("mini").rglob("*") if p.is_file()]
    assert files
    assert [p for p in files if b"canary-hidden" in p.read_bytes()] == []
