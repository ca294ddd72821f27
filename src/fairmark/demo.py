"""The demo class: twelve submissions made from the course's own material, and where each must end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from fairmark.build.variants import (
    read_alternatives,
    read_misconceptions,
    solution_cells,
    with_answers,
    with_misconception,
)
from fairmark.course import Course
from fairmark.examine.verdict import Verdict
from fairmark.grade.batch import Grader, Progress
from fairmark.grade.results import Verdicts
from fairmark.report.files import write_atomically

TOPIC = "binary_classification"
CPU_SECONDS = 60
"""The one that never ends would else hold a demo up for as long as the course allows."""

MISTAKES = 5
_UNTOUCHED, _RAISES, _ENDLESS, _BROKEN = "untouched", "raises-half-way", "never-ends", "not-json"


def grade_demo(course: Course, out: Path, jobs: int, progress: Progress, *, sandboxed: bool = True) -> Verdicts:
    """Make the class in ``out/submissions`` and grade it into ``out``."""
    folder = out / "submissions"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in demo_class(course).items():
        path = folder / f"{name}.ipynb"
        if not path.is_file() or path.read_text(encoding="utf8") != text:
            write_atomically(path, text)
    limits = course.limits.model_copy(update={"cpu_seconds": CPU_SECONDS})
    return Grader(course, TOPIC, out, limits, seed=0, sandboxed=sandboxed).grade([folder], jobs, progress)


def demo_class(course: Course) -> dict[str, str]:
    """Return the demo's notebooks as text, by student."""
    solutions = course.solutions(TOPIC)
    reference = nbformat.read(course.graders(TOPIC) / "reference.ipynb", as_version=4)
    untouched = nbformat.read(course.assignments(TOPIC) / f"{TOPIC}.ipynb", as_version=4)
    alternatives = list(read_alternatives(solutions / "alternatives").items())[:2]
    mistakes = _in_different_questions(course)
    questions = list(solution_cells(reference))
    half = questions[len(questions) // 2]
    first = reference.cells[solution_cells(reference)[half][0]].source
    notebooks: dict[str, Any] = {
        "reference": reference,
        **{f"other-{name.replace('_', '-')}": with_answers(reference, answers) for name, answers in alternatives},
        _UNTOUCHED: untouched,
        **{f"wrong-{m.question}-{m.name.replace(' ', '-').replace('_', '-')}": with_misconception(reference, m)
           for m in mistakes},
        _RAISES: with_answers(reference, {half: f"raise ValueError('I gave up here')\n{first}"}),
        _ENDLESS: with_answers(reference, {half: f"while True:\n    pass\n{first}"}),
    }  # fmt: skip
    texts = {name: nbformat.writes(notebook) for name, notebook in notebooks.items()}
    return {**texts, _BROKEN: texts["reference"][: len(texts["reference"]) // 2]}


def misplaced(verdicts: Sequence[Verdict]) -> list[str]:
    """Return the students of the demo class that did not end where they should."""
    return [verdict.student for verdict in verdicts if not _as_expected(verdict)]


def _as_expected(verdict: Verdict) -> bool:
    name = verdict.student
    lost = {q.name for q in verdict.questions if q.earned < q.possible}
    if not verdict.decided:
        return False
    if name == "reference" or name.startswith("other-"):
        return not lost and verdict.status == "graded"
    if name.startswith("wrong-"):
        return name.split("-")[1] in lost and verdict.total > 0
    if name == _UNTOUCHED:
        return verdict.total <= 0.05 * verdict.possible
    if name == _RAISES:
        return 0 < verdict.total < verdict.possible and "raised ValueError: I gave up here" in verdict.status
    if name == _ENDLESS:
        return 0 < verdict.total < verdict.possible and verdict.status.startswith("the limit of CPU time ended the run")
    return verdict.problem


def _in_different_questions(course: Course) -> list[Any]:
    chosen = {m.question: m for m in reversed(read_misconceptions(course.solutions(TOPIC)))}
    return [chosen[question] for question in sorted(chosen)][:MISTAKES]
