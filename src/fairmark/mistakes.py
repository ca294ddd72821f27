"""``misconceptions.json``: how each known mistake of a topic shows in the checks."""

import hashlib
import re
from collections.abc import Mapping, Sequence, Set
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from fairmark.course import CourseError
from fairmark.examine.verdict import QuestionVerdict

FILE = "misconceptions.json"
# With the blanks before it, for NumPy pads what it prints. What students make long is read once, hence "++".
_NUMBER = re.compile(r"(?<!\s)\s*+[-+]?\d[\d,_]*+(?P<decimals>(?:\.\d++)?+(?:[eE][-+]?\d++)?+)")
_FILE = re.compile(r'File "[^"\n]*"?(, line \d+)?')


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signature(_Record):
    """What failed in one question when a notebook with the mistake was examined."""

    data: str
    """Fingerprint of the data it ran on."""
    tests: str
    """sha256 of the question's test file: other tests, other failures."""
    failures: Mapping[str, str]
    """Case → the failure's message."""


class Mistake(_Record):
    """A known mistake, the question it costs, and the sentence that helps."""

    name: str
    question: str
    advice: str
    signatures: tuple[Signature, ...]


class _File(_Record):
    format: int = 1
    mistakes: tuple[Mistake, ...]


def read_mistakes(grader: Path) -> tuple[Mistake, ...]:
    """Read ``misconceptions.json`` of a grader's folder; none if the topic was never verified."""
    path = grader / FILE
    if not path.is_file():
        return ()
    try:
        return _File.model_validate_json(path.read_bytes()).mistakes
    except ValidationError as error:
        raise CourseError(f"{path}: not written by verify: {error}") from error


def write_mistakes(grader: Path, mistakes: Sequence[Mistake]) -> None:
    """Write ``misconceptions.json`` in one step."""
    part = grader / f"{FILE}.part"
    part.write_text(_File(mistakes=tuple(mistakes)).model_dump_json(indent=1) + "\n", encoding="utf8")
    part.replace(grader / FILE)


def failures_of(question: QuestionVerdict) -> dict[str, str]:
    """Return the question's failed cases with their messages, without the places of files: these differ by machine."""
    return {case.name: _FILE.sub("File", case.message) for case in question.cases if case.outcome == "failed"}


def tests_digest(grader: Path, question: str) -> str:
    """Return the sha256 of a question's test file."""
    return hashlib.sha256((grader / "tests" / f"{question}.py").read_bytes()).hexdigest()


def recognised(question: QuestionVerdict, mistakes: Sequence[Mistake], data: str, tests: str) -> Mistake | None:
    """Return the known mistake that failed exactly as this question did, if there is one and only one.

    Exactly: the same cases, with the same messages up to what another seed changes. That is every number with
    decimals, and in a case that met a calibrated bar every number; elsewhere a whole number (units, parameters,
    a shape) is what tells one mistake from another. Where several mistakes fit so, the messages must agree to
    the letter. ``data`` and ``tests`` are as in Signature.
    """
    found = failures_of(question)
    if not found or not question.decided:
        return None
    measured = {case.name for case in question.cases if case.thresholds}
    known = [
        (mistake, signature)
        for mistake in mistakes if mistake.question == question.name
        for signature in mistake.signatures if (signature.data, signature.tests) == (data, tests)
    ]  # fmt: skip
    masked = _masked(found, measured)
    alike = [pair for pair in known if _masked(pair[1].failures, measured) == masked]
    if len(alike) > 1:
        alike = [pair for pair in alike if pair[1].failures == found]
    return alike[0][0] if len(alike) == 1 else None


def _masked(failures: Mapping[str, str], measured: Set[str]) -> dict[str, str]:
    """Blank out what the seed decides; ``measured`` names the cases that met a bar."""

    def blank(case: str, number: re.Match[str]) -> str:
        return "#" if case in measured or number["decimals"] else number[0]

    return {case: _NUMBER.sub(partial(blank, case), text) for case, text in failures.items()}
