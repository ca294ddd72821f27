"""A class of submissions through collect and examine, into a gradebook that a crash can't lose."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from fairmark import data
from fairmark.collect.collector import Collector
from fairmark.course import Course, CourseError, Limits
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner, possible_points
from fairmark.examine.process import examiner_pool
from fairmark.examine.verdict import Verdict
from fairmark.grade.intake import file_stem, find_submissions, open_hand_in
from fairmark.grade.notebook import parse_notebook
from fairmark.grade.submission import BadSubmission, Submission
from fairmark.plan import Plan
from fairmark.report import render_feedback, write_feedback, write_gradebook
from fairmark.report.files import write_atomically

Progress = Callable[[int, int, Verdict], None]
"""Called with submissions done, submissions in all, and the verdict just reached."""


class Batch(BaseModel):
    """``OUT/batch.json``: what a folder of results was graded with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    data: str
    """Fingerprint of the data set."""
    seed: int


@dataclass(frozen=True)
class Grader:
    """Grades submissions of one topic into ``out``."""

    course: Course
    topic: str
    out: Path
    limits: Limits
    seed: int

    @property
    def _folder(self) -> Path:
        return self.course.graders(self.topic)

    def grade(self, sources: Sequence[Path], jobs: int, progress: Progress) -> list[Verdict]:
        """Collect and examine every submission in ``sources``; return the verdicts by student.

        What an earlier, interrupted call collected is used. Raises SourceError, CourseError or OSError
        before anything runs.
        """
        submissions = find_submissions(sources)
        points = points_of(self._folder)
        topic = self.course.topic(self.topic)
        batch = Batch(topic=self.topic, data=data.fingerprint(topic.data), seed=self.seed)
        _claim(self.out, batch)
        plan = Plan.read(self._folder / "plan.json")
        collector = Collector(self.topic, topic.data, plan, self.limits, EvidenceStore(self.out / "evidence"))
        examiner = Examiner(self.topic, self._folder, self.out)
        verdicts: list[Verdict] = []
        with examiner_pool(self.out / "examiner.log") as pool, ThreadPoolExecutor(jobs) as threads:
            mark = partial(self._mark, collector, examiner, pool)
            futures: list[Future[Verdict]] = [threads.submit(mark, one) for one in submissions]
            for future in as_completed(futures):
                verdict = future.result()
                verdicts.append(verdict)
                self._write(verdict)
                progress(len(verdicts), len(futures), verdict)
        finish(self.out, verdicts, points)
        return sorted(verdicts, key=lambda verdict: verdict.student)

    def _mark(
        self, collector: Collector, examiner: Examiner, pool: ProcessPoolExecutor, submission: Submission
    ) -> Verdict:
        try:
            hand_in = open_hand_in(submission)
            notebook = parse_notebook(hand_in.notebook)
        except BadSubmission as problem:
            return Verdict(topic=self.topic, student=submission.student, submission=submission.name,
                           status=str(problem), problem=True)  # fmt: skip
        key = collector.collect(notebook, hand_in.files, self.seed)
        return pool.submit(examiner.examine, [key], submission.student, submission.name, hand_in.note).result()

    def _write(self, verdict: Verdict) -> None:
        write_verdict(self.out, verdict, self.course.topic(self.topic).title)


def regrade(course: Course, out: Path, progress: Progress) -> list[Verdict]:
    """Examine again what ``out`` holds as evidence: no student code runs.

    Raises CourseError if ``out`` is not a folder of results, or its data set is not at hand.
    """
    batch = read_batch(out)
    topic = course.topic(batch.topic)
    points = points_of(course.graders(batch.topic))
    os.environ["FAIRMARK_DATA"] = batch.data.split("-")[1]
    if data.fingerprint(topic.data) != batch.data:
        raise CourseError(f"{out} was graded on {batch.data}, and here is {data.fingerprint(topic.data)}")
    examiner = Examiner(batch.topic, course.graders(batch.topic), out)
    before = [Verdict.model_validate_json(path.read_bytes()) for path in sorted((out / "verdicts").glob("*.json"))]
    after = []
    with examiner_pool(out / "examiner.log") as pool:
        for count, old in enumerate(before, start=1):
            verdict = old
            if not old.problem:
                verdict = pool.submit(examiner.examine, old.evidence, old.student, old.submission, old.note).result()
            after.append(verdict)
            write_verdict(out, verdict, topic.title)
            progress(count, len(before), verdict)
    finish(out, after, points)
    return after


def points_of(grader: Path) -> dict[str, float]:
    """Return the possible points by question; raises CourseError if the topic was never built."""
    if not (grader / "plan.json").is_file():
        raise CourseError(f"nothing in {grader} to grade with: run `fairmark build`")
    return possible_points(grader)


def read_batch(out: Path) -> Batch:
    """Read what ``out`` was graded with."""
    path = out / "batch.json"
    if not path.is_file():
        raise CourseError(f"no results in {out}: give the folder that `fairmark grade -o` wrote")
    return Batch.model_validate_json(path.read_bytes())


def _claim(out: Path, batch: Batch) -> None:
    """Make ``out`` this batch's folder; raises CourseError if it holds another topic's results."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "batch.json"
    if path.is_file() and (there := read_batch(out)).topic != batch.topic:
        raise CourseError(f"{out} holds results of {there.topic!r}: choose another folder")
    write_atomically(path, batch.model_dump_json(indent=1) + "\n")


def write_verdict(out: Path, verdict: Verdict, title: str) -> None:
    """Write one verdict and the student's page."""
    stem = file_stem(verdict.student)
    (out / "verdicts").mkdir(exist_ok=True)
    text = json.dumps(verdict.model_dump(mode="json"), indent=1, ensure_ascii=False)
    write_atomically(out / "verdicts" / f"{stem}.json", text + "\n")
    write_feedback(out / "feedback", stem, render_feedback(verdict, title=title))


def finish(out: Path, verdicts: Sequence[Verdict], points: dict[str, float]) -> None:
    """Write the gradebook and drop verdicts and pages of submissions that are no longer there."""
    write_gradebook(out / "grades.csv", verdicts, points)
    stems = {file_stem(verdict.student) for verdict in verdicts}
    for path in [*(out / "verdicts").glob("*.json"), *(out / "feedback").glob("*.html")]:
        if path.stem not in stems:
            path.unlink()
