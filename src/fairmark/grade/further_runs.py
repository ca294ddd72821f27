"""Further runs of just the submissions that a raised bar left open."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from fairmark.claim import claimed
from fairmark.cluster import ClusterError
from fairmark.collect.collector import Collector
from fairmark.collect.remote import collector_on
from fairmark.course import Course
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.pool import ExaminerPool, examiners_beside
from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Progress, Reopened
from fairmark.grade.intake import SourceError, find_submissions, open_hand_in
from fairmark.grade.marking import mark, seed_of_run
from fairmark.grade.notebook import parse_notebook
from fairmark.grade.places import refuse_in_sight
from fairmark.grade.results import Verdicts, log_failure
from fairmark.grade.submission import BadSubmission, Submission
from fairmark.kernel.choice import kernels
from fairmark.plan import Plan
from fairmark.window import each


def collect_further(
    course: Course,
    out: Path,
    jobs: int,
    progress: Progress,
    executor: Executor | None = None,
    *,
    sandboxed: bool = True,
) -> Verdicts:
    """Run again the submissions in ``out`` whose verdict awaits a run, ``jobs`` at once; return all verdicts.

    They are run as they were graded: from where they lay, on the same data, under the same limits. One that is
    gone or not the same stays open, and its status says why. Raises what `Grader.grade` and `regrade` raise.
    """
    results = Reopened.read(course, out)
    batch, topic = results.batch, results.topic
    if sandboxed:
        refuse_in_sight([course.root, out, *map(Path, batch.sources)])
    plan = Plan.read(results.grader / "plan.json")
    store = EvidenceStore(out / "evidence")
    with claimed(out):
        verdicts = results.verdicts()
        waiting = Verdicts(out, [verdict.student for verdict in verdicts if verdict.awaits_run])
        with (
            kernels(topic.data, batch.limits, sandboxed=sandboxed) as opened,
            results.examiners(examiners_beside(jobs), sandboxed=sandboxed) as examine,
        ):
            examine.prepare()
            collector = collector_on(executor, batch.topic, topic.data, plan, batch.limits, store, opened)
            further = FurtherRuns(out, collector, examine, batch.seed, _submissions(batch.sources))
            counted = count(1)

            def keep(_: Verdict, verdict: Verdict) -> None:
                verdict = results.recognise(verdict)
                results.write(verdict)
                progress(next(counted), len(waiting), verdict)

            each(further, waiting, jobs, keep)
        results.finish(verdicts)
    return verdicts


@dataclass(frozen=True)
class FurtherRuns:
    """Brings open verdicts to their end; ``submissions`` are those that are still there, by their names."""

    out: Path
    collector: Collector
    examine: ExaminerPool
    seed: int
    submissions: Mapping[str, Submission]

    def __call__(self, verdict: Verdict) -> Verdict:
        """Return the verdict after as many runs as are fair; if it can't be run, ``verdict`` and why."""
        try:
            return self._marked(verdict)
        except BadSubmission as problem:
            return _left_open(verdict, str(problem))
        except ClusterError:
            raise
        except Exception as error:
            return _left_open(verdict, log_failure(self.out, verdict.submission, error))

    def _marked(self, verdict: Verdict) -> Verdict:
        if (submission := self.submissions.get(verdict.submission)) is None:
            raise BadSubmission("it is no longer where it was graded from")
        hand_in = open_hand_in(submission)
        notebook = parse_notebook(hand_in.notebook, hand_in.where)
        if self.collector.key(notebook, hand_in.files, seed_of_run(self.seed, 1)) != verdict.evidence[0]:
            raise BadSubmission("it was changed since it was graded, or would be run otherwise here: grade it again")
        marked = mark(
            self.collector,
            self.examine,
            notebook,
            hand_in.files,
            seed=self.seed,
            student=verdict.student,
            submission=verdict.submission,
            note=verdict.note,
        )
        return marked.model_copy(update={"manual": verdict.manual})


def _left_open(verdict: Verdict, why: str) -> Verdict:
    return verdict.model_copy(update={"status": f"{verdict.status}; not run again: {why.rstrip('.')}"})


def _submissions(sources: Sequence[str]) -> dict[str, Submission]:
    """Return what is still in ``sources``, by the names it has there."""
    try:
        there = find_submissions([Path(source) for source in sources if os.path.lexists(source)])
    except SourceError:
        return {}
    return {submission.name: submission for submission in there}
