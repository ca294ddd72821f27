"""What a topic's checks are tried on: its reference, the untouched notebook, other right answers, known mistakes."""

from dataclasses import dataclass
from typing import Any, Literal

import nbformat

from fairmark.build.variants import (
    Misconception,
    read_alternatives,
    read_misconceptions,
    with_answers,
    with_misconception,
)
from fairmark.course import Course


@dataclass(frozen=True)
class Specimen:
    """One notebook of which is known what it deserves."""

    kind: Literal["reference", "blank", "alternative", "misconception"]
    name: str
    notebook: Any
    misconception: Misconception | None = None


def specimens(course: Course, topic: str) -> tuple[Specimen, ...]:
    """Make a topic's notebooks. Raises CourseError for an alternative or edit that does not fit the reference."""
    folder = course.solutions(topic)
    reference = nbformat.read(course.graders(topic) / "reference.ipynb", as_version=4)
    blank = nbformat.read(course.assignments(topic) / f"{topic}.ipynb", as_version=4)
    return (
        Specimen("reference", "reference", reference),
        Specimen("blank", "untouched", blank),
        *(
            Specimen("alternative", name, with_answers(reference, answers))
            for name, answers in read_alternatives(folder / "alternatives").items()
        ),
        *(
            Specimen("misconception", mistake.name, with_misconception(reference, mistake), mistake)
            for mistake in read_misconceptions(folder)
        ),
    )
