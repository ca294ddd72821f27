"""Answers that a person reads are found wherever students put them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fairmark.course import CourseError
from fairmark.grade.manual import ManualQuestions
from fairmark.grade.notebook import parse_notebook

BLANK = "_Type your answer here, replacing this text._"
POINTS = {"why": 4.0, "how": 2.0, "last": 1.0}
WHY, CODE, WHY_BLANK, HOW, HOW_BLANK, HOW_CODE, CHECK, LAST, LAST_BLANK = 4, 5, 6, 7, 8, 9, 14, 15, 16

Cells = list[Any]


def handed_out() -> Any:
    """The student's notebook as otter makes it: two manual questions in a row, one exported, one at the end."""
    answer = {"tags": ["otter_answer_cell"]}
    cells = [
        new_code_cell("import otter\ngrader = otter.Notebook()"),
        new_markdown_cell("## Question 1"),
        new_code_cell("x = ...", metadata=answer),
        new_code_cell('grader.check("q1")'),
        new_markdown_cell("<!-- BEGIN QUESTION -->\n\n## Why\n\nSay why.\n\n_Points:_ 4"),
        new_code_cell("plot(x)"),
        new_markdown_cell(BLANK, metadata=answer),
        new_markdown_cell("<!-- END QUESTION -->\n\n<!-- BEGIN QUESTION -->\n\n## How"),
        new_markdown_cell("_Your words_", metadata=answer),
        new_code_cell("y = ...", metadata=answer),
        new_markdown_cell("<!-- END QUESTION -->\n\nNow something else."),
        new_markdown_cell("<!-- BEGIN QUESTION -->\n\n## Question 2 (exported)"),
        new_code_cell("z = ...", metadata=answer),
        new_code_cell("pass"),
        new_code_cell('grader.check("q2")'),
        new_markdown_cell("<!-- END QUESTION -->\n\n<!-- BEGIN QUESTION -->\n\n## Last"),
        new_markdown_cell(BLANK, metadata=answer),
        new_markdown_cell("<!-- END QUESTION -->\n\n"),
        new_markdown_cell("## Submission"),
        new_code_cell("grader.export()"),
        new_markdown_cell(" "),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"given-{number}"
    return new_notebook(cells=cells)


def without_ids(notebook: Any) -> Any:
    """As editors save it that know no cell ids; reading gives each a new one."""
    for cell in notebook.cells:
        del cell["id"]
    notebook.nbformat_minor = 4
    return notebook


def found(change: Callable[[Cells], None], *, ids: bool) -> dict[str, list[str] | None]:
    notebook = handed_out()
    change(notebook.cells)
    notebook = parse_notebook(nbformat.writes(notebook if ids else without_ids(notebook)).encode(), "the notebook")
    answers = ManualQuestions(POINTS, handed_out()).answers(notebook)
    return {name: None if cells is None else [cell.source for cell in cells] for name, cells in answers.items()}


@pytest.fixture(params=[True, False], ids=["ids", "no ids"])
def ids(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_untouched_is_no_answer(ids: bool) -> None:
    assert found(lambda cells: None, ids=ids) == {"why": [], "how": [], "last": []}


def test_answers_in_their_cells(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = "Because."
        cells[HOW_BLANK].source = "Like so."
        cells[HOW_CODE].source = "y = 5"
        cells[LAST_BLANK].source = "At last."

    assert found(change, ids=ids) == {"why": ["Because."], "how": ["Like so.", "y = 5"], "last": ["At last."]}


def test_a_split_cell_and_added_code(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = "One."
        cells[WHY_BLANK + 1 : WHY_BLANK + 1] = [new_code_cell("plot(1)"), new_markdown_cell("Two.")]
        cells.insert(WHY_BLANK, new_markdown_cell("Zero."))

    assert found(change, ids=ids)["why"] == ["Zero.", "One.", "plot(1)", "Two."]


@pytest.mark.parametrize("text", [f"{BLANK}\n\nBecause.", f"Because.\n\n{BLANK}", f"  {BLANK}Because.\n"])
def test_written_beside_the_placeholder(ids: bool, text: str) -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = text

    assert found(change, ids=ids)["why"] == ["Because."]


def test_written_into_the_prompt(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[HOW].source += "\n\nLike so."
        del cells[HOW_BLANK]

    assert found(change, ids=ids) == {"why": [], "how": ["Like so."], "last": []}


def test_a_line_added_to_given_code_is_part_of_the_answer(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[CODE].source = "plot(x)\nplot(2 * x)"

    assert found(change, ids=ids)["why"] == ["plot(2 * x)" if ids else "plot(x)\nplot(2 * x)"]


def test_an_answer_of_another_kind_of_cell(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK] = new_code_cell("Because I typed it into a code cell", id=cells[WHY_BLANK].id)

    assert found(change, ids=ids)["why"] == ["Because I typed it into a code cell"]


def test_the_placeholder_was_deleted(ids: bool) -> None:
    def change(cells: Cells) -> None:
        del cells[LAST_BLANK], cells[WHY_BLANK]

    assert found(change, ids=ids) == {"why": [], "how": [], "last": []}


def test_a_question_that_is_gone_is_not_an_empty_answer(ids: bool) -> None:
    def change(cells: Cells) -> None:
        del cells[LAST : LAST_BLANK + 1]

    assert found(change, ids=ids) == {"why": [], "how": [], "last": None}


def test_a_prompt_that_is_gone_is_made_up_for_by_the_cells_id() -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = "Because."
        del cells[WHY : CODE + 1]

    assert found(change, ids=True)["why"] == ["Because."]


def test_moved_questions_keep_their_answers(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[LAST_BLANK].source = "At last."
        cells[:0] = [cells.pop(LAST), cells.pop(LAST)]

    assert found(change, ids=ids) == {"why": [], "how": [], "last": ["At last."]}


def test_an_exported_question_is_nobodys_answer(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells.insert(CHECK, new_markdown_cell("A note on question 2."))

    assert found(change, ids=ids) == {"why": [], "how": [], "last": []}


def test_pictures_are_left_out(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = "See ![plot](data:image/png;base64,iVBORw0KGgo/+=) and ![it](attachment:image.png)."
        cells[WHY_BLANK].attachments = {"image.png": {"image/png": "iVBORw0KGgo="}}

    assert found(change, ids=ids)["why"] == ["See ![plot](embedded) and ![it](attachment:image.png)."]


def test_a_copy_of_a_given_cell_is_part_of_the_answer() -> None:
    def change(cells: Cells) -> None:
        cells[WHY_BLANK].source = "Because."
        cells.insert(WHY_BLANK, new_code_cell("grader.export()"))

    assert found(change, ids=True)["why"] == ["grader.export()", "Because."]


def test_a_notebook_of_another_assignment(ids: bool) -> None:
    def change(cells: Cells) -> None:
        cells[:] = [new_markdown_cell("# Another one"), new_markdown_cell("Words.")]

    assert found(change, ids=ids) == {"why": None, "how": None, "last": None}


@given(texts=st.lists(st.text(), max_size=4), kinds=st.lists(st.booleans(), min_size=4, max_size=4))
def test_whatever_is_added_is_found_and_nothing_else(texts: list[str], kinds: list[bool]) -> None:
    notebook = handed_out()
    added = [(new_code_cell if code else new_markdown_cell)(text) for text, code in zip(texts, kinds, strict=False)]
    notebook.cells[WHY_BLANK + 1 : WHY_BLANK + 1] = added
    answers = ManualQuestions(POINTS, handed_out()).answers(notebook)
    assert [cell.source for cell in answers["why"] or ()] == [text.strip() for text in texts if text.strip()]
    assert (answers["how"], answers["last"]) == ((), ())


def test_the_plan_decides_names_and_points() -> None:
    questions = ManualQuestions(POINTS, handed_out())
    (why, how, last) = questions({"how": (), "gone": ()})
    assert [(q.name, q.possible, q.answer) for q in (why, how, last)] == [
        ("why", 4, None), ("how", 2, ()), ("last", 1, None),
    ]  # fmt: skip


def test_a_plan_that_does_not_fit_the_notebook() -> None:
    with pytest.raises(CourseError, match=r"has 3 questions that a person marks, and plan.json has 1 \(why\)"):
        ManualQuestions({"why": 1}, handed_out())


def test_no_manual_questions_need_no_notebook(tmp_path: Path) -> None:
    assert ManualQuestions.read({}, tmp_path / "gone.ipynb").answers(handed_out()) == {}
    with pytest.raises(CourseError, match="run `fairmark build`"):
        ManualQuestions.read(POINTS, tmp_path / "gone.ipynb")
