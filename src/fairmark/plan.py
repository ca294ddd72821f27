"""The capture plan: which names and probes each question's tests take. It is no secret."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


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
    manual: Mapping[str, float] = {}
    """Points of each question that a person marks, in the notebook's order; nothing is captured for it."""
    probe_source: str
    """The text of ``probes.py``."""

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan that ``build`` wrote."""
        return cls.model_validate_json(path.read_bytes())

    def digest(self) -> str:
        """Return the sha256 of what will be captured: manual questions are no part of that."""
        return hashlib.sha256(self.model_dump_json(exclude={"manual"}).encode()).hexdigest()

    @model_serializer(mode="wrap")
    def _without_empty_manual(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep the plan of a topic without manual questions as it was before there were any."""
        written: dict[str, Any] = write(self)
        if not self.manual:
            written.pop("manual", None)
        return written
