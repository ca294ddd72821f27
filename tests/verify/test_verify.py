"""`fairmark verify` on the mini course: real notebooks, real kernels."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from fairmark.mistakes import read_mistakes
from tests.verify.conftest import verify


def test_good_checks_exit_with_0(verified: tuple[Path, Result]) -> None:
    _, result = verified
    assert result.exit_code == 0, result.output
    assert (
        "mini: 1 of 1 alternatives have 100 %, 3 of 4 misconceptions lose points in their question, "
        "the untouched notebook has 0 %, 4 of 10 checks catch no misconception" in result.output
    )


def test_the_summary_file(verified: tuple[Path, Result]) -> None:
    root, _ = verified
    mini = json.loads((root / "build" / "verify.json").read_text())["mini"]
    assert mini["alternatives"] == {"layer_by_layer": 100}
    assert mini["blank"] == 0
    assert {name: (m["question"], m["killed"]) for name, m in mini["misconceptions"].items()} == {
        "squared": ("q1", True), "two_epochs": ("q3", True), "tanh": ("q2", False), "eight_units": ("q2", True),
    }  # fmt: skip
    assert mini["misconceptions"]["tanh"]["survives"] == "because no check looks at activations"
    assert mini["misconceptions"]["two_epochs"]["failed"] == ["q3 - 2"]
    assert mini["dead_checks"] == [
        "q2 - 1 (test_is_a_model)", "q3 - 1 (test_history)", "q4 - 1 (test_accuracy)", "q4 - 2 (test_layers)",
    ]  # fmt: skip
    assert (root / "build" / "verify" / "mini.html").is_file()


def test_how_each_mistake_shows_is_kept(verified: tuple[Path, Result]) -> None:
    root, _ = verified
    known = {mistake.name: mistake for mistake in read_mistakes(root / "graders" / "mini")}
    (signature,) = known["two_epochs"].signatures
    assert signature.failures == {"q3 - 2": "found 2 epochs"}
    assert signature.data.startswith("imdb-twin-")
    assert known["eight_units"].advice == "The model needs four hidden units, not eight."
    assert known["tanh"].signatures == ()


@pytest.fixture
def copied(mini: Any, verified: tuple[Path, Result], tmp_path: Path) -> Any:
    """A verified course to change; its evidence goes along."""
    shutil.copytree(mini.root, tmp_path / "course")
    return mini.model_copy(update={"root": tmp_path / "course"})


def change(course: Any, file: str, old: str, new: str) -> None:
    path = course.solutions("mini") / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_second_time_only_examines(copied: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    before = (copied.graders("mini") / "misconceptions.json").read_bytes()
    assert verify(copied).exit_code == 0
    assert (copied.graders("mini") / "misconceptions.json").read_bytes() == before


def test_an_undeclared_survivor_exits_with_1(copied: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    change(copied, "misconceptions.py", '        survives="because no check looks at activations",\n', "")
    result = verify(copied)
    assert result.exit_code == 1
    assert "misconception tanh survives: it loses no point in q2" in re.sub(r"\s+", " ", result.output)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("misconceptions.py", '"2*x"', '"3*x"', "misconception 'squared': found '3*x' 0 times"),
        ("misconceptions.py", '"2*x"', '"2*"', "misconception 'squared': `old` is not valid Python"),
        ("alternatives/layer_by_layer.py", '"q1"', '"q9"', "no solution cell for question 'q9'"),
        ("mini.py", "x + x.", "x times 2.", "mini: what is there is not what build makes: run `fairmark build mini`"),
    ],
)
def test_what_no_longer_fits_is_an_error(copied: Any, file: str, old: str, new: str, message: str) -> None:
    change(copied, file, old, new)
    result = verify(copied)
    assert result.exit_code == 2
    assert message in result.stderr
