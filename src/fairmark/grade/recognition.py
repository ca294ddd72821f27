"""Which known mistakes a class made: added to verdicts after they are reached, never before."""

from dataclasses import dataclass
from pathlib import Path

from fairmark.examine.verdict import QuestionVerdict, Verdict
from fairmark.mistakes import FILE, Mistake, read_mistakes, recognised, tests_digest


@dataclass(frozen=True)
class Recognition:
    """What ``verify`` knows of a topic's mistakes, to be found again in verdicts."""

    mistakes: tuple[Mistake, ...]
    tests: dict[str, str | None]
    """Digest of each question's test file as it is now; None where there is none any more."""
    data: str
    """Fingerprint of the data that the verdicts come from."""

    @classmethod
    def read(cls, grader: Path, data: str) -> "Recognition":
        """Read a grader's folder. Raises CourseError for a ``misconceptions.json`` that verify did not write."""
        mistakes = read_mistakes(grader)
        return cls(mistakes, {mistake.question: _digest(grader, mistake.question) for mistake in mistakes}, data)

    def __call__(self, verdict: Verdict) -> Verdict:
        """Return ``verdict`` with the mistakes that it shows; they change no mark."""
        questions = tuple(self._looked_at(question) for question in verdict.questions)
        return verdict.model_copy(update={"questions": questions})

    def _looked_at(self, question: QuestionVerdict) -> QuestionVerdict:
        tests = self.tests.get(question.name)
        mistake = recognised(question, self.mistakes, self.data, tests) if tests else None
        found = (mistake.name, mistake.advice) if mistake else (None, None)
        return question.model_copy(update=dict(zip(("recognised", "recognised_advice"), found, strict=True)))


def outdated(grader: Path, topic: str) -> str | None:
    """Say which questions' tests have changed since ``verify`` looked at them, if any have."""
    stale = dict.fromkeys(
        mistake.question for mistake in read_mistakes(grader)
        for signature in mistake.signatures if signature.tests != _digest(grader, mistake.question)
    )  # fmt: skip
    if not stale:
        return None
    return f"{FILE} of {topic} is older than the tests of {', '.join(stale)}: run `fairmark verify {topic}`"


def _digest(grader: Path, question: str) -> str | None:
    try:
        return tests_digest(grader, question)
    except FileNotFoundError:
        return None
