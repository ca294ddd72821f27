"""A batch: one row a submission whatever it is, nothing lost, the same twice."""

import csv
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.collect.collector import Collector
from fairmark.course import Course, CourseError
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Grader, regrade
from fairmark.grade.intake import SourceError
from fairmark.grade.marking import seed_of_run
from fairmark.plan import Plan
from fairmark.report.marks import ON_TWIN
from fairmark.thresholds import read_thresholds, write_thresholds
from tests.classroom import before
from tests.machine import has_sandbox


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def grade(course: Course, out: Path, *sources: Path, seed: int = 0) -> list[Verdict]:
    return Grader(course, "mini", out, course.limits, seed, has_sandbox()).grade(sources, 2, lambda *_: None)


@pytest.fixture
def broken(tmp_path: Path, reference: Any) -> Path:
    """Hand-ins that can't be run, none of which needs a kernel."""
    folder = tmp_path / "in"
    folder.mkdir()
    text = nbformat.writes(reference)
    (folder / "empty.ipynb").write_bytes(b"")
    (folder / "truncated.ipynb").write_text(text[: len(text) // 2])
    (folder / "utf16.ipynb").write_text(text, encoding="utf-16")
    (folder / "essay.txt").write_text("I could not open Jupyter.")
    speaks_r = nbformat.from_dict(reference)
    speaks_r.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    nbformat.write(speaks_r, folder / "r.ipynb")
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        archive.writestr("a.ipynb", text)
        archive.writestr("b.ipynb", text)
    with zipfile.ZipFile(folder / "slip.zip", "w") as archive:
        archive.writestr("../../slipped.ipynb", text)
    return folder


def test_bad_input_gets_a_row_and_the_batch_goes_on(mini: Course, broken: Path, tmp_path: Path) -> None:
    verdicts = grade(mini, tmp_path / "out", broken)
    table = rows(tmp_path / "out")
    assert len(verdicts) == 7
    assert set(table) == {"points-possible", "empty", "truncated", "utf16", "essay", "r", "two", "slip"}
    for student in set(table) - {"points-possible"}:
        assert table[student]["total"] == "0"
        assert len(table[student]["status"]) > 20
        assert (tmp_path / "out" / "feedback" / f"{student}.html").is_file()
    assert "truncated" in table["truncated"]["status"]
    assert "not for Python" in table["r"]["status"]
    assert not list(tmp_path.parent.rglob("slipped.ipynb"))


def test_the_gradebook_has_the_promised_columns(graded: Any) -> None:
    header = (graded[0] / "grades.csv").read_text(encoding="utf8").splitlines()[:2]
    assert header[0] == "student,submission,status,total,percent,q1,q2,q3,q4,recognised,evidence"
    assert header[1] == "points-possible,,,10,100,3,3,2,2,,"


def test_two_students_with_the_same_file_name_get_two_rows(
    mini: Course, graded: Any, edited: Callable[..., Any], tmp_path: Path
) -> None:
    for student in ("ann", "bob"):
        (tmp_path / "in" / student).mkdir(parents=True)
        nbformat.write(edited(lambda cells: None), tmp_path / "in" / student / "hw1.ipynb")
    with_evidence_of(graded, tmp_path / "out")
    grade(mini, tmp_path / "out", tmp_path / "in")
    table = rows(tmp_path / "out")
    assert table["ann"]["total"] == table["bob"]["total"] == "10"
    assert table["ann"]["submission"] != table["bob"]["submission"]


def with_evidence_of(graded: Any, out: Path) -> None:
    """Give ``out`` the evidence of the graded class, so that nothing needs to run again."""
    shutil.copytree(graded[0] / "evidence", out / "evidence")


def test_an_interrupted_batch_is_finished_without_collecting_again(
    mini: Course, graded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_evidence_of(graded, tmp_path / "out")
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    grade(mini, tmp_path / "out", graded[0].parent / "in")
    assert (tmp_path / "out" / "grades.csv").read_bytes() == (graded[0] / "grades.csv").read_bytes()


def test_the_graders_own_failure_is_no_zero(
    mini: Course, graded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("no kernel today")

    monkeypatch.setattr(Collector, "collect", fail)
    grade(mini, tmp_path / "out", graded[0].parent / "in" / "reference.ipynb")
    row = rows(tmp_path / "out")["reference"]
    assert (row["total"], row["percent"], row["q1"]) == ("", "", "")
    assert row["status"].startswith("the grader itself failed (RuntimeError: no kernel today)")
    assert "no kernel today" in (tmp_path / "out" / "errors.log").read_text()


def test_same_notebook_and_seed_leave_the_same_evidence(
    mini: Course, graded: Any, reference: Any, kernels: Any, tmp_path: Path
) -> None:
    plan = Plan.read(mini.graders("mini") / "plan.json")
    again = Collector("mini", "imdb", plan, mini.limits, EvidenceStore(tmp_path), kernels)
    key = again.collect(reference, {}, 0)
    first = EvidenceStore(graded[0] / "evidence").manifest(key)
    assert graded[1]["reference"].evidence == (key,)
    assert again.store.manifest(key).questions == first.questions
    assert again.key(reference, {}, 1) != key
    assert again.key(reference, {"helper.py": b"x = 1"}, 0) != key


def test_a_missed_threshold_is_tried_under_fresh_seeds(mini: Course, graded: Any, tmp_path: Path) -> None:
    course = with_bar(mini, tmp_path, 501)
    with_evidence_of(graded, tmp_path / "out")
    (verdict,) = grade(course, tmp_path / "out", graded[0].parent / "in" / "reference.ipynb")
    assert len(set(verdict.evidence)) == 3
    seeds = [EvidenceStore(tmp_path / "out" / "evidence").manifest(key).seed for key in verdict.evidence]
    assert seeds == [0, seed_of_run(0, 2), seed_of_run(0, 3)]
    assert verdict.total == 9
    assert verdict.decided

    write_bar(course, 500)
    (passed,) = regrade(course, tmp_path / "out", lambda *_: None, sandboxed=has_sandbox())
    assert passed.total == 10


def test_regrading_with_a_raised_bar_leaves_the_case_open(mini: Course, graded: Any, tmp_path: Path) -> None:
    course = with_bar(mini, tmp_path, 501)
    shutil.copytree(graded[0], tmp_path / "out")
    verdicts = {
        verdict.student: verdict
        for verdict in regrade(course, tmp_path / "out", lambda *_: None, sandboxed=has_sandbox())
    }
    case = verdicts["reference"].questions[3].cases[0]
    assert case.outcome == "not_examined"
    assert "fresh seed" in case.message
    assert rows(tmp_path / "out")["reference"]["q4"] == ""


def with_bar(course: Course, folder: Path, bar: float) -> Course:
    """Return a copy of the course whose only threshold is ``bar`` correct predictions."""
    shutil.copytree(course.root, folder / "course")
    copy = course.model_copy(update={"root": folder / "course"})
    write_bar(copy, bar)
    return copy


def write_bar(course: Course, bar: float) -> None:
    thresholds = {
        name: {data: old.model_copy(update={"any_of_m": bar}) for data, old in bars.items()}
        for name, bars in read_thresholds(course.graders("mini")).items()
    }
    write_thresholds(course.graders("mini"), thresholds)


def test_verdicts_record_bar_and_measurement(graded: Any) -> None:
    stored = json.loads((graded[0] / "verdicts" / "reference.json").read_text(encoding="utf8"))
    (use,) = stored["questions"][3]["cases"][0]["thresholds"]
    assert (use["name"], use["of"], use["met"]) == ("accuracy", 500, True)
    assert use["measured"] >= use["bar"]
    assert Verdict.model_validate(stored) == graded[1]["reference"]


def test_a_seed_of_ones_own_is_shown_to_the_ta_alone_and_only_where_a_bar_was_met(
    mini: Course, edited: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    lucky = "from numpy.random import PCG64, Generator\nrng = Generator(PCG64(11))"
    nbformat.write(edited(before("q2", lucky)), folder / "lucky.ipynb")
    nbformat.write(edited(before("q2", f"{lucky}\ndel keras")), folder / "no-bar.ipynb")
    verdicts = {verdict.student: verdict for verdict in grade(mini, tmp_path / "out", folder)}
    table = rows(tmp_path / "out")
    assert verdicts["lucky"].total == 10
    assert verdicts["lucky"].status == "graded"
    assert table["lucky"]["status"] == (
        f"graded {ON_TWIN}; look whether a seed was chosen for luck: cell 5: Generator(PCG64(11))"
    )
    page = (tmp_path / "out" / "feedback" / "lucky.html").read_text(encoding="utf8")
    assert "PCG64" not in page
    assert "luck" not in page.replace("lucky", "")
    assert verdicts["no-bar"].escaping_seeds == ()
    assert "seed" not in table["no-bar"]["status"]


def test_results_of_another_topic_are_not_overwritten(mini: Course, broken: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "batch.json").write_text('{"topic": "other", "data": "imdb-twin-0", "seed": 0}')
    with pytest.raises(CourseError, match="holds results of 'other': choose another folder"):
        grade(mini, tmp_path / "out", broken)


def test_a_source_that_is_not_there(mini: Course, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file or folder"):
        grade(mini, tmp_path / "out", tmp_path / "nowhere")


def test_identical_submissions_are_collected_once(
    mini: Course, graded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    original = Collector._run

    def counted(self: Collector, key: str, *arguments: Any) -> bool:
        runs.append(key)
        return original(self, key, *arguments)

    monkeypatch.setattr(Collector, "_run", counted)
    (tmp_path / "in").mkdir()
    for student in ("ann", "bob", "cec"):
        shutil.copy(graded[0].parent / "in" / "replaces-call-func.ipynb", tmp_path / "in" / f"{student}.ipynb")
    verdicts = grade(mini, tmp_path / "out", tmp_path / "in")
    assert len(runs) == 1
    assert [verdict.total for verdict in verdicts] == [0, 0, 0]


def test_a_file_named_like_a_module_stands_in_nobodys_way(
    mini: Course, reference: Any, kernels: Any, tmp_path: Path
) -> None:
    plan = Plan.read(mini.graders("mini") / "plan.json")
    collector = Collector("mini", "imdb", plan, mini.limits, EvidenceStore(tmp_path), kernels)
    key = collector.collect(reference, {"random.py": b"raise RuntimeError", "keras.py": b"raise RuntimeError"}, 0)
    manifest = collector.store.manifest(key)
    assert manifest.errors == ()
    assert set(manifest.questions) == {"q1", "q2", "q3", "q4"}
