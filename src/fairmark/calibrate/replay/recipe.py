"""What is trained again under many seeds: one recorded training, as a folder of plain data."""

import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from fairmark.evidence.fits import SUFFIX, read_array

FILE = "recipe.json"
ENGINE = 2
"""Changes when the same recipe trains otherwise: weights of an older engine go."""


def installed() -> dict[str, str]:
    """Return the versions of what trains."""
    return {name: version(name) for name in ("keras", "jax")}


class NotReplayable(Exception):
    """Replay can't train this as the notebook does; the message says why in one sentence."""


class Recipe(BaseModel):
    """The training of a fresh model, whose seed alone is not said.

    ``epochs`` are those of the reruns, one a rerun; where the notebook chooses them by an earlier training, they vary.
    Each replayed seed draws one of them. Given the data, the earlier training is independent of the one replayed, so
    the weights have the distribution of the notebook's, but for having the epochs' distribution from so many reruns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: dict[str, Any]
    """As in evidence, without seeds."""
    optimizer: str | dict[str, Any]
    loss: str | dict[str, Any]
    """As Keras writes both into a model's compile configuration."""
    batch_size: int
    shuffle: bool
    buffer: int | None = None
    """Rows among which a pipeline draws the next one, anew in each epoch; None: arrays, all shuffled once."""
    epochs: tuple[int, ...]
    x: str
    """sha256 of the inputs' .npy bytes."""
    y: str
    engine: int = ENGINE
    versions: Mapping[str, str] = Field(default_factory=installed)
    """With other ones the same recipe may train otherwise, too."""

    def write(self, folder: Path, arrays: Path) -> None:
        """Make ``folder`` hold the recipe and its arrays, which lie in ``arrays``; weights of another recipe go."""
        text = self.model_dump_json(indent=1)
        if (folder / FILE).is_file() and (folder / FILE).read_text(encoding="utf8") == text:
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for digest in {self.x, self.y}:
            shutil.copyfile(arrays / f"{digest}{SUFFIX}", folder / f"{digest}{SUFFIX}")
        (folder / FILE).write_text(text, encoding="utf8")

    @classmethod
    def read(cls, folder: Path) -> "Recipe":
        """Read what ``write`` wrote."""
        return cls.model_validate_json((folder / FILE).read_bytes())

    def arrays(self, folder: Path) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return inputs and targets from the recipe's folder. Raises BadBlob if they are not what was recorded."""
        x, y = (read_array(folder / f"{digest}{SUFFIX}", digest) for digest in (self.x, self.y))
        return x, y
