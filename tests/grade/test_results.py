"""A folder of results: verdicts are read from their files, by student, as often as they are asked for."""

from pathlib import Path

import pytest

from fairmark.course import Course, CourseError
from fairmark.grade.batch import Grader, regrade
from fairmark.grade.results import Batch, Verdicts, chosen_seed, write_batch, write_verdict
from tests.machine import has_sandbox
from tests.report.report_samples import manual, question, verdict
from tests.simulated import simulated_course

STUDENTS = ["bob", "Ada", "Zoë 👩‍💻", "a/b"]


def test_verdicts_come_back_by_student(tmp_path: Path) -> None:
    written = {name: verdict(name, question("q1"), manual=(manual("q8", 4, "Because."),)) for name in STUDENTS}
    for one in written.values():
        write_verdict(tmp_path, one, "A topic")
    verdicts = Verdicts(tmp_path, STUDENTS)
    assert [one.student for one in verdicts] == sorted(STUDENTS)
    assert list(verdicts) == list(verdicts) == [written[name] for name in sorted(STUDENTS)]
    assert list(verdicts[1:3]) == list(verdicts)[1:3]
    assert (len(verdicts), verdicts[-1].student) == (4, "bob")
    with pytest.raises(IndexError):
        verdicts[4]


def test_a_seed_is_drawn_once_for_a_folder(tmp_path: Path) -> None:
    drawn = {chosen_seed(tmp_path, None) for _ in range(20)}
    assert len(drawn) == 20
    assert all(0 <= seed < 2**31 for seed in drawn)
    write_batch(tmp_path, Batch(topic="t", data="d", seed=11))
    assert (chosen_seed(tmp_path, None), chosen_seed(tmp_path, 7)) == (11, 7)


def grade(course: Course, out: Path, *sources: Path) -> list[str]:
    """Grade hand-ins that need no kernel; return the students in the gradebook."""
    Grader(course, "mini", out, course.limits, 0, has_sandbox()).grade(sources, 1, lambda *_: None)
    return [line.split(",")[0] for line in (out / "grades.csv").read_text().splitlines()[2:]]


def test_who_comes_late_costs_nobody_their_results(tmp_path: Path) -> None:
    course, out = simulated_course(tmp_path / "course"), tmp_path / "out"
    first, late = tmp_path / "in", tmp_path / "late" / "eve.ipynb"
    for name in ("ann", "bob", "cec", "dan"):
        first.mkdir(exist_ok=True)
        (first / f"{name}.ipynb").touch()
    late.parent.mkdir()
    late.touch()
    assert grade(course, out, first) == ["ann", "bob", "cec", "dan"]
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(CourseError) as caught:
        grade(course, out, late)
    assert str(caught.value) == (
        f"{out} holds results of ann, bob, cec and 1 more, who are not in what is given now, and would lose them: "
        "choose another -o, or give all sources together"
    )
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before

    assert grade(course, out, late, first) == ["ann", "bob", "cec", "dan", "eve"]
    (first / "ann.ipynb").unlink()
    assert grade(course, out, first, late) == ["bob", "cec", "dan", "eve"]
    assert not (out / "verdicts" / "ann.json").exists()


def test_pages_of_somebody_elses_are_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "talk.html").touch()
    with pytest.raises(CourseError, match="holds results of talk, who are not in what is given now"):
        write_batch(tmp_path, Batch(topic="t", data="d", seed=0, students=("ann",)))


def test_a_gradebook_with_rows_missing_is_refused(tmp_path: Path) -> None:
    course, out, sources = simulated_course(tmp_path / "course"), tmp_path / "out", tmp_path / "in"
    sources.mkdir()
    for name in ("ann", "bob", "cec"):
        (sources / f"{name}.ipynb").touch()
    assert grade(course, out, sources) == ["ann", "bob", "cec"]
    for name in ("bob", "cec"):
        (out / "verdicts" / f"{name}.json").unlink()  # as if it had been killed before
    table = (out / "grades.csv").read_bytes()
    with pytest.raises(CourseError, match="no verdict on 2 of 3 submissions, for `fairmark grade` was interrupted"):
        regrade(course, out, lambda *_: None, sandboxed=has_sandbox())
    assert (out / "grades.csv").read_bytes() == table
    assert grade(course, out, sources) == ["ann", "bob", "cec"]
    regrade(course, out, lambda *_: None, sandboxed=has_sandbox())
