"""A small class in a course with a question that a person marks and a known mistake, end to end."""

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from typer.testing import CliRunner

from fairmark import data, mistakes
from fairmark.build.builder import build_topic, write_built
from fairmark.build.variants import with_answers
from fairmark.cli import app
from fairmark.course import Course
from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Grader, regrade
from fairmark.plan import Plan
from tests.build.masters import configured, question, small_course
from tests.otter_oracle import otter_points
from tests.report.html_page import Page

BLANK = "_Type your answer here, replacing this text._"
ADVICE = "Count in whole numbers."
CELLS = [
    new_markdown_cell("# A small notebook"),
    *question("name: q1\npoints: 2", configured("def test_x(x):\n    assert x == 1, f'canary: x is {x}'", hidden=True)),
    new_raw_cell("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 4"),
    new_markdown_cell("## Question 2\n\nWhy is `x` what it is?"),
    new_raw_cell("# BEGIN SOLUTION"),
    new_markdown_cell("Because the canary sings."),
    new_code_cell("z = 7  # SOLUTION"),
    new_raw_cell("# END SOLUTION"),
    new_raw_cell("# END QUESTION"),
    *question("name: q3\npoints: 1", "def test_y(y):\n    assert y == 3", solution="y = 3  # SOLUTION"),
]
PAGES = ("grades.csv", "misconceptions.csv", "manual/q2.html", "feedback/ann.html", "feedback/dan.html")


