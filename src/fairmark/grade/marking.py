"""One notebook to its verdict: run, examine, and run again where a threshold was missed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from fairmark.collect.collector import Collector
from fairmark.examine.pool import ExaminerPool
from fairmark.examine.verdict import Verdict
from fairmark.thresholds import RUNS


def mark(
    collector: Collector,
    examine: ExaminerPool,
    notebook: Any,
    files: Mapping[str, bytes],
    *,
    seed: int,
    student: str,
    submission: str,
    note: str | None = None,
    keys: list[str] | None = None,
) -> Verdict:
    """Bring a notebook (nbformat's, v4) with its files to a verdict, in as many runs as are fair.

    ``seed`` is that of the first run. Evidence that is stored already is not collected again. ``keys``, if given,
    is an empty list that gets the key of each run's evidence: it is known even if this raises.
    """
    keys = [] if keys is None else keys
    while True:
        keys.append(collector.collect(notebook, files, seed_of_run(seed, len(keys) + 1)))
        verdict = examine(keys, student, submission, note)
        if len(keys) == RUNS or not verdict.missed_a_threshold:
            return verdict


def seed_of_run(seed: int, run: int) -> int:
    """Return the seed of a run: the grader's own for the first, then fresh ones that follow from it."""
    if run == 1:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed}/{run}".encode()).digest()[:4]) >> 1
