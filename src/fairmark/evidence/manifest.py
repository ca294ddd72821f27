"""The manifest of one run of one notebook: what was captured where, and how the run ended."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LIMITS = {
    "time_limit": "time limit",
    "cpu_limit": "limit of CPU time",
    "memory_limit": "memory limit",
    "process_limit": "limit of processes",
    "disk_limit": "limit of disk space",
    "output_limit": "limit of output",
}
"""Endings that are a limit reached, and what people call it."""

_BLOB = re.compile(r'"([0-9a-f]{64})"')


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Environment(_Record):
    """What a trained weight depends on besides code, data and seed."""

    python: str
    keras: str
    tensorflow: str
    numpy: str
    machine: str
    instructions: str
    """The widest vector instructions of the CPU: they change sums in the last digit."""
    threads: int
    sandbox: str
    """'bubblewrap', or 'none' for a plain kernel."""


class CellError(_Record):
    """A cell that raised. ``cell`` counts the notebook's code cells from 1."""

    cell: int
    name: str
    message: str


class Captured(_Record):
    """What was captured when a question was checked: JSON nodes by name, for variables and probes."""

    cell: int | None
    """Number of the code cell in which it was checked; None: captured after the last cell."""
    names: dict[str, Any] = Field(default_factory=dict)
    probes: dict[str, Any] = Field(default_factory=dict)

    @property
    def checked_at(self) -> str:
        """Say where: 'cell 12' or 'end'."""
        return "end" if self.cell is None else f"cell {self.cell}"

    def named_blobs(self) -> set[str]:
        """Return every text in it that may be the name of a blob."""
        return set(_BLOB.findall(self.model_dump_json()))


class Ending(_Record):
    """How the run ended."""

    kind: Literal[
        "finished",
        "time_limit",
        "cpu_limit",
        "memory_limit",
        "process_limit",
        "disk_limit",
        "output_limit",
        "kernel_died",
        "kernel_garbled",
        "capture_failed",
    ]
    cell: int | None = None
    """The code cell that was running when it ended early."""
    message: str = ""


class Manifest(_Record):
    """``evidence/<key>/manifest.json``."""

    format: Literal[1] = 1
    key: str
    topic: str
    notebook_sha256: str
    data: str
    """Fingerprint of the data set the notebook was given."""
    seed: int
    escaping_seeds: tuple[str, ...] = ()
    """Seeds in the notebook that do not follow the grader's: 'cell 5: np.random.Generator(PCG64(1))'."""
    environment: Environment
    ending: Ending
    errors: tuple[CellError, ...]
    output_cut: bool = False
    """More was printed and shown than is kept."""
    cells: int
    """Number of code cells."""
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float
    questions: dict[str, Captured]
