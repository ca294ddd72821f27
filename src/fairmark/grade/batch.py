"""A class of submissions through collect and examine, into a gradebook that a crash can't lose."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from fairmark import data
from fairmark.claim import claimed
from fairmark.cluster import ClusterError
from fairmark.collect.collector import Collector
from fairmark.collect.remote import collector_on
from fairmark.course import Course, CourseError, Limits, Topic
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner, possible_points
from fairmark.examine.pool import ExaminerPool, examiners_beside
from fairmark.examine.verdict import Verdict, awaiting_run
from fairmark.grade.intake import find_submissions, open_hand_in
from fairmark.grade.learning_curves import LearningCurves
from fairmark.grade.manual import ManualQuestions
from fairmark.grade.marked_data import marked_data
from fairmark.grade.marking import mark
from fairmark.grade.notebook import parse_notebook
from fairmark.grade.places import refuse_among, refuse_in_sight
from fairmark.grade.recognition import Recognition
from fairmark.grade.results import (
    Batch,
    Verdicts,
    finish,
    log_failure,
    read_batch,
    refuse_unfinished,
    write_batch,
    write_verdict,
)
from fairmark.grade.submission import BadSubmission, Submission
from fairmark.kernel.choice import kernels
from fairmark.plan import Plan
from fairmark.thresholds import RUNS
from fairmark.window import each

Progress = Callable[[int, int, Verdict], None]
"""Called with submissions done, submissions in all, and the verdict just reached."""


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

    def grade(
        self, sources: Sequence[Path], jobs: int, progress: Progress, executor: Executor | None = None
    ) -> Verdicts:
        """Collect and examine every submission in ``sources``, ``jobs`` at once; return the verdicts by student.

        Notebooks run here or, given one, on ``executor``. What an earlier, interrupted call collected is used.
        Raises SourceError, CourseError, DataUnavailable, SandboxUnavailable or OSError before anything runs, and
        ClusterError if the executor's workers can't do it.
        """
        submissions = find_submissions(sources)
        if self.sandboxed:
            refuse_in_sight([self.course.root, self.out, *sources])
        refuse_among(sources, self.out)
        points = points_of(self._folder)
        topic = self.course.topic(self.topic)
        batch = Batch(
            topic=self.topic,
            data=marked_data(topic.data),
            seed=self.seed,
            limits=self.limits,
            sources=tuple(map(_absolute, sources)),
            students=tuple(submission.student for submission in submissions),
        )
        plan = Plan.read(self._folder / "plan.json")
        manual = manual_questions(self.course, self.topic)
        recognise = Recognition.read(self._folder, batch.data)
        curves = LearningCurves.read(self.out, self._folder, batch.data)
        verdicts = Verdicts(self.out, (submission.student for submission in submissions))
        store = EvidenceStore(self.out / "evidence")
        with claimed(self.out):
            write_batch(self.out, batch)
            with (
                kernels(topic.data, self.limits, sandboxed=self.sandboxed) as opened,
                self._examiners(topic.data, jobs) as examine,
            ):
                examine.prepare()
                collector = collector_on(executor, self.topic, topic.data, plan, self.limits, store, opened)
                counted = count(1)

                def marked(submission: Submission) -> Verdict:
                    return self._mark(collector, examine, manual, submission, batch.data)

                def keep(_: Submission, verdict: Verdict) -> None:
                    verdict = recognise(verdict)
                    write_verdict(self.out, verdict, topic.title, curves(verdict))
                    progress(next(counted), len(submissions), verdict)

                each(marked, submissions, jobs, keep)
            finish(self.out, verdicts, points, manual.points, topic.title)
        return verdicts

    def _examiners(self, data_set: str, jobs: int) -> ExaminerPool:
        examiner = Examiner(self.topic, self._folder, self.out)
        return ExaminerPool(examiner, data_set, examiners_beside(jobs), sandboxed=self.sandboxed)

    def _mark(
        self,
        collector: Collector,
        examine: ExaminerPool,
        manual: ManualQuestions,
        submission: Submission,
        data: str,
    ) -> Verdict:
        """Bring one submission to its verdict; whatever happens, the batch goes on."""
        row = Verdict(topic=self.topic, student=submission.student, submission=submission.name, status="", data=data)
        keys: list[str] = []
        try:
            hand_in = open_hand_in(submission)
            notebook = parse_notebook(hand_in.notebook, hand_in.where)
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
                keys=keys,
            )
            return verdict.model_copy(update={"manual": row.manual})
        except BadSubmission as problem:
            return row.model_copy(update={"status": str(problem), "problem": True})
        except ClusterError:
            raise
        except Exception as error:
            # What was collected is kept, so that a regrade can mend it.
            return _for_the_ta(row.model_copy(update={"evidence": tuple(keys)}), self.out, error)


@dataclass(frozen=True)
class Reopened:
    """A folder of results, with what its verdicts are reached by today."""

    out: Path
    batch: Batch
    topic: Topic
    grader: Path
    points: dict[str, float]
    manual: ManualQuestions
    recognise: Recognition
    curves: LearningCurves

    @classmethod
    def read(cls, course: Course, out: Path) -> "Reopened":
        """Read ``out``, and have its data set used from here on.

        Raises CourseError if ``out`` is not a whole folder of results, or its data set is not at hand.
        """
        batch = read_batch(out)
        refuse_unfinished(out, batch)
        topic, grader = course.topic(batch.topic), course.graders(batch.topic)
        points = points_of(grader)
        os.environ["FAIRMARK_DATA"] = batch.data.split("-")[1]
        if data.fingerprint(topic.data) != batch.data:
            raise CourseError(f"{out} was graded on {batch.data}, and here is {data.fingerprint(topic.data)}")
        manual = manual_questions(course, batch.topic)
        recognise = Recognition.read(grader, batch.data)
        curves = LearningCurves.read(out, grader, batch.data)
        return cls(out, batch, topic, grader, points, manual, recognise, curves)

    def examiners(self, count: int, *, sandboxed: bool) -> ExaminerPool:
        """Return examiners of this folder's evidence, for ``count`` threads."""
        examiner = Examiner(self.batch.topic, self.grader, self.out)
        return ExaminerPool(examiner, self.topic.data, count, sandboxed=sandboxed)

    def verdicts(self) -> Verdicts:
        """Return the verdicts that are there."""
        paths = (self.out / "verdicts").glob("*.json")
        return Verdicts(self.out, [Verdict.model_validate_json(path.read_bytes()).student for path in paths])

    def write(self, verdict: Verdict) -> None:
        """Write one verdict and the student's page."""
        write_verdict(self.out, verdict, self.topic.title, self.curves(verdict))

    def finish(self, verdicts: Verdicts) -> None:
        """Write what is about the whole class."""
        finish(self.out, verdicts, self.points, self.manual.points, self.topic.title)


