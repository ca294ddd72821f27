"""What students wrote for questions that a person marks, found by its place in the notebook."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from fairmark.course import CourseError
from fairmark.examine.verdict import AnswerCell, ManualQuestion

_BEGIN, _END = "<!-- BEGIN QUESTION -->", "<!-- END QUESTION -->"
"""Otter's marks around questions that a person marks (and around those with `export: true`)."""
_ANSWER_TAG = "otter_answer_cell"
_EMBEDDED = re.compile(r"data:[\w/.+-]+;base64,[\w+/=%-]*")
"""A picture that Colab wrote into the text."""

Answers = Mapping[str, tuple[AnswerCell, ...] | None]


@dataclass(frozen=True)
class _Known:
    """A cell as students got it."""

    id: str
    text: str
    question: str | None
    """The manual question it belongs to, if it does."""


class ManualQuestions:
    """A topic's manual questions, and where they are in the notebook that students got."""

    def __init__(self, points: Mapping[str, float], notebook: Any) -> None:
        """Take the plan's points and the student's notebook; raises CourseError if they don't fit together."""
        self.points = points
        self._by_id: dict[str, _Known] = {}
        self._by_text: dict[str, _Known] = {}
        self._blanks: dict[str, list[str]] = {name: [] for name in points}
        ambiguous = set()
        for question, cell in _placed(notebook.cells, list(points)):
            known = _Known(cell["id"], cell.source.strip(), question)
            self._by_id[known.id] = known
            if _ANSWER_TAG in cell.metadata.get("tags", []):
                if question:
                    self._blanks[question].append(known.text)
            elif self._by_text.setdefault(known.text, known).question != question:
                ambiguous.add(known.text)
        for text in {"", *ambiguous}:
            self._by_text.pop(text, None)

    @classmethod
    def read(cls, points: Mapping[str, float], path: Path) -> "ManualQuestions":
        """Read the notebook that students got, if a question of the plan is to be found in it."""
        if points and not path.is_file():
            raise CourseError(f"no {path}: it says where the answers are that a person marks: run `fairmark build`")
        return cls(points, nbformat.read(path, as_version=4) if points else nbformat.v4.new_notebook())

    def __call__(self, answers: Answers) -> tuple[ManualQuestion, ...]:
        """Return the manual questions as the plan has them, with these answers."""
        return tuple(
            ManualQuestion(name=name, possible=points, answer=answers.get(name)) for name, points in self.points.items()
        )

    def answers(self, notebook: Any) -> Answers:
        """Return what stands in a student's notebook between a manual question and whatever comes next.

        A cell that students got tells where we are, by its id (Jupyter keeps it) or by its text; whatever else
        there is belongs to the question before it. So cells may be split, added, moved and retyped.
        """
        found: dict[str, list[AnswerCell]] = {}
        ids = {cell["id"] for cell in notebook.cells}
        question = None
        for cell in notebook.cells:
            text = cell.source.strip()
            known = self._by_id.get(cell["id"]) or self._of_text(text, ids)
            if known:
                question = known.question
            if question is None:
                continue
            written = found.setdefault(question, [])
            for given in ([known.text] if known else []) + self._blanks[question]:
                text = _without(given, text, cell.cell_type)
            if text:
                written.append(AnswerCell(kind=cell.cell_type, source=_EMBEDDED.sub("embedded", text)))
        return {name: tuple(found[name]) if name in found else None for name in self.points}

    def _of_text(self, text: str, ids: Set[str]) -> _Known | None:
        """Return the cell that this text was, if it is not in the notebook by its own id: then this is a copy.

        A prompt may have been written into, for not every editor keeps locked cells as they are.
        """
        known = self._by_text.get(text) or next(
            (prompt for given, prompt in self._by_text.items() if _BEGIN in given and given in text), None
        )
        return None if known is None or known.id in ids else known


def _placed(cells: Iterable[Any], names: list[str]) -> Iterator[tuple[str | None, Any]]:
    """Yield each cell of the student's notebook with the manual question that it belongs to."""
    regions: list[tuple[bool, list[Any]]] = [(False, [])]
    for cell in cells:
        marks = [line for line in cell.source.splitlines() if line in (_BEGIN, _END)]
        if marks:
            regions.append((marks[-1] == _BEGIN, []))
        regions[-1][1].append(cell)
    manual = [marked and not any(map(_is_check, inside)) for marked, inside in regions]
    if sum(manual) != len(names):
        raise CourseError(
            f"the student's notebook has {sum(manual)} questions that a person marks, and plan.json has "
            f"{len(names)} ({', '.join(names)}): each needs a text before its solution; write one and run "
            "`fairmark build`"
        )
    waiting = iter(names)
    for is_manual, (_, inside) in zip(manual, regions, strict=True):
        name = next(waiting) if is_manual else None
        for cell in inside:
            yield name, cell


def _is_check(cell: Any) -> bool:
    """Does an automatic question end here (one that is exported, but not marked by a person)?"""
    return cell.source.startswith("grader.check(") or bool(cell.metadata.get("otter", {}).get("tests"))


def _without(given: str, text: str, kind: str) -> str:
    """Return what a student added to the text that was given; code counts by whole lines."""
    if kind == "code":
        return "" if text == given else text.removeprefix(f"{given}\n").strip()
    return "\n\n".join(part.strip() for part in text.split(given, 1) if part.strip()) if given else text
