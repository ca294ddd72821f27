"""A folder of results: what it was graded with, its verdicts, and what is written about the whole class."""

import json
import secrets
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import overload

from pydantic import BaseModel, ConfigDict

from fairmark.course import CourseError, Limits
from fairmark.examine.verdict import Verdict
from fairmark.grade.intake import file_stem
from fairmark.report import (
    LearningCurve,
    render_answers,
    render_feedback,
    write_gradebook,
    write_misconceptions,
    write_page,
)
from fairmark.report.files import write_atomically

_NAMED = 3
"""Students whom a sentence names."""


class Batch(BaseModel):
    """``OUT/batch.json``: what a folder of results was graded with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    data: str
    """Fingerprint of the data set."""
    seed: int
    limits: Limits = Limits()
    sources: tuple[str, ...] = ()
    """Absolute paths of what held the submissions: further runs are collected from there."""
    students: tuple[str, ...] = ()
    """All whose submissions were to be graded: one without a verdict was not reached."""


class Verdicts(Sequence[Verdict]):
    """The verdicts of a class by student, each read from its file when it is asked for."""

    def __init__(self, out: Path, students: Iterable[str]) -> None:
        self._out = out
        self._students = sorted(students)

    def __len__(self) -> int:
        return len(self._students)

    @overload
    def __getitem__(self, index: int) -> Verdict: ...

    @overload
    def __getitem__(self, index: slice) -> "Verdicts": ...

    def __getitem__(self, index: int | slice) -> "Verdict | Verdicts":
        if isinstance(index, slice):
            return Verdicts(self._out, self._students[index])
        return Verdict.model_validate_json(_verdict_path(self._out, self._students[index]).read_bytes())


def read_batch(out: Path) -> Batch:
    """Read what ``out`` was graded with."""
    path = out / "batch.json"
    if not path.is_file():
        raise CourseError(f"no results in {out}: give the folder that `fairmark grade -o` wrote")
    return Batch.model_validate_json(path.read_bytes())


def refuse_unfinished(out: Path, batch: Batch) -> None:
    """Raise CourseError if the command that graded into ``out`` never came to its end: a gradebook would lack rows."""
    missing = sum(not _verdict_path(out, student).is_file() for student in batch.students)
    if missing:
        raise CourseError(
            f"{out} has no verdict on {missing} of {len(batch.students)} submissions, for `fairmark grade` was "
            "interrupted: give the same command again, and it does the rest"
        )


def chosen_seed(out: Path, wanted: int | None) -> int:
    """Return the seed to grade into ``out`` with: ``wanted``, else the one it was graded with, else a fresh one.

    A seed that is known beforehand could be searched at home for answers that are lucky under it.
    """
    if wanted is not None:
        return wanted
    return read_batch(out).seed if (out / "batch.json").is_file() else secrets.randbelow(2**31)


def write_batch(out: Path, batch: Batch) -> None:
    """Make ``out`` this batch's folder.

    Raises CourseError if it holds another topic's results or, from other sources, those of others: they would be lost.
    """
    path = out / "batch.json"
    there = read_batch(out) if path.is_file() else None
    if there and there.topic != batch.topic:
        raise CourseError(f"{out} holds results of {there.topic!r}: choose another folder")
    if there is None or set(there.sources) != set(batch.sources):
        _refuse_to_drop(out, batch.students)
    write_atomically(path, batch.model_dump_json(indent=1) + "\n")


def _refuse_to_drop(out: Path, students: Iterable[str]) -> None:
    """Raise CourseError if `finish` would delete what ``out`` holds of others than ``students``."""
    names = sorted({path.stem for path in _of_others(out, students)})
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        raise CourseError(
            f"{out} holds results of {', '.join(names[:_NAMED])}{more}, who are not in what is given now, "
            "and would lose them: choose another -o, or give all sources together"
        )


def log_failure(out: Path, submission: str, error: Exception) -> str:
    """Write the grader's own failure into ``errors.log``; return what its row says."""
    with (out / "errors.log").open("a", encoding="utf8") as log:
        log.write(f"{submission}\n{''.join(traceback.format_exception(error))}\n")
    return f"the grader itself failed ({type(error).__name__}: {error}), see errors.log"


def write_verdict(out: Path, verdict: Verdict, title: str, curves: Mapping[str, Sequence[LearningCurve]] = {}) -> None:
    """Write one verdict and the student's page, which shows ``curves`` by question."""
    path = _verdict_path(out, verdict.student)
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(verdict.model_dump(mode="json"), indent=1, ensure_ascii=False)
    write_atomically(path, text + "\n")
    write_page(out / "feedback", path.stem, render_feedback(verdict, title=title, curves=curves))


def finish(
    out: Path, verdicts: Sequence[Verdict], points: dict[str, float], manual: Mapping[str, float], title: str
) -> None:
    """Write what is about the whole class; drop verdicts and pages of submissions that are no longer there."""
    write_gradebook(out / "grades.csv", verdicts, points, manual)
    write_misconceptions(out / "misconceptions.csv", verdicts)
    for question, possible in manual.items():
        write_page(out / "manual", question, render_answers(verdicts, question, possible, title=title))
    for path in _of_others(out, (verdict.student for verdict in verdicts)):
        path.unlink()
    for path in (out / "manual").glob("*.html"):
        if path.stem not in manual:
            path.unlink()


def _of_others(out: Path, students: Iterable[str]) -> list[Path]:
    """Return the verdicts and pages in ``out`` that are not of ``students``."""
    stems = set(map(file_stem, students))
    there = [*(out / "verdicts").glob("*.json"), *(out / "feedback").glob("*.html")]
    return [path for path in there if path.stem not in stems]


def _verdict_path(out: Path, student: str) -> Path:
    return out / "verdicts" / f"{file_stem(student)}.json"
