"""Names of parameters that every process of a test run spells alike."""

import re


def spelled(value: object) -> str:
    """Return ``str(value)`` without the address of an object."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))
