"""Other correct answers and known-wrong ones, made from the reference."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.build.variants import (
    Misconception,
    read_alternatives,
    read_misconceptions,
    solution_cells,
    with_answers,
    with_misconception,
)
from fairmark.course import CourseError
from tests.build.conftest import BuiltCourse
from tests.conftest import ROOT

TOPICS = sorted(path.name for path in (ROOT / "solutions").iterdir())


@pytest.fixture(scope="module")
def reference(built_mini: BuiltCourse) -> Any:
    return nbformat.reads(built_mini.built.files["graders/mini/reference.ipynb"].decode(), as_version=4)


def misconception(old: str, new: str = "y", question: str = "q1") -> Misconception:
    return Misconception(name="wrong", question=question, advice="Look again.", old=old, new=new)


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells]


def test_solution_cells(reference: Any) -> None:
    found = solution_cells(reference)
    assert {name: len(cells) for name, cells in found.items()} == {"q1": 1, "q2": 1, "q3": 1, "q4": 1}
    assert "return 2 * x" in reference.cells[found["q1"][0]].source


def test_a_misconception_changes_one_place(reference: Any) -> None:
    before = sources(reference)
    after = sources(with_misconception(reference, misconception("2 * x", "x ** 2")))
    assert sources(reference) == before
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [old.replace("2 * x", "(x ** 2)") for old, _ in changed] == [new for _, new in changed]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("old", "question", "times"),
    [("3 * x", "q1", 0), ("keras.layers", "q2", 2), ("2 * x", "q2", 0), ("2 * x", "q9", 0)],
)
def test_a_fragment_must_be_there_once(reference: Any, old: str, question: str, times: int) -> None:
    with pytest.raises(CourseError) as caught:
        with_misconception(reference, misconception(old, question=question))
    assert str(caught.value) == (
        f"misconception 'wrong': found {old!r} {times} times in the solution of {question}; "
        "it must be there once: mend the edit"
    )


def test_answers_replace_solutions(reference: Any) -> None:
    changed = with_answers(reference, {"q1": "double = lambda x: x + x"})
    assert "double = lambda x: x + x" in sources(changed)
    assert len(changed.cells) == len(reference.cells)
    with pytest.raises(CourseError, match="the reference has no solution cell for question 'q9'"):
        with_answers(reference, {"q9": "1"})


def test_alternatives(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text(
        '# %% [markdown]\n# Short.\n\n# %% question="q1"\na = 1\n\n# %% question="q1"\nb = 2\n'
    )
    assert read_alternatives(tmp_path) == {"short": {"q1": "a = 1\n\nb = 2"}}
    assert read_alternatives(tmp_path / "nowhere") == {}


def test_an_alternative_names_its_questions(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text('# %% question="q1"\na = 1\n\n# %%\nb = 2\n')
    with pytest.raises(CourseError, match=r'short\.py: cell 2 names no question; write `# %% question="q1"`'):
        read_alternatives(tmp_path)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", r"it must define MISCONCEPTIONS, a tuple of Misconception"),
        ("MISCONCEPTIONS = ()", r"it must define MISCONCEPTIONS, a tuple of Misconception"),
        ("MISCONCEPTIONS = 3", r"it must define MISCONCEPTIONS, a tuple of Misconception"),
        ("MISCONCEPTIONS = ({'name': 'x'},)", r"it must define MISCONCEPTIONS, a tuple of Misconception"),
        ("MISCONCEPTIONS = (", r"can't be run: SyntaxError: "),
        ("1 / 0", r"can't be run: ZeroDivisionError: division by zero"),
    ],
)
def test_misconceptions_that_are_none(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "misconceptions.py").write_text(source)
    with pytest.raises(CourseError, match=rf"misconceptions\.py: {message}"):
        read_misconceptions(tmp_path)


def jupyter(folder: Path, name: str, *cells: Any) -> None:
    path = folder / "misconceptions" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)


def text(source: str) -> Any:
    return nbformat.v4.new_markdown_cell(source)


def tagged(source: str, *tags: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def test_a_misconception_in_jupyter(tmp_path: Path, reference: Any) -> None:
    jupyter(tmp_path, "squared", text("Twice is\nnot the square."), tagged("double = lambda x: x * x", "q1"))
    jupyter(tmp_path, "unseen", text("Look again."), tagged("double = 2", "q1"), text("Because nobody looks."))
    squared, unseen = read_misconceptions(tmp_path)
    assert (squared.name, squared.question, squared.survives) == ("squared", "q1", None)
    assert squared.advice == "Twice is not the square."
    assert unseen.survives == "Because nobody looks."
    assert "double = lambda x: x * x" in sources(with_misconception(reference, squared))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([tagged("x = 1", "q1")], r"squared\.ipynb: found solutions of 1 questions and 0 texts of advice"),
        ([text("a"), tagged("x = 1", "q1"), tagged("y = 1", "q2")], r"found solutions of 2 questions"),
        ([text("a"), tagged("x = 1")], r"cell 2 names no question; write .*, or in Jupyter tag the cell q1"),
    ],
)
def test_a_notebook_that_is_no_misconception(tmp_path: Path, cells: list[Any], message: str) -> None:
    jupyter(tmp_path, "squared", *cells)
    with pytest.raises(CourseError, match=message):
        read_misconceptions(tmp_path)


def test_two_misconceptions_of_one_name(tmp_path: Path) -> None:
    jupyter(tmp_path, "squared", text("a"), tagged("x = 1", "q1"))
    (tmp_path / "misconceptions.py").write_text(
        "from fairmark.build.variants import Misconception\n"
        "MISCONCEPTIONS = [Misconception('squared', 'q1', 'Look again.', '1', '2')]\n"
    )
    with pytest.raises(CourseError, match="two misconceptions are called 'squared'; give each its own name"):
        read_misconceptions(tmp_path)


def test_no_misconceptions(tmp_path: Path) -> None:
    assert read_misconceptions(tmp_path) == ()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_variant_of_the_course_can_be_made(topic: str) -> None:
    folder = ROOT / "solutions" / topic
    reference = nbformat.read(ROOT / "graders" / topic / "reference.ipynb", as_version=4)
    mistakes, alternatives = read_misconceptions(folder), read_alternatives(folder / "alternatives")
    assert len(mistakes) >= 12
    assert len(alternatives) >= 6
    for mistake in mistakes:
        assert sources(with_misconception(reference, mistake)) != sources(reference)
    for answers in alternatives.values():
        assert sources(with_answers(reference, answers)) != sources(reference)
