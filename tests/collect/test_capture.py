"""What is captured, and when: the place of the check decides."""

import csv
from typing import Any

import pytest


def earned(graded: Any, student: str) -> dict[str, float]:
    return {question.name: question.earned for question in graded[1][student].questions}


FULL = {"q1": 3.0, "q2": 3.0, "q3": 2.0, "q4": 2.0}


@pytest.mark.parametrize(
    "student",
    ["reference", "check-deleted", "checked-twice-last-right", "check-aliased", "checks-looped", "check-in-metadata",
     "name-reused", "ignored-cell", "chdir", "searches", "floods"],
)  # fmt: skip
def test_correct_work_gets_full_points_however_it_is_checked(graded: Any, student: str) -> None:
    assert earned(graded, student) == FULL
    cut = "; what it printed beyond the limit of output was not kept" if student == "floods" else ""
    assert graded[1][student].status == f"graded{cut}"


def test_the_last_check_counts(graded: Any) -> None:
    assert earned(graded, "checked-twice-last-wrong") == {**FULL, "q1": 0.0}


@pytest.mark.parametrize(
    ("student", "where"),
    [("reference", "cell 4"), ("check-deleted", "end"), ("check-in-metadata", "cell 3"), ("no-otter", "end")],
)
def test_the_place_of_the_check_is_recorded(graded: Any, student: str, where: str) -> None:
    assert graded[1][student].questions[0].checked_at == where


def test_a_notebook_without_otter_is_captured_at_its_end(graded: Any) -> None:
    assert earned(graded, "no-otter") == FULL
    assert "NameError" in graded[1]["no-otter"].status


def test_a_check_before_the_answer_sees_no_answer(graded: Any) -> None:
    assert earned(graded, "check-too-early") == {**FULL, "q2": 0.0}
    message = graded[1]["check-too-early"].questions[1].cases[0].message
    assert message == "`model` was not defined when q2 was checked"


def test_a_missing_name_names_the_cell_that_raised(graded: Any) -> None:
    verdict = graded[1]["raises-in-answer"]
    assert earned(graded, "raises-in-answer") == {**FULL, "q3": 0.0}
    assert verdict.questions[2].cases[0].message == (
        "`history` was not defined when q3 was checked: cell 7 raised NameError: name 'undefined_name' is not defined"
    )
    assert verdict.status == "graded; cell 7 raised NameError: name 'undefined_name' is not defined"


def test_later_cells_run_after_one_that_raised(graded: Any) -> None:
    assert earned(graded, "raises") == FULL
    assert graded[1]["raises"].status == "graded; cell 7 raised ValueError: lost in q3"


def test_an_error_inside_a_probe_is_the_answer(graded: Any) -> None:
    case = graded[1]["raises-in-probe"].questions[0].cases[0]
    assert case.outcome == "failed"
    assert case.message.startswith("using your `double` raised TypeError")


def test_an_error_in_a_traced_function_is_told_without_its_stack(graded: Any) -> None:
    verdict = graded[1]["raises-in-graph"]
    assert verdict.questions[0].cases[0].message == "using your `double` raised ValueError: no such column"
    assert verdict.status == "graded; cell 3 raised ValueError: no such column"


@pytest.mark.parametrize("student", ["os-exit", "exit-call"])
def test_a_kernel_that_ends_keeps_what_was_shown(graded: Any, student: str) -> None:
    assert earned(graded, student) == {**FULL, "q3": 0.0, "q4": 0.0}
    verdict = graded[1][student]
    assert verdict.status.startswith("the kernel ended in cell ")
    assert verdict.questions[3].cases[0].message.startswith("q4 was not reached: the kernel ended in cell ")


def test_sys_exit_ends_a_cell_and_nothing_else(graded: Any) -> None:
    assert earned(graded, "sys-exit") == FULL
    assert "SystemExit" in graded[1]["sys-exit"].status


def test_an_endless_cell_is_ended_by_the_limit_of_cpu_time(graded: Any) -> None:
    assert earned(graded, "endless") == {**FULL, "q4": 0.0}
    assert graded[1]["endless"].status == (
        "the limit of CPU time ended the run in cell 9; only what was checked before counts"
    )


def test_a_model_without_a_graph_loses_only_what_needs_the_graph(graded: Any) -> None:
    verdict = graded[1]["lambda-activation"]
    cases = {case.test: case.outcome for question in verdict.questions for case in question.cases}
    assert cases["test_parameters"] == "passed"
    assert cases["test_accuracy"] == "passed"
    assert [test for test, outcome in cases.items() if outcome != "passed"] == ["test_units"]
    assert cases["test_units"] == "not_examined"
    assert not verdict.decided


def test_the_ta_is_told_where_a_model_without_a_graph_was_believed_the_student_is_not(graded: Any) -> None:
    with (graded[0] / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row["status"] for row in csv.DictReader(file)}
    believed = "q2, q4 rest on what a model without a graph said of itself: look at them"
    assert [student for student, status in rows.items() if believed in status] == ["lambda-activation"]
    page = (graded[0] / "feedback" / "lambda-activation.html").read_text(encoding="utf8")
    assert "said of itself" not in page


def test_a_flood_of_output_is_cut(graded: Any) -> None:
    executed = graded[0] / "evidence" / graded[1]["floods"].evidence[0] / "executed.ipynb"
    assert 10_000_000 < executed.stat().st_size < 25_000_000
