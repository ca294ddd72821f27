"""The mini course, verified once."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fairmark.cli import app


def verify(course: Any, *arguments: str) -> Result:
    """Run ``fairmark verify`` in the course's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        return CliRunner().invoke(app, ["verify", "--twin", "-j", "2", *arguments])


@pytest.fixture(scope="session")
def verified(mini: Any) -> tuple[Path, Result]:
    """The folder of the mini course, and what the command said."""
    return mini.root, verify(mini)
