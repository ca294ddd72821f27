"""The capture plan: which names and probes each question's tests take. It is no secret."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class QuestionPlan(BaseModel):
    """What to capture for one question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    """Student variables that tests take as parameters."""
    probes: Mapping[str, tuple[str, ...]]
    """Probes that tests take, each with the student variables it is called on."""


class Plan(BaseModel):
    """``graders/<topic>/plan.json``: everything the sandbox is told about the tests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: Mapping[str, QuestionPlan]
    probe_source: str
    """The text of ``probes.py``."""

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan that ``build`` wrote."""
        return cls.model_validate_json(path.read_bytes())

    def digest(self) -> str:
        """Return the sha256 of what will be captured."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
