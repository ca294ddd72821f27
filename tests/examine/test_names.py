"""What a test is given by name, and what the student reads where a name is missing."""

from collections.abc import Callable
from typing import Any

import pytest

from fairmark.evidence.records import NotExamined, NotShown
from fairmark.examine.names import Names
from tests.examine.conftest import REFERENCE

MakeNames = Callable[..., Names]
RAISED = ({"cell": 2, "name": "ValueError", "message": "first"}, {"cell": 6, "name": "TypeError", "message": "later"})


def refusal(names: Names, name: str) -> str:
    with pytest.raises(NotShown) as caught:
        names.get(name)
    return str(caught.value)


def test_a_name_is_restored_once(names_of: MakeNames) -> None:
    names = names_of({"history": [1, 2]})
    assert names.get("history") == [1, 2]
    assert names.get("history") is names.get("history", None)


def test_none_is_a_value(names_of: MakeNames) -> None:
    assert names_of({"history": None}).get("history", "default") is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (1, "`model` was not defined when q1 was checked"),
        (2, "`model` was not defined when q1 was checked: cell 2 raised ValueError: first"),
        (5, "`model` was not defined when q1 was checked: cell 2 raised ValueError: first"),
        (None, "`model` was not defined at the end of the notebook: cell 6 raised TypeError: later"),
    ],
)
def test_a_missing_name_says_where_and_perhaps_why(names_of: MakeNames, cell: int | None, sentence: str) -> None:
    assert refusal(names_of(cell=cell, errors=RAISED), "model") == sentence


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ({"$": "placeholder"}, "`model` still holds the placeholder `...`"),
        ([1, {"$": "placeholder"}], "`model` still holds the placeholder `...`"),
        ({"$": "absent", "reason": "a set is not stored"},
         "`model` is not what this question asks for: a set is not stored"),
        ({"$": "array", "blob": "0" * 64}, "`model` could not be read back: blob 000000000000 is missing"),
        ({"$": "evil"}, "`model` could not be read back: a record of an unknown kind"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_there_says_why(names_of: MakeNames, node: Any, sentence: str) -> None:
    assert refusal(names_of({"model": node}), "model") == sentence


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ({"$": "missing", "name": "double"}, "`double` was not defined when q1 was checked"),
        ({"$": "unfilled", "name": "double"}, "`double` still holds the placeholder `...`"),
        ({"$": "raised", "error": "TypeError: no"}, "using your `double` and `helper` raised TypeError: no"),
        ({"$": "absent", "reason": "a set is not stored"},
         "`double` and `helper` is not what this question asks for: a set is not stored"),
        ({"$": "missing", "name": 5}, "`double` and `helper` could not be read back: a record of an unknown kind"),
        ({"$": "raised"}, "`double` and `helper` could not be read back: a record of an unknown kind"),
    ],
)  # fmt: skip
def test_a_probe_without_an_answer_says_why(names_of: MakeNames, node: Any, sentence: str) -> None:
    assert refusal(names_of(probes={"probed": node}), "probed") == sentence


def test_a_probe_gives_its_answer(names_of: MakeNames) -> None:
    assert names_of(probes={"probed": {"$": "tuple", "items": [1, 2]}}).get("probed") == (1, 2)


def test_what_only_a_probe_takes_is_none(names_of: MakeNames) -> None:
    assert names_of().get("double") is None


def test_a_name_the_plan_does_not_know_asks_to_collect_again(names_of: MakeNames) -> None:
    with pytest.raises(NotExamined, match="`other` was not asked for when this was collected: collect again"):
        names_of().get("other")


def test_a_probe_that_was_never_called_asks_to_collect_again(names_of: MakeNames) -> None:
    with pytest.raises(NotExamined, match="the probe `probed` was not called when this was collected: collect again"):
        names_of().get("probed")


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ({"kind": "time_limit", "cell": 7}, "q1 was not reached: the time limit ended the run in cell 7"),
        ({"kind": "time_limit"}, "q1 was not reached: the time limit ended the run"),
        ({"kind": "kernel_died", "cell": 3}, "q1 was not reached: the kernel ended in cell 3"),
        ({"kind": "finished"}, "nothing was captured for q1"),
    ],
)
def test_an_early_end_fails_closed(names_of: MakeNames, ending: dict[str, Any], sentence: str) -> None:
    names = names_of(nothing=True, ending=ending)
    assert refusal(names, "model") == sentence
    assert refusal(names, "probed") == sentence


def test_what_was_captured_before_an_early_end_counts(names_of: MakeNames) -> None:
    assert names_of({"model": 1}, ending={"kind": "kernel_died", "cell": 9}).get("model") == 1


def test_a_failed_capture_is_no_fault_of_the_student(names_of: MakeNames) -> None:
    names = names_of(nothing=True, ending={"kind": "capture_failed", "message": "OSError: disk full"})
    with pytest.raises(NotExamined, match="q1 could not be captured: OSError: disk full"):
        names.get("model")


def test_the_data_set_cannot_be_changed_through_a_reference(names_of: MakeNames) -> None:
    names_of({"model": {"$": "reference", "name": "ref"}}).get("model")[:] = 9
    assert REFERENCE.tolist() == [0, 1, 2]
