"""House prices in Boston and in California: a row of numbers for each place, and the median price there."""

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from fairmark.data import boston_twin, california_twin, serving
from fairmark.data.dataset import Split
from fairmark.data.fetch import RealFile
from fairmark.data.twin import Arrays, Twin, read

SMALL = 600
"""Rows of California's small version, the first of the file: they stand in for Boston in a lecture."""

_FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def load_data(content: Arrays, rows: int | None = None, test_split: float = 0.2, seed: int = 113) -> Split:
    """What Keras would return, were ``content`` ("x" and "y") the real file: its first rows, shuffled and split.

    Raises:
        ValueError: ``test_split`` is outside [0, 1).
    """
    if not 0 <= test_split < 1:
        raise ValueError(f"Invalid `test_split` argument: {test_split}. It must be between 0 and 1 (exclusive of 1).")
    x, y = content["x"][:rows], content["y"][:rows]
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    train, test = np.split(order, [int(len(x) * (1 - test_split))])
    return (x[train], y[train]), (x[test], y[test])


class _Housing:
    """What the two registry entries share: one real file of "x" and "y"."""

    files: tuple[RealFile, ...]
    twin: Twin
    rows: int | None = None
    """How many of the file's rows the lecture loads; None for all of them."""
    lecture: Mapping[str, Any] = MappingProxyType({})

    def load_real(self, paths: Mapping[str, Path]) -> Split:
        """What Keras makes of the file; the file is plain, so Keras isn't needed for it."""
        with np.load(paths[self.files[0].name], allow_pickle=False) as file:
            return self.load_twin({name: file[name] for name in ("x", "y")})

    def arrays_real(self, paths: Mapping[str, Path]) -> dict[str, npt.NDArray[Any]]:
        """All four arrays."""
        (x_train, y_train), (x_test, y_test) = self.load_real(paths)
        return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}

    def load_twin(self, content: Arrays) -> Split:
        """What Keras would make of the twin, were it the real file."""
        return load_data(content, self.rows)


class BostonHousing(_Housing):
    """Boston, 1978: 506 suburbs, 13 features (float64), prices in thousands of dollars (float64)."""

    files = (
        RealFile(
            name="boston_housing.npz",
            url=f"{_FOLDER}boston_housing.npz",
            sha256="f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
        ),
    )
    twin = Twin("boston_housing_twin.npz", boston_twin.CONTENT_SHA256, boston_twin.generate)

    def serve(self, path: Path) -> None:
        """Make Keras's ``load_data`` serve the twin stored at ``path``, read when it is first asked for."""
        content = lru_cache(partial(read, self.twin, path))

        def served(path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> Split:
            """Loads the Boston Housing data set (fairmark's offline twin of it)."""
            return load_data(content(), None, test_split, seed)

        serving.replace("boston_housing", load_data=served)


class CaliforniaHousing(_Housing):
    """California, 1990: 600 of 20,640 block groups, 8 features (float32), prices in dollars (float32)."""

    files = (
        RealFile(
            name="california_housing.npz",
            url=f"{_FOLDER}california_housing.npz",
            sha256="1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
        ),
    )
    twin = Twin("california_housing_twin.npz", california_twin.CONTENT_SHA256, california_twin.generate)
    rows = SMALL
    lecture = MappingProxyType({"version": "small"})

    def serve(self, path: Path) -> None:
        """Make Keras's ``load_data`` serve the twin stored at ``path``, read when it is first asked for."""
        content = lru_cache(partial(read, self.twin, path))

        def served(
            version: str = "large", path: str = "california_housing.npz", test_split: float = 0.2, seed: int = 113
        ) -> Split:
            """Loads the California Housing data set (fairmark's offline twin of it)."""
            if version not in ("small", "large"):
                raise ValueError(f"Argument `version` must be one of 'small', 'large'. Received: version={version}")
            return load_data(content(), SMALL if version == "small" else None, test_split, seed)

        serving.replace("california_housing", load_data=served)
