"""What the machine that runs the tests has."""

from functools import cache

from fairmark.course import Limits
from fairmark.sandbox import SandboxUnavailable


@cache
def has_sandbox() -> bool:
    """Where there is none, notebooks run in plain kernels, and the tests of the sandbox are skipped."""
    from fairmark.kernel.choice import kernels

    try:
        with kernels("imdb", Limits(), sandboxed=True):
            return True
    except SandboxUnavailable:
        return False
