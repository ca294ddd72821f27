"""One student's hand-in: where it lies and what is in it."""

from dataclasses import dataclass, field
from pathlib import Path


class BadSubmission(Exception):
    """A hand-in that cannot be run; the message is one sentence for the gradebook."""


@dataclass(frozen=True)
class Submission:
    """A hand-in as found in the folder or zip that the TA named.

    ``student`` is unique in the batch; ``name`` is what the TA sees in the source (a relative path).
    ``container`` is a zip that holds the file ``path`` as a member, else None.
    """

    student: str
    name: str
    path: Path
    container: Path | None = None


@dataclass(frozen=True)
class HandIn:
    """The contents of a hand-in: the notebook's bytes and the files beside it (relative path → bytes)."""

    notebook: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    note: str | None = None
    """One sentence for the gradebook when something was odd but could be put right."""
    where: str = "the notebook"
    """What sentences about the notebook call it."""
