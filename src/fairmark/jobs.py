"""How many notebooks one machine runs at once."""

import os

import psutil


def jobs_for(cores: int, available: float, memory_gb: float) -> int:
    """Return the notebooks that ``cores`` and ``available`` bytes are enough for, at least one.

    ``memory_gb`` is what one of them needs, in GB (10⁹ bytes).
    """
    return max(1, min(cores, int(available / (memory_gb * 1e9))))


def default_jobs(memory_gb: float) -> int:
    """Return the notebooks of ``memory_gb`` GB that this machine runs at once."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return jobs_for(cores, psutil.virtual_memory().available, memory_gb)
