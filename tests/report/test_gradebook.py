import csv
import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.examine.verdict import Outcome, Verdict
from fairmark.report import write_gradebook
from fairmark.report.sheet import cell_text
from tests.report.report_samples import case, manual, question, recognised, verdict

QUESTIONS = {"q1": 1.0, "q2": 2.0}
TWO_POINTS = (case("q2 - 1"), case("q2 - 2", "failed"))


def gradebook(
    folder: Path, *verdicts: Verdict, questions: dict[str, float] | None = None, by_hand: dict[str, float] | None = None
) -> list[dict[str, str]]:
    path = folder / "grades.csv"
    write_gradebook(path, verdicts, QUESTIONS if questions is None else questions, by_hand or {})
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_and_points_possible(tmp_path: Path) -> None:
    rows = gradebook(tmp_path, verdict("ada", question("q1"), question("q2", *TWO_POINTS)))
    assert list(rows[0]) == [
        "student", "submission", "status", "total", "percent", "q1", "q2", "recognised", "evidence",
    ]  # fmt: skip
    assert list(rows[0].values()) == ["points-possible", "", "", "3", "100", "1", "2", "", ""]
    assert list(rows[1].values()) == ["ada", "ada.ipynb", "graded", "2", "66.67", "1", "1", "", "0123abcd"]


def test_columns_keep_the_order_given(tmp_path: Path) -> None:
    header = gradebook(tmp_path, questions={"q10": 1, "q2": 1, "a": 1})[0]
    assert list(header)[5:] == ["q10", "q2", "a", "recognised", "evidence"]


def test_evidence_keys_are_joined(tmp_path: Path) -> None:
    row = gradebook(tmp_path, verdict("ada", evidence=("first", "second")))[1]
    assert row["evidence"] == "first second"


def test_problem_is_a_row_of_zeros(tmp_path: Path) -> None:
    row = gradebook(tmp_path, verdict("eve", status="not a notebook", problem=True, evidence=()))[1]
    assert list(row.values()) == ["eve", "ada.ipynb", "not a notebook", "0", "0", "0", "0", "", ""]


def test_seeds_that_escape_follow_the_status_the_first_ones_by_name(tmp_path: Path) -> None:
    ada = verdict("ada").model_copy(update={"escaping_seeds": ("cell 5: PCG64(1)", "cell 6: PCG64(2)")})
    bob = verdict("bob").model_copy(update={"escaping_seeds": tuple(f"cell {n}: PCG64(1)" for n in range(5))})
    rows = gradebook(tmp_path, ada, bob)
    look = "graded; needs the TA: q1, q2; look whether a seed was chosen for luck: "
    assert rows[1]["status"] == look + "cell 5: PCG64(1), cell 6: PCG64(2)"
    assert rows[2]["status"] == (
        look + "cell 0: PCG64(1), cell 1: PCG64(1), cell 2: PCG64(1) (and 2 more in its verdict)"
    )


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("passed", "graded; q2 rests on what a model without a graph said of itself: look at it"),
        ("failed", "graded"),
    ],
)
def test_what_a_model_without_a_graph_passes_is_named(tmp_path: Path, outcome: Outcome, status: str) -> None:
    claimed = case("q2 - 2", outcome).model_copy(update={"claims": ("predictions",)})
    ada = verdict("ada", question("q1"), question("q2", case("q2 - 1"), claimed))
    row = gradebook(tmp_path, ada, questions={"q1": 1, "q2": 2})[1]
    assert row["status"] == status


def test_recognised_mistakes_have_a_column(tmp_path: Path) -> None:
    row = gradebook(tmp_path, verdict("ada", recognised("q1", "linear output"), recognised("q2", "one_epoch")),
                    questions={"q1": 1, "q2": 1})[1]  # fmt: skip
    assert row["recognised"] == "q1:linear_output q2:one_epoch"


def test_a_manual_question_has_an_empty_column_and_no_part_in_the_total(tmp_path: Path) -> None:
    ada = verdict("ada", question("q1"), question("q2", *TWO_POINTS), manual=(manual("q8", 4, "Because."),))
    rows = gradebook(tmp_path, ada, verdict("eve", problem=True), by_hand={"q8": 4, "q9": 1.5})
    assert list(rows[0])[3:] == [
        "total (automatic)", "percent (automatic)", "q1", "q2", "q8 (by hand)", "q9 (by hand)",
        "recognised", "evidence",
    ]  # fmt: skip
    assert list(rows[0].values())[3:] == ["3", "100", "1", "2", "4", "1.5", "", ""]
    assert list(rows[1].values())[3:] == ["2", "66.67", "1", "1", "", "", "", "0123abcd"]
    assert list(rows[2].values())[3:9] == ["0", "0", "0", "0", "", ""]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("graded", "graded; needs the TA: q2"),
        ("graded; cell 1 raised E: needs the TA", "graded; cell 1 raised E: needs the TA; needs the TA: q2"),
        ("", "needs the TA: q2"),
    ],
)
def test_not_examined_is_never_a_zero(tmp_path: Path, status: str, shown: str) -> None:
    undecided = question("q2", case("q2 - 1"), case("q2 - 2", "not_examined"))
    row = gradebook(tmp_path, verdict("ada", question("q1"), undecided, status=status))[1]
    assert (row["q1"], row["q2"], row["total"], row["percent"]) == ("1", "", "", "")
    assert row["status"] == shown


