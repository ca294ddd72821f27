"""How many notebooks at once: as many as there are cores and memory for, and never none."""

import pytest

from fairmark.jobs import default_jobs, jobs_for


@pytest.mark.parametrize(
    ("cores", "available", "memory_gb", "jobs"),
    [
        (8, 64e9, 3, 8),
        (8, 7e9, 3, 2),
        (8, 6e9, 3, 2),
        (8, 5.9e9, 3, 1),
        (2, 1e9, 0.25, 2),
        (4, 1e9, 3, 1),
        (1, 0, 3, 1),
    ],
    ids=["cores", "memory", "just enough", "not enough for two", "small notebooks", "too little for one", "none free"],
)
def test_cores_and_memory_decide(cores: int, available: float, memory_gb: float, jobs: int) -> None:
    assert jobs_for(cores, available, memory_gb) == jobs


def test_this_machine_runs_one_at_least() -> None:
    assert default_jobs(1e6) == 1
    assert default_jobs(1e-6) >= 1
