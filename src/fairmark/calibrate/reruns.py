"""The truth, slowly: notebooks run under many seeds, as submissions are, and what each run measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fairmark.calibrate.judgement import Refused
from fairmark.collect.collector import Collector
from fairmark.collect.remote import collector_on
from fairmark.course import Course
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner
from fairmark.examine.pool import ExaminerPool
from fairmark.examine.verdict import ThresholdUse, Verdict
from fairmark.kernel.choice import kernels_for_own_code
from fairmark.plan import Plan
from fairmark.verify.specimen import Specimen
from fairmark.window import each

FIRST_SEED = 1
"""`grade` draws its seed from two thousand million: no calibrated bar comes from the very run it judges."""


@dataclass(frozen=True)
class Trial:
    """One run of a notebook."""

    seed: int
    key: str
    """Of its evidence."""
    uses: Mapping[str, ThresholdUse]
    """What its tests measured against each threshold."""


Done = Callable[[Specimen, Trial], None]
"""Called with each specimen that ran, and what came out."""


@dataclass(frozen=True)
class Reruns:
    """Runs notebooks of one topic and examines what they left, with every bar open."""

    collector: Collector
    examine: ExaminerPool
    jobs: int

    @property
    def store(self) -> EvidenceStore:
        """Where the evidence is kept."""
        return self.collector.store

    def environment(self, trial: Trial) -> dict[str, str | int]:
        """Return the versions and the machine that trained."""
        return dict(self.store.manifest(trial.key).environment.model_dump())

    def of(self, specimen: Specimen, seeds: Sequence[int], done: Done) -> list[Trial]:
        """Run one specimen under each of ``seeds``, as ``run`` does."""
        return self.run([(specimen, seed) for seed in seeds], done)

    def run(self, tries: Sequence[tuple[Specimen, int]], done: Done) -> list[Trial]:
        """Run specimens, each under its seed, and return what came out in this order.

        What was run before is only examined. Raises Refused if a correct one loses a point: then no bar would mean
        anything.
        """
        found: dict[int, Trial] = {}

        def one(index: int) -> Trial:
            specimen, seed = tries[index]
            key = self.collector.collect(specimen.notebook, {}, seed)
            verdict = self.examine([key], specimen.name, specimen.kind)
            if specimen.kind != "misconception":
                _refuse_failures(verdict, specimen, seed)
            return Trial(seed, key, uses_of(verdict))

        def keep(index: int, trial: Trial) -> None:
            found[index] = trial
            done(tries[index][0], trial)

        each(one, range(len(tries)), self.jobs, keep)
        return [found[index] for index in range(len(tries))]


@contextmanager
def reruns(
    course: Course, topic: str, out: Path, jobs: int, executor: Executor | None, *, record_fits: Path | None
) -> Iterator[Reruns]:
    """Open what runs a topic's notebooks; evidence is kept in ``out``, so that an interrupted call goes on.

    Notebooks run here or, given one, on ``executor``. ``record_fits`` is where the arrays go that are trained on.
    """
    grader, name = course.graders(topic), course.topic(topic).data
    plan, store = Plan.read(grader / "plan.json"), EvidenceStore(out / "evidence")
    with (
        kernels_for_own_code(name, course.limits) as kernels,
        ExaminerPool(
            Examiner(topic, grader, out, calibrating=True), name, jobs, sandboxed=kernels.sandboxed
        ) as examine,
    ):
        examine.prepare()
        collector = collector_on(executor, topic, name, plan, course.limits, store, kernels)
        if record_fits is not None:
            collector = replace(collector, record_fits=record_fits)
        yield Reruns(collector, examine, jobs)


def _refuse_failures(verdict: Verdict, specimen: Specimen, seed: int) -> None:
    for question in verdict.questions:
        for case in question.cases:
            if case.outcome != "passed":
                who = "the reference" if specimen.kind == "reference" else f"the alternative {specimen.name!r}"
                raise Refused(
                    f"{who} fails {case.name} ({case.test}) under seed {seed}: {case.message}; "
                    "mend the solution or the test, build, and calibrate again"
                )


def uses_of(verdict: Verdict) -> dict[str, ThresholdUse]:
    """Return what a verdict measured against each threshold."""
    cases = [case for question in verdict.questions for case in question.cases]
    return {use.name: use for case in cases for use in case.thresholds}