def regrade(course: Course, out: Path, progress: Progress, *, jobs: int = 1, sandboxed: bool = True) -> Verdicts:
    """Examine again what ``out`` holds as evidence, ``jobs`` submissions at once: no student code runs.

    A case that misses a bar which earlier runs met, and has runs left, is open until these are collected
    (``further_runs``, or `Grader.grade` again): its verdict ``awaits_run``. Raises what `Reopened.read` raises.
    """
    results = Reopened.read(course, out)
    with claimed(out):
        verdicts, done = results.verdicts(), count(1)

        def keep(_: Verdict, verdict: Verdict) -> None:
            results.write(verdict)
            progress(next(done), len(verdicts), verdict)

        with results.examiners(jobs, sandboxed=sandboxed) as examine:
            each(lambda old: _again(old, examine, results), verdicts, jobs, keep)
        results.finish(verdicts)
    return verdicts


def _again(old: Verdict, examine: ExaminerPool, results: Reopened) -> Verdict:
    """Return the verdict on the same evidence and answers by the tests of today; whatever happens, the rest go on."""
    kept = old.model_copy(update={"data": results.batch.data})
    if not old.problem:
        kept = kept.model_copy(update={"manual": results.manual({q.name: q.answer for q in old.manual})})
    if not old.evidence:
        return kept
    try:
        verdict = examine(old.evidence, old.student, old.submission, old.note)
        verdict = results.recognise(verdict if len(old.evidence) == RUNS else awaiting_run(verdict))
    except Exception as error:
        undecided = {"questions": (), "escaping_seeds": (), "awaits_run": False}
        return _for_the_ta(kept.model_copy(update=undecided), results.out, error)
    return verdict.model_copy(update={"manual": kept.manual})


def _for_the_ta(row: Verdict, out: Path, error: Exception) -> Verdict:
    """Return the row of a submission over which the grader itself failed, in whatever part of it: never a zero."""
    return row.model_copy(update={"status": f"{log_failure(out, row.submission, error)}; needs the TA"})


def _absolute(source: Path) -> str:
    """Return a path as text that JSON holds: what is no UTF-8 in it won't be found again."""
    return os.fsencode(os.path.abspath(source)).decode("utf8", "replace")


def points_of(grader: Path) -> dict[str, float]:
    """Return the possible points by question; raises CourseError if the topic was never built."""
    if not (grader / "plan.json").is_file():
        raise CourseError(f"nothing in {grader} to grade with: run `fairmark build`")
    return possible_points(grader)


def manual_questions(course: Course, topic: str) -> ManualQuestions:
    """Return the questions of a topic that a person marks."""
    plan = Plan.read(course.graders(topic) / "plan.json")
    return ManualQuestions.read(plan.manual, course.assignments(topic) / f"{topic}.ipynb")
