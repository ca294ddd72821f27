"""A class of submissions through collect and examine, into a gradebook that a crash can't lose."""

import json
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from fairmark import data
from fairmark.collect.collector import Collector
from fairmark.course import Course, CourseError, Limits
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner, possible_points
from fairmark.examine.process import ExaminerProcess
from fairmark.examine.verdict import Verdict, awaiting_run
from fairmark.grade.intake import file_stem, find_submissions, open_hand_in
from fairmark.grade.manual import ManualQuestions
from fairmark.grade.marking import RUNS, mark
from fairmark.grade.notebook import parse_notebook
from fairmark.grade.recognition import Recognition
from fairmark.grade.submission import BadSubmission, Submission
from fairmark.kernel.choice import kernels
from fairmark.plan import Plan
from fairmark.report import render_answers, render_feedback, write_gradebook, write_misconceptions, write_page
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
    sandboxed: bool = True

    @property
    def _folder(self) -> Path:
        return self.course.graders(self.topic)

    def grade(self, sources: Sequence[Path], jobs: int, progress: Progress) -> list[Verdict]:
        """Collect and examine every submission in ``sources``; return the verdicts by student.

        What an earlier, interrupted call collected is used. Raises SourceError, CourseError, SandboxUnavailable or
        OSError before anything runs.
        """
        submissions = find_submissions(sources)
        points = points_of(self._folder)
        topic = self.course.topic(self.topic)
        batch = Batch(topic=self.topic, data=data.fingerprint(topic.data), seed=self.seed)
        plan = Plan.read(self._folder / "plan.json")
        manual = manual_questions(self.course, self.topic)
        recognise = Recognition.read(self._folder, batch.data)
        _claim(self.out, batch)
        store = EvidenceStore(self.out / "evidence")
        verdicts: list[Verdict] = []
        with (
            kernels(topic.data, self.limits, sandboxed=self.sandboxed) as opened,
            ExaminerProcess(Examiner(self.topic, self._folder, self.out), topic.data, self.sandboxed) as examine,
            ThreadPoolExecutor(jobs) as pool,
        ):
            collector = Collector(self.topic, topic.data, plan, self.limits, store, opened)
            futures = [pool.submit(self._mark, collector, examine, manual, submission) for submission in submissions]
            try:
                for future in as_completed(futures):
                    verdict = recognise(future.result())
                    verdicts.append(verdict)
                    write_verdict(self.out, verdict, topic.title)
                    progress(len(verdicts), len(futures), verdict)
            except BaseException:
                # Ctrl-C, a full disk: let the notebooks under way end, and begin no other.
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        finish(self.out, verdicts, points, manual.points, topic.title)
        return sorted(verdicts, key=lambda verdict: verdict.student)

    def _mark(
        self, collector: Collector, examine: ExaminerProcess, manual: ManualQuestions, submission: Submission
    ) -> Verdict:
        """Bring one submission to its verdict; whatever happens, the batch goes on."""
        row = Verdict(topic=self.topic, student=submission.student, submission=submission.name, status="")
        try:
            hand_in = open_hand_in(submission)
            notebook = parse_notebook(hand_in.notebook)
            row = row.model_copy(update={"manual": manual(manual.answers(notebook))})
            verdict = mark(
                collector,
                examine,
                notebook,
                hand_in.files,
                seed=self.seed,
                student=submission.student,
                submission=submission.name,
                note=hand_in.note,
            )
            return verdict.model_copy(update={"manual": row.manual})
        except BadSubmission as problem:
            return row.model_copy(update={"status": str(problem), "problem": True})
        except Exception as error:
            # The grader's own failure, in whatever part of it: no zero, but a row for the TA.
            with (self.out / "errors.log").open("a", encoding="utf8") as log:
                log.write(f"{submission.name}\n{traceback.format_exc()}\n")
            status = f"the grader itself failed ({type(error).__name__}: {error}), see errors.log; needs the TA"
            return row.model_copy(update={"status": status})


def regrade(course: Course, out: Path, progress: Progress, *, sandboxed: bool = True) -> list[Verdict]:
    """Examine again what ``out`` holds as evidence: no student code runs.

    A case that misses a bar which earlier runs met, and has runs left, is open until `grade` is called
    again. Raises CourseError if ``out`` is not a folder of results, or its data set is not at hand.
    """
    batch = read_batch(out)
    topic = course.topic(batch.topic)
    points = points_of(course.graders(batch.topic))
    os.environ["FAIRMARK_DATA"] = batch.data.split("-")[1]
    if data.fingerprint(topic.data) != batch.data:
        raise CourseError(f"{out} was graded on {batch.data}, and here is {data.fingerprint(topic.data)}")
    manual, recognise = manual_questions(course, batch.topic), Recognition.read(course.graders(batch.topic), batch.data)
    before = [Verdict.model_validate_json(path.read_bytes()) for path in sorted((out / "verdicts").glob("*.json"))]
    after = []
    examiner = Examiner(batch.topic, course.graders(batch.topic), out)
    with ExaminerProcess(examiner, topic.data, sandboxed) as examine:
        for count, old in enumerate(before, start=1):
            verdict = old
            if old.evidence:
                verdict = examine(old.evidence, old.student, old.submission, old.note)
                verdict = recognise(verdict if len(old.evidence) == RUNS else awaiting_run(verdict))
            if not old.problem:
                verdict = verdict.model_copy(update={"manual": manual({q.name: q.answer for q in old.manual})})
            after.append(verdict)
            write_verdict(out, verdict, topic.title)
            progress(count, len(before), verdict)
    finish(out, after, points, manual.points, topic.title)
    return after


def points_of(grader: Path) -> dict[str, float]:
    """Return the possible points by question; raises CourseError if the topic was never built."""
    if not (grader / "plan.json").is_file():
        raise CourseError(f"nothing in {grader} to grade with: run `fairmark build`")
    return possible_points(grader)


def manual_questions(course: Course, topic: str) -> ManualQuestions:
    """Return the questions of a topic that a person marks."""
    plan = Plan.read(course.graders(topic) / "plan.json")
    return ManualQuestions.read(plan.manual, course.assignments(topic) / f"{topic}.ipynb")


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
    write_page(out / "feedback", stem, render_feedback(verdict, title=title))


def finish(
    out: Path, verdicts: Sequence[Verdict], points: dict[str, float], manual: Mapping[str, float], title: str
) -> None:
    """Write what is about the whole class; drop verdicts and pages of submissions that are no longer there."""
    write_gradebook(out / "grades.csv", verdicts, points, manual)
    write_misconceptions(out / "misconceptions.csv", verdicts)
    for question, possible in manual.items():
        write_page(out / "manual", question, render_answers(verdicts, question, possible, title=title))
    stems = {file_stem(verdict.student) for verdict in verdicts}
    for path in [*(out / "verdicts").glob("*.json"), *(out / "feedback").glob("*.html")]:
        if path.stem not in stems:
            path.unlink()
    for path in (out / "manual").glob("*.html"):
        if path.stem not in manual:
            path.unlink()