@dataclass(frozen=True)
class Graded:
    """The course, its graded class and what plain otter needs."""

    course: Course
    out: Path
    verdicts: dict[str, Verdict]

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf8")

    def sheet(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(encoding="utf8", newline="") as file:
            return list(csv.DictReader(file))


def answered(handed_out: Any, code: str, *texts: str) -> Any:
    """The student's notebook with q1's code and these cells in place of the blank for words."""
    notebook = nbformat.from_dict(handed_out)
    for cell in notebook.cells:
        cell.source = {"x = ...": code, "y = ...": "y = 3"}.get(cell.source, cell.source)
    at = next(index for index, cell in enumerate(notebook.cells) if cell.source == BLANK)
    notebook.cells[at : at + 1] = map(new_markdown_cell, texts)
    return notebook


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder = tmp_path_factory.mktemp("by-hand")
    course = small_course(folder / "course", CELLS)
    write_built(course, "small", build_topic(course, "small"))
    grader = course.graders("small")
    signature = mistakes.Signature(
        data=data.fingerprint("imdb"),
        tests=mistakes.tests_digest(grader, "q1"),
        failures={"q1 - 1": "canary: x is 2.5"},
    )
    known = mistakes.Mistake(name="halves", question="q1", advice=ADVICE, signatures=(signature,))
    mistakes.write_mistakes(grader, [known])
    handed_out = nbformat.read(course.assignments("small") / "small.ipynb", as_version=4)
    (folder / "in").mkdir()
    for student, notebook in {
        "ann": answered(handed_out, "x = 1", "Because *everybody* does."),
        "bob": answered(handed_out, "x = 1", "Because bob does."),
        "cec": handed_out,
        "dan": answered(handed_out, "x = 7 / 2", "<script>alert(1)</script>", "![p](attachment:p.png) And **so**."),
    }.items():
        nbformat.write(notebook, folder / "in" / f"{student}.ipynb")
    (folder / "in" / "eve.ipynb").write_text("{")
    verdicts = Grader(course, "small", folder / "out", course.limits, seed=0).grade([folder / "in"], 2, lambda *_: None)
    return Graded(course, folder / "out", {verdict.student: verdict for verdict in verdicts})


def test_the_plan_knows_the_question(graded: Graded) -> None:
    plan = Plan.read(graded.course.graders("small") / "plan.json")
    assert (dict(plan.manual), list(plan.questions)) == ({"q2": 4}, ["q1", "q3"])


def test_students_get_a_cell_to_answer_in_and_no_solution(graded: Graded) -> None:
    handed_out = nbformat.read(graded.course.assignments("small") / "small.ipynb", as_version=4)
    (cell,) = [cell for cell in handed_out.cells if cell.source == BLANK]
    assert cell.metadata.tags == ["otter_answer_cell"]
    assert "canary" not in json.dumps(handed_out)


def test_the_solution_of_a_manual_question_is_no_automatic_ones(graded: Graded) -> None:
    reference = nbformat.read(graded.course.graders("small") / "reference.ipynb", as_version=4)
    sources = [cell.source for cell in with_answers(reference, {"q3": "y = 4"}).cells]
    assert "z = 7  # SOLUTION" in sources
    assert "y = 4" in sources
    assert "y = 3  # SOLUTION" not in sources


def test_the_gradebook(graded: Graded) -> None:
    rows = {row["student"]: row for row in graded.sheet("grades.csv")}
    assert [rows["points-possible"][column] for column in ("total (automatic)", "q1", "q2 (by hand)", "q3")] == [
        "3", "2", "4", "1",
    ]  # fmt: skip
    assert {student: row["total (automatic)"] for student, row in rows.items()} == {
        "points-possible": "3", "ann": "3", "bob": "3", "cec": "0", "dan": "1", "eve": "0",
    }  # fmt: skip
    assert {row["q2 (by hand)"] for student, row in rows.items() if student != "points-possible"} == {""}
    assert {student: row["recognised"] for student, row in rows.items() if row["recognised"]} == {"dan": "q1:halves"}
    assert graded.sheet("misconceptions.csv") == [
        {"question": "q1", "name": "halves", "advice": ADVICE, "students": "1"}
    ]


def test_equal_code_shares_evidence_and_never_answers(graded: Graded) -> None:
    ann, bob = graded.verdicts["ann"], graded.verdicts["bob"]
    assert ann.evidence == bob.evidence
    written = [cell.source for verdict in (ann, bob) for cell in verdict.manual[0].answer or ()]
    assert written == ["Because *everybody* does.", "Because bob does."]


def test_the_page_for_the_marker(graded: Graded) -> None:
    shown = Page(graded.text("manual/q2.html"))
    students = ["ann", "bob", "cec", "dan", "eve"]
    assert [text for text in shown.texts if text in students] == students
    for text in ("Because bob does.", "<script>alert(1)</script>", "[picture: p]", "so", "No answer."):
        assert text in shown.texts
    assert "3 of 5 students wrote an answer" in shown.text
    assert "truncated" in shown.text
    assert BLANK.strip("_") not in shown.text
    assert not {"script", "img", "a"} & {tag for tag, _ in shown.tags}


def test_the_students_page(graded: Graded) -> None:
    dan, cec = Page(graded.text("feedback/dan.html")), Page(graded.text("feedback/cec.html"))
    assert f"This looks like a slip that others have made before you. {ADVICE}" in dan.text
    assert "A person marks this question. Your answer was found." in dan.texts
    assert "1 of 3 points marked automatically" in dan.text
    assert "canary" not in graded.text("feedback/dan.html")
    assert "slip" not in cec.text
    assert "A person marks this question. No answer was found in your notebook." in cec.texts


def test_the_verdict_holds_it_and_the_examiners_memory_does_not(graded: Graded) -> None:
    stored = json.loads(graded.text("verdicts/dan.json"))
    assert (stored["questions"][0]["recognised"], stored["questions"][0]["recognised_advice"]) == ("halves", ADVICE)
    assert Verdict.model_validate(stored) == graded.verdicts["dan"]
    kept = [json.loads(path.read_bytes()) for path in (graded.out / "examined").glob("*.json")]
    assert kept
    assert {question.get("recognised") for question in kept} == {None}


def test_regrading_gives_the_same(graded: Graded, tmp_path: Path) -> None:
    again = Graded(graded.course, tmp_path / "out", {})
    shutil.copytree(graded.out, again.out)
    for name in PAGES:
        (again.out / name).unlink()
    verdicts = regrade(graded.course, again.out, lambda *_: None)
    assert {verdict.student: verdict for verdict in verdicts} == graded.verdicts
    assert [again.text(name) for name in PAGES] == [graded.text(name) for name in PAGES]


def test_regrade_says_once_that_the_tests_have_changed(
    graded: Graded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(graded.course.root, tmp_path / "course")
    shutil.copytree(graded.out, tmp_path / "out")
    with (tmp_path / "course" / "graders" / "small" / "tests" / "q1.py").open("a") as file:
        file.write("# changed\n")
    monkeypatch.chdir(tmp_path / "course")
    done = CliRunner().invoke(app, ["regrade", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    said = "misconceptions.json of small is older than the tests of q1: run `fairmark verify small`"
    assert " ".join(done.output.split()).count(said) == 1
    assert "halves" not in (tmp_path / "out" / "grades.csv").read_text()


def test_a_question_that_is_no_longer_manual_loses_its_page(graded: Graded, tmp_path: Path) -> None:
    shutil.copytree(graded.out, tmp_path / "out")
    shutil.copy(tmp_path / "out" / "manual" / "q2.html", tmp_path / "out" / "manual" / "q9.html")
    regrade(graded.course, tmp_path / "out", lambda *_: None)
    assert [path.name for path in (tmp_path / "out" / "manual").iterdir()] == ["q2.html"]


def test_otter_run_takes_it(graded: Graded, tmp_path: Path) -> None:
    notebook = shutil.copy(graded.out.parent / "in" / "ann.ipynb", tmp_path / "small.ipynb")
    points = otter_points(notebook, graded.course.graders("small") / "autograder.zip", tmp_path, "small")
    assert {name: points[name] for name in ("q1", "q3")} == {"q1": 2, "q3": 1}
    assert "q2" not in points
