"""Otter's own test files, run over restored evidence."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from otter.test_files.exception_test import ExceptionTestFile

from fairmark.checks.examination import current
from fairmark.data import DataUnavailable, TwinDamaged
from fairmark.evidence.blobs import BadBlob
from fairmark.evidence.records import NotExamined
from fairmark.examine.verdict import CaseVerdict, ThresholdUse

GRADERS_OWN = (NotExamined, BadBlob, OSError, MemoryError, ImportError, DataUnavailable, TwinDamaged)
"""What only the grader can cause: no student code runs here."""

_OUT_OF_MEMORY = "ResourceExhaustedError"
"""TensorFlow's MemoryError, known by name: whoever only counts points need not import it."""

LONGEST_MESSAGE = 4_000
"""Characters of a message: what a test found, and says, may be as long as a student likes."""


@dataclass(frozen=True)
class Failure:
    """Why a case did not pass."""

    outcome: Literal["failed", "not_examined"]
    message: str


class EvidenceTestFile(ExceptionTestFile):  # type: ignore[misc]
    """A test file whose failures are sentences rather than otter's excerpts of the test's source."""

    test_cases: list[Any]
    test_case_results: list[Any]
    _failure: Failure | None = None

    def examine(self, names: dict[str, Any]) -> tuple[CaseVerdict, ...]:
        """Run every case over ``names`` by otter's rules and return what came of each."""
        cases = self.test_cases
        results: list[Any] = []
        verdicts: list[CaseVerdict] = []
        for case in cases:
            context = current()
            uses, claims = (context.uses, context.claims) if context else ([], [])
            used, claimed = len(uses), len(claims)
            self._failure = None
            self.test_cases = [case]
            self.run(names)
            results += self.test_case_results
            verdicts.append(_verdict(case, self._failure, tuple(uses[used:]), claims[claimed:]))
        self.test_cases, self.test_case_results = cases, results
        return tuple(verdicts)

    def _generate_error_message(self, excp: Exception, context: int = 0) -> str:
        self._failure = _failure(excp)
        return self._failure.message


def _failure(error: Exception) -> Failure:
    if isinstance(error, GRADERS_OWN) or type(error).__name__ == _OUT_OF_MEMORY:
        return Failure("not_examined", _shortened(f"{type(error).__name__}: {error}"))
    if isinstance(error, AssertionError):
        return Failure("failed", _shortened(str(error)) or "the check did not hold")
    return Failure("failed", _shortened(f"what was found made the check stop: {type(error).__name__}: {error}"))


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


def _verdict(case: Any, failure: Failure | None, uses: tuple[ThresholdUse, ...], claims: Sequence[str]) -> CaseVerdict:
    return CaseVerdict(
        name=case.name,
        test=case.body.test_func.__name__,
        title=(inspect.getdoc(case.body.test_func) or "").partition("\n")[0],
        points=case.points,
        hidden=case.hidden,
        outcome=failure.outcome if failure else "passed",
        message=failure.message if failure else "",
        advice=case.failure_message if failure else case.success_message,
        thresholds=uses,
        claims=tuple(dict.fromkeys(claims)),
    )
