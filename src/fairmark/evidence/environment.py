"""What trained weights depend on besides code, data and seed: versions, CPU, threads."""

import platform
from importlib.metadata import version
from pathlib import Path

from fairmark.evidence.manifest import Environment

_VECTORS = ("avx512f", "avx2", "avx", "sse4_2", "asimd")


def environment(threads: int, sandbox: str) -> Environment:
    """Describe the environment of kernels started by this process."""
    return Environment(
        python=platform.python_version(),
        keras=version("keras"),
        tensorflow=version("tensorflow"),
        numpy=version("numpy"),
        machine=f"{platform.system()} {platform.machine()}",
        instructions=_vector_instructions(),
        threads=threads,
        sandbox=sandbox,
    )


def _vector_instructions() -> str:
    """Name the widest vector instructions of the CPU, as far as the system tells (Linux does)."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = set(cpuinfo.read_text().split()) if cpuinfo.is_file() else set()
    return next((name for name in _VECTORS if name in flags), "unknown")