@pytest.mark.parametrize("problem", [True, False])
def test_a_row_says_that_it_is_on_the_twin(tmp_path: Path, problem: bool) -> None:
    given = verdict("ada", question("q1"), question("q2", case("q2 - 1", points=2)), problem=problem)
    marked = [given.model_copy(update={"data": data}) for data in ("imdb-twin-68d8001f9a81", "imdb-real-69664113be75")]
    assert [gradebook(tmp_path, one)[1]["status"] for one in marked] == ["graded [on the offline twin]", "graded"]


def test_not_examined_is_no_zero_even_in_a_problem(tmp_path: Path) -> None:
    undecided = question("q1", case("q1 - 1", "not_examined"))
    row = gradebook(tmp_path, verdict("ada", undecided, problem=True))[1]
    assert (row["q1"], row["q2"], row["total"]) == ("", "0", "")


def test_question_without_verdict_is_left_to_the_ta(tmp_path: Path) -> None:
    row = gradebook(tmp_path, verdict("ada", question("q1")))[1]
    assert (row["q1"], row["q2"], row["total"], row["status"]) == ("1", "", "", "graded; needs the TA: q2")


@pytest.mark.parametrize(
    ("stale", "reason"),
    [(question("q7"), "no such question"), (question("q2"), "the topic has 2")],
)
def test_verdict_by_other_rules_is_refused(tmp_path: Path, stale: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        gradebook(tmp_path, verdict("ada", stale))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_rows_are_sorted_by_student(tmp_path: Path) -> None:
    students = ["bob", "Ada", "ada", "Émile", "Zoë"]
    rows = gradebook(tmp_path, *(verdict(name) for name in students))
    assert [row["student"] for row in rows] == ["points-possible", "Ada", "ada", "bob", "Zoë", "Émile"]


def test_same_verdicts_same_bytes(tmp_path: Path) -> None:
    verdicts = [verdict("ada", submission="a.ipynb"), verdict("ada", submission="b.ipynb"), verdict("bob")]
    written = set()
    for order in itertools.permutations(verdicts):
        gradebook(tmp_path, *order)
        written.add((tmp_path / "grades.csv").read_bytes())
    assert len(written) == 1
    assert b"\r" not in written.pop()


@pytest.mark.parametrize(
    "name",
    ["Doe, Jane", 'Jane "JD" Doe', "👩‍💻 Zoë", "Nguyễn Văn A", "李小龍"],
)
def test_unusual_names_come_back(tmp_path: Path, name: str) -> None:
    assert gradebook(tmp_path, verdict(name))[1]["student"] == name


def test_newlines_become_spaces(tmp_path: Path) -> None:
    row = gradebook(tmp_path, verdict("Jane\r\nDoe", status="first\nsecond\u2028third"))[1]
    assert (row["student"], row["status"][:18]) == ("Jane Doe", "first second third")
    assert len((tmp_path / "grades.csv").read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1", "\n=1", "＝1+1", " ＋1", "－1", "＠x", "﹦1",
        "\u200b=1", "\ufeff=1", "\x00=1", "\x1b[31m=1", "\u202e=1", "\u00a0=1", "\u3000＝1",
    ],
)  # fmt: skip
def test_formulas_are_defused(tmp_path: Path, text: str) -> None:
    row = gradebook(tmp_path, verdict(text, submission=text, status=text, evidence=(text,)))[1]
    for column in ("student", "submission", "status", "evidence"):
        assert row[column].startswith("'"), column


def test_plain_text_gets_no_apostrophe() -> None:
    assert [cell_text(text) for text in ("a=b", "x-1", "ada@example.org", "", "1.5")] == [
        "a=b", "x-1", "ada@example.org", "", "1.5",
    ]  # fmt: skip


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    assert not cell_text(text).lstrip().startswith(("=", "+", "-", "@"))


def test_failing_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gradebook(tmp_path, verdict("ada"))
    before = (tmp_path / "grades.csv").read_bytes()

    def full_disk(source: Path, target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        gradebook(tmp_path, verdict("bob"))
    assert (tmp_path / "grades.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]


def test_points_have_no_trailing_zeros(tmp_path: Path) -> None:
    thirds: Sequence[float] = (1 / 3, 1 / 3, 1 / 3)
    cases = [case(f"q1 - {number}", points=points) for number, points in enumerate(thirds, start=1)]
    row = gradebook(tmp_path, verdict("ada", question("q1", *cases, earned=2 / 3)), questions={"q1": 1})[1]
    assert (row["q1"], row["total"], row["percent"]) == ("0.6667", "0.6667", "66.67")
