"""IMDB: 50,000 film reviews as lists of word ranks, half of them positive."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from fairmark.data import imdb_serving, imdb_twin
from fairmark.data.dataset import Split
from fairmark.data.fetch import RealFile
from fairmark.data.twin import Arrays, Twin

NUM_WORDS = 10_000
"""The vocabulary of the lecture: rarer words are loaded as out-of-vocabulary."""

KERAS_SEED = 113
"""With which ``load_data`` shuffles unless told otherwise."""

_FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_REVIEWS = RealFile(
    name="imdb.npz",
    url=f"{_FOLDER}imdb.npz",
    sha256="69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
)
_WORD_INDEX = RealFile(
    name="imdb_word_index.json",
    url=f"{_FOLDER}imdb_word_index.json",
    sha256="027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
)


class Imdb:
    """The registry's entry for IMDB."""

    # Both files or none: a notebook that decodes a review must find the index of the reviews it loaded.
    files = (_REVIEWS, _WORD_INDEX)
    twin = Twin("imdb_twin.npz", imdb_twin.CONTENT_SHA256, imdb_twin.generate)
    lecture: Mapping[str, Any] = MappingProxyType({"num_words": NUM_WORDS})

    def load_real(self, paths: Mapping[str, Path]) -> Split:
        """What ``keras.datasets.imdb.load_data(num_words=10000)`` makes of the file."""
        from keras.src.datasets import imdb as keras_imdb

        # Keras reads it, but never looks for it: it would ignore a folder it can't write to, and replace or
        # delete a file it doesn't like.
        original = keras_imdb.get_file
        keras_imdb.get_file = lambda *args, **kwargs: str(paths[_REVIEWS.name])
        try:
            split: Split = keras_imdb.load_data(num_words=NUM_WORDS)
        finally:
            keras_imdb.get_file = original
        return split

    def arrays_real(self, paths: Mapping[str, Path]) -> dict[str, npt.NDArray[Any]]:
        """The labels, in the order into which Keras shuffles them: with one generator, training half first."""
        generator = np.random.RandomState(KERAS_SEED)
        arrays = {}
        with np.load(paths[_REVIEWS.name], allow_pickle=False) as file:
            for name in ("y_train", "y_test"):
                labels = file[name]
                order = np.arange(len(labels))
                generator.shuffle(order)
                arrays[name] = labels[order]
        return arrays

    def load_twin(self, content: Arrays) -> Split:
        """What Keras would make of the twin, were it the real file."""
        return imdb_serving.load_data(content, num_words=NUM_WORDS)

    def word_index_real(self, paths: Mapping[str, Path]) -> dict[str, int]:
        """What ``keras.datasets.imdb.get_word_index()`` makes of the file."""
        index: dict[str, int] = json.loads(paths[_WORD_INDEX.name].read_text(encoding="utf-8"))
        return index

    def word_index_twin(self) -> dict[str, int]:
        """Rank by word, rank 1 first."""
        return imdb_serving.word_index()

    def serve(self, path: Path) -> None:
        """Make Keras's ``load_data`` and ``get_word_index`` serve the twin stored at ``path``."""
        imdb_serving.serve(self.twin, path)
