"""Otter's test files over evidence: otter's points, and outcomes told apart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from otter.test_files.exception_test import ExceptionTestFile

from fairmark.checks.examination import Examination, examination
from fairmark.examine.names import Names
from fairmark.examine.testfile import LONGEST_MESSAGE, EvidenceTestFile
from fairmark.examine.verdict import CaseVerdict
from tests.bars import invented_bar

MakeNames = Callable[..., Names]

HEAD = "from otter.test_files import test_case\nname = 'q1'\n"
MIXED = """
points = {points}
all_or_nothing = {all_or_nothing}

@test_case(points=None, hidden=False, success_message="It's \\"right\\" \\\\ ok")
def test_sound(model):
    assert model == [1]

@test_case(points=None, hidden=True, failure_message='Say "twice", it\\'s')
def test_wrong(model):
    assert model == [2], f"found {{model}}"
"""


def mixed(points: Any, all_or_nothing: bool = False) -> str:
    return HEAD + MIXED.format(points=points, all_or_nothing=all_or_nothing)


def case(body: str, parameters: str = "") -> str:
    return f"{HEAD}points = 1\n@test_case()\ndef test_it({parameters}):\n    {body}\n"


def examined(source: str, names: dict[str, Any]) -> tuple[EvidenceTestFile, tuple[CaseVerdict, ...]]:
    file = EvidenceTestFile.from_string(source)
    return file, file.examine(names)


@pytest.mark.parametrize("all_or_nothing", [False, True])
@pytest.mark.parametrize("points", [2, [1.5, 0.25], [0, 1], None])
def test_scores_are_otters(names_of: MakeNames, points: Any, all_or_nothing: bool) -> None:
    source = mixed(points, all_or_nothing)
    plain = ExceptionTestFile.from_string(source)
    plain.run({"model": [1]})
    ours, cases = examined(source, names_of({"model": [1]}))
    assert (ours.score, ours.possible) == (plain.score, plain.possible)
    assert [found.points for found in cases] == [found.points for found in plain.test_cases]
    assert [found.passed for found in ours.test_case_results] == [True, False]


def test_a_case_is_told_with_its_message_and_the_authors_advice(names_of: MakeNames) -> None:
    _, (sound, wrong) = examined(mixed(2), names_of({"model": [1]}))
    assert (sound.name, sound.test, sound.hidden, sound.outcome, sound.message) == (
        "q1 - 1", "test_sound", False, "passed", "",
    )  # fmt: skip
    assert sound.advice == 'It\'s "right" \\ ok'
    assert (wrong.name, wrong.test, wrong.hidden, wrong.outcome, wrong.message) == (
        "q1 - 2", "test_wrong", True, "failed", "found [1]",
    )  # fmt: skip
    assert wrong.advice == 'Say "twice", it\'s'


@pytest.mark.parametrize(
    "body",
    ["open('/no/such/file')", "raise MemoryError", "import no_such_module", "raise ConnectionError('gone')",
     "from fairmark.evidence.records import NotExamined; raise NotExamined('?')",
     "from fairmark.evidence.blobs import BadBlob; raise BadBlob('a kept file of the grader')",
     "from fairmark.data import DataUnavailable; raise DataUnavailable('no network')",
     "from fairmark.data import TwinDamaged; raise TwinDamaged('another NumPy')",
     "import tensorflow as tf; raise tf.errors.ResourceExhaustedError(None, None, 'out of memory')"],
)  # fmt: skip
def test_what_only_the_grader_can_cause_is_not_examined(body: str) -> None:
    _, (found,) = examined(case(body), {})
    assert found.outcome == "not_examined"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("assert 1 == 2", "the check did not hold"),
        ("assert 1 == 2, 'one is not two'", "one is not two"),
        ("{}['a']", "what was found made the check stop: KeyError: 'a'"),
        ("int('x')", "what was found made the check stop: ValueError: invalid literal for int() with base 10: 'x'"),
        ("from fairmark.evidence.records import NotShown; raise NotShown('not there')", "not there"),
    ],
)  # fmt: skip
def test_anything_else_fails(body: str, message: str) -> None:
    file, (found,) = examined(case(body), {})
    assert (found.outcome, found.message) == ("failed", message)
    assert file.score == 0


@pytest.mark.parametrize("raised", ["AssertionError", "KeyError", "OSError"])
def test_a_message_has_an_end(raised: str) -> None:
    _, (found,) = examined(case(f"raise {raised}(' ' * 300_000)"), {})
    assert len(found.message) == LONGEST_MESSAGE
    assert found.message.endswith(" …")


def test_a_name_that_is_missing_fails_only_what_takes_it(names_of: MakeNames) -> None:
    source = case("assert history == 1", "history") + "@test_case()\ndef test_other(model):\n    assert model is None\n"
    _, (with_it, without) = examined(source, names_of({"history": 1}))
    assert (with_it.outcome, without.outcome) == ("passed", "failed")
    assert without.message == "`model` was not defined when q1 was checked"


def test_a_case_sees_what_an_earlier_one_did_as_under_otter(names_of: MakeNames) -> None:
    """Same points as plain otter, where both are given the same live object."""
    source = (
        f"{HEAD}points = 2\n@test_case()\ndef test_one(model):\n    model.append(2)\n"
        "@test_case()\ndef test_two(model):\n    assert model == [1, 2]\n"
    )
    plain = ExceptionTestFile.from_string(source)
    plain.run({"model": [1]})
    file, _ = examined(source, names_of({"model": [1]}))
    assert (file.score, plain.score) == (2, 2)


def test_another_question_sees_nothing_of_it(names_of: MakeNames) -> None:
    for _ in range(2):
        _, (found,) = examined(case("model.append(2)\n    assert model == [1, 2]", "model"), names_of({"model": [1]}))
        assert found.outcome == "passed"


def test_a_failure_does_not_colour_the_next_case() -> None:
    source = case("assert 0, 'first'") + "@test_case()\ndef test_after():\n    pass\n"
    _, (first, after) = examined(source, {})
    assert (first.message, after.outcome, after.message) == ("first", "passed", "")


def test_each_case_is_told_with_the_bars_it_used() -> None:
    bar = invented_bar(5, 4)
    use = "from fairmark.checks import threshold\n    assert threshold('t').met_by({})"
    source = (
        case(use.format(5))
        + f"@test_case()\ndef test_none():\n    {use.format(4)}\n@test_case()\ndef test_no():\n    pass\n"
    )
    with examination(Examination({"t": {"d": bar}}, "d", Path("/none"), {})):
        _, cases = examined(source, {})
    assert [[(use.measured, use.met) for use in found.thresholds] for found in cases] == [[(5, True)], [(4, False)], []]
    assert [found.outcome for found in cases] == ["passed", "failed", "passed"]
