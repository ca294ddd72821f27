"""Weights of replayed seeds on disk: files of many seeds each, that an interruption leaves whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SeedWeights:
    """What one seed's training gave."""

    seed: int
    weights: tuple[NDArray[Any], ...]
    """In the order of Keras's ``get_weights``."""


def weights_of(recipe: Path, device: str) -> "WeightsFolder":
    """Return where the weights go that ``device`` ("cpu", "gpu") finds for the recipe in a folder."""
    return WeightsFolder(recipe / f"weights-{device}")


@dataclass(frozen=True)
class WeightsFolder:
    """Where the weights of a recipe's seeds are kept."""

    folder: Path

    def add(self, seeds: Sequence[int], weights: Sequence[NDArray[Any]]) -> None:
        """Keep ``weights``, each with the seeds as first axis."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{seeds[0]}-{seeds[-1]}-{len(seeds)}"
        part = self.folder / f"{name}.part"
        with part.open("wb") as file:
            arrays = {f"w{number:03}": array for number, array in enumerate(weights)}
            np.savez(file, allow_pickle=False, seeds=np.asarray(seeds), **arrays)
        part.replace(self.folder / f"{name}.npz")

    def seeds(self) -> set[int]:
        """Return the seeds that are done."""
        done: set[int] = set()
        for path in self.folder.glob("*.npz"):
            with np.load(path, allow_pickle=False) as arrays:
                done.update(arrays["seeds"].tolist())
        return done

    def read(self, seeds: Sequence[int]) -> Iterator[SeedWeights]:
        """Yield the weights of those of ``seeds`` that are done, once each, file by file."""
        wanted = set(seeds)
        for path in sorted(self.folder.glob("*.npz")):
            with np.load(path, allow_pickle=False) as arrays:
                numbers = arrays["seeds"].tolist()
                if wanted.isdisjoint(numbers):
                    continue
                stacked = [arrays[name] for name in sorted(arrays.files) if name != "seeds"]
            for place, seed in enumerate(numbers):
                if seed in wanted:
                    wanted.remove(seed)
                    yield SeedWeights(seed, tuple(weight[place] for weight in stacked))
