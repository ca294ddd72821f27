"""What fairmark must know about a data set to offer it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy.typing as npt

from fairmark.data.fetch import RealFile
from fairmark.data.twin import Arrays, Twin

Half = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""Inputs and labels (or targets) of the training or the test half."""

Split = tuple[Half, Half]
"""``(x_train, y_train), (x_test, y_test)``, as Keras's ``load_data`` returns it."""


class DataSet(Protocol):
    """One data set: its real files, its twin, and how either is read."""

    @property
    def files(self) -> tuple[RealFile, ...]:
        """The real files; the first one's hash is the fingerprint."""

    @property
    def twin(self) -> Twin:
        """The offline twin."""

    @property
    def lecture(self) -> Mapping[str, Any]:
        """The keyword arguments with which the lecture calls Keras's ``load_data``."""

    def load_real(self, paths: Mapping[str, Path]) -> Split:
        """The real data from files by name, whose hashes have been checked."""

    def arrays_real(self, paths: Mapping[str, Path]) -> dict[str, npt.NDArray[Any]]:
        """The plain arrays of `load_real`, by name, read without Keras."""

    def load_twin(self, content: Arrays) -> Split:
        """The same call's answer over the twin."""

    def serve(self, path: Path) -> None:
        """Make Keras's own loading functions serve the twin stored at ``path``."""


@runtime_checkable
class Worded(Protocol):
    """What a data set offers besides if its inputs are words."""

    def word_index_real(self, paths: Mapping[str, Path]) -> dict[str, int]:
        """Rank of every word of the real data."""

    def word_index_twin(self) -> dict[str, int]:
        """Rank of every word of the twin."""
