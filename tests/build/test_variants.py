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


@pytest.fixture(scope="module")
def reference(built_mini: BuiltCourse) -> Any:
    return nbformat.reads(built_mini.built.files["graders/mini/reference.ipynb"].decode(), as_version=4)


def misconception(old: str, new: str = "", question: str = "q1") -> Misconception:
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
    assert [old.replace("2 * x", "x ** 2") for old, _ in changed] == [new for _, new in changed]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("old", "question", "times"), [("3 * x", "q1", 0), ("x", "q1", 2), ("2 * x", "q2", 0), ("2 * x", "q9", 0)]
)
def test_a_fragment_must_be_there_once(reference: Any, old: str, question: str, times: int) -> None:
    with pytest.raises(CourseError) as caught:
        with_misconception(reference, misconception(old, question=question))
    assert str(caught.value) == (
        f"misconception 'wrong': found {old!r} {times} times in the solution of {question}; it must be there once"
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
    path = tmp_path / "misconceptions.py"
    path.write_text(source)
    with pytest.raises(CourseError, match=rf"misconceptions\.py: {message}"):
        read_misconceptions(path)


def test_no_file_of_misconceptions(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"misconceptions\.py: can't be run: FileNotFoundError"):
        read_misconceptions(tmp_path / "misconceptions.py")


def test_every_variant_of_the_course_can_be_made(built_real: BuiltCourse) -> None:
    folder = built_real.course.solutions(built_real.topic)
    name = f"graders/{built_real.topic}/reference.ipynb"
    reference = nbformat.reads(built_real.built.files[name].decode(), as_version=4)
    for mistake in read_misconceptions(folder / "misconceptions.py"):
        assert sources(with_misconception(reference, mistake)) != sources(reference)
    for answers in read_alternatives(folder / "alternatives").values():
        assert set(answers) == set(solution_cells(reference))
        with_answers(reference, answers)
