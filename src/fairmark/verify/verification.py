"""Runs a topic's specimens through collect and examine, and writes down what was found."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from fairmark import data
from fairmark.build.builder import build_topic, differences
from fairmark.claim import claimed
from fairmark.collect.remote import collector_on
from fairmark.course import Course, CourseError
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.examiner import Examiner
from fairmark.examine.pool import ExaminerPool, examiners_beside
from fairmark.examine.verdict import Verdict
from fairmark.grade.marking import mark
from fairmark.kernel.choice import kernels_for_own_code
from fairmark.mistakes import Mistake, Signature, failures_of, read_mistakes, tests_digest, write_mistakes
from fairmark.plan import Plan
from fairmark.report.files import write_atomically
from fairmark.verify.findings import Findings, findings
from fairmark.verify.page import kill_matrix_page
from fairmark.verify.specimen import Specimen, specimens
from fairmark.window import each

SEED = 0
"""Always the same, so that what was run before is only examined."""

Progress = Callable[[int, int, str], None]
"""Called with specimens done, specimens in all, and a line on the last."""

Tried = list[tuple[Specimen, Verdict]]


def verify_topic(
    course: Course, topic: str, jobs: int, progress: Progress, executor: Executor | None = None
) -> Findings:
    """Try a topic's checks on its specimens; write its page and how each known mistake shows.

    Notebooks run here or, given one, on ``executor``. Evidence stays in ``build/verify/<topic>``: what was run once
    is only examined again.
    Raises CourseError if what is built is not what build makes, or a variant does not fit the reference.
    """
    if any(differences(course, topic, build_topic(course, topic))):
        raise CourseError(f"{topic}: what is there is not what build makes: run `fairmark build {topic}`")
    fingerprint = data.fingerprint(course.topic(topic).data)
    tried = try_out(course, topic, specimens(course, topic), jobs, progress, executor)
    found = findings(topic, fingerprint, tried)
    write_mistakes(course.graders(topic), _mistakes(course.graders(topic), fingerprint, tried))
    page = kill_matrix_page(found, course.topic(topic).title)
    write_atomically(course.root / "build" / "verify" / f"{topic}.html", page)
    return found


def try_out(
    course: Course,
    topic: str,
    tries: Sequence[Specimen],
    jobs: int,
    progress: Progress,
    executor: Executor | None = None,
) -> Tried:
    """Bring each specimen to its verdict, as ``grade`` would; what was run before is only examined."""
    grader = course.graders(topic)
    name = course.topic(topic).data
    out = course.root / "build" / "verify" / topic / data.fingerprint(name)
    plan = Plan.read(grader / "plan.json")
    store = EvidenceStore(out / "evidence")
    done: dict[int, Verdict] = {}
    with (
        claimed(out),
        kernels_for_own_code(name, course.limits) as kernels,
        ExaminerPool(
            Examiner(topic, grader, out), name, examiners_beside(jobs), sandboxed=kernels.sandboxed
        ) as examine,
    ):
        examine.prepare()
        collector = collector_on(executor, topic, name, plan, course.limits, store, kernels)

        def one(index: int) -> Verdict:
            tried = tries[index]
            return mark(collector, examine, tried.notebook, {}, seed=SEED, student=tried.name, submission=tried.kind)

        def keep(index: int, verdict: Verdict) -> None:
            done[index] = verdict
            progress(len(done), len(tries), f"{topic}: {tries[index].kind} {tries[index].name}")

        each(one, range(len(tries)), jobs, keep)
    return [(specimen, done[index]) for index, specimen in enumerate(tries)]


def write_summary(path: Path, found: Sequence[Findings], topics: Sequence[str]) -> None:
    """Write ``verify.json``; what an earlier call found about other ``topics`` stays."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf8")) if path.is_file() else {}
    kept.update({findings.topic: _summary(findings) for findings in found})
    ordered = {topic: kept[topic] for topic in topics if topic in kept}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")


def _summary(found: Findings) -> dict[str, Any]:
    return {
        "data": found.data,
        "reference": found.reference,
        "alternatives": dict(found.alternatives),
        "misconceptions": {
            column.name: {
                "question": column.question,
                "killed": column.killed,
                "survives": column.survives,
                "lost": column.lost,
                "elsewhere": column.elsewhere,
                "failed": list(column.failed),
            }
            for column in found.misconceptions
        },
        "blank": found.blank,
        "dead_checks": [f"{check.name} ({check.test})" for check in found.dead_checks],
        "problems": list(found.problems),
    }


def _mistakes(grader: Path, fingerprint: str, tried: Tried) -> list[Mistake]:
    """Return how each known mistake shows, here and (if its tests are still the same) on other data."""
    before = {mistake.name: mistake for mistake in read_mistakes(grader)}
    found = []
    for specimen, verdict in tried:
        if specimen.misconception is None:
            continue
        known = specimen.misconception
        tests = tests_digest(grader, known.question)
        (question,) = (question for question in verdict.questions if question.name == known.question)
        kept = [
            signature
            for signature in (before[known.name].signatures if known.name in before else ())
            if signature.tests == tests and signature.data != fingerprint
        ]
        if question.decided and (failures := failures_of(question)):
            kept.append(Signature(data=fingerprint, tests=tests, failures=failures))
        signatures = tuple(sorted(kept, key=lambda signature: signature.data))
        found.append(
            Mistake(name=known.name, question=known.question, advice=known.advice, signatures=signatures)
        )  # fmt: skip
    return found
