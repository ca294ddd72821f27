"""The data sets of the course: the real ones where they can be had, offline twins where not.

Environment variable FAIRMARK_DATA: "auto" (the default: real if possible, else the twin, with one line that
says why), "real" (or `DataUnavailable`) or "twin". What is decided for a data set holds for the process.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fairmark.constants import constant
from fairmark.data.choice import DATA_SETS, Source, choose, refuse_fallback
from fairmark.data.dataset import Split, Worded
from fairmark.data.fetch import DataUnavailable, install, keras_home
from fairmark.data.preloaded import is_preloaded
from fairmark.data.twin import TwinDamaged, content, write
from fairmark.data.vectors import multi_hot

__all__ = [
    "DataUnavailable",
    "TwinDamaged",
    "fingerprint",
    "load",
    "multi_hot",
    "provision",
    "references",
    "refuse_fallback",
    "serve_twins",
    "source",
    "word_index",
]


@lru_cache
def load(name: str) -> Split:
    """The data set, exactly as the lecture loads it.

    What Keras's own call returns, as ``(x_train, y_train), (x_test, y_test)``; all callers in a process share
    the arrays, and none can write to them.

    * "imdb": ``keras.datasets.imdb.load_data(num_words=10000)``; ``x`` (25000,) object arrays of lists of int
      below 10,000, ``y`` (25000,) int64, 0 or 1.
    * "boston_housing": ``keras.datasets.boston_housing.load_data()``; ``x`` (404, 13) and (102, 13) float64,
      ``y`` float64, thousands of dollars.
    * "california_housing": ``keras.datasets.california_housing.load_data(version="small")``; ``x`` (480, 8) and
      (120, 8) float32, ``y`` float32, dollars.

    Raises:
        ValueError: no data set has that name.
        DataUnavailable: FAIRMARK_DATA is "real" and the real files can't be had, or it has no meaning.
    """
    chosen = choose(name)
    if chosen.source == "real":
        (x_train, y_train), (x_test, y_test) = chosen.data_set.load_real(chosen.paths)
    else:
        (x_train, y_train), (x_test, y_test) = chosen.data_set.load_twin(content(chosen.data_set.twin))
    return (constant(x_train), constant(y_train)), (constant(x_test), constant(y_test))


def source(name: str) -> Source:
    """Which one `load` uses, "real" or "twin"; raises what `load` raises."""
    return choose(name).source


def fingerprint(name: str) -> str:
    """Name, source and the first 12 hex digits of the content's sha256, such as "imdb-real-69664113be75"."""
    chosen = choose(name)
    real, twin = chosen.data_set.files[0].sha256, chosen.data_set.twin.sha256
    return f"{name}-{chosen.source}-{(real if chosen.source == 'real' else twin)[:12]}"


def word_index(name: str) -> dict[str, int]:
    """Rank of every word, 1 the commonest, as ``get_word_index()`` of Keras.

    Raises what `load` raises, and ValueError if the data set has no words.
    """
    chosen = choose(name)
    if not isinstance(chosen.data_set, Worded):
        raise ValueError(f"{name} has no word index: its inputs are not words")
    if chosen.source == "real":
        return chosen.data_set.word_index_real(chosen.paths)
    return chosen.data_set.word_index_twin()


def references(name: str) -> dict[str, npt.NDArray[Any]]:
    """The data set's plain arrays by name ("imdb/y_train", …): what evidence need not store."""
    chosen = choose(name)
    if chosen.source == "real":
        arrays = chosen.data_set.arrays_real(chosen.paths)
    else:
        (x_train, y_train), (x_test, y_test) = load(name)
        arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return {f"{name}/{key}": array for key, array in arrays.items() if array.dtype != np.object_}


def provision(name: str, keras_home: Path) -> None:
    """Put what a kernel needs to load the data set into ``keras_home``/datasets, a private folder.

    Copies, never links: a student's code can write there. With the twin, the kernel must call `serve_twins`.
    Raises what `load` raises, and OSError if the folder can't be written.
    """
    chosen = choose(name)
    folder = keras_home / "datasets"
    for file, path in chosen.paths.items():
        install(path, folder / file)
    if chosen.source == "twin":
        write(chosen.data_set.twin, folder)


def serve_twins() -> None:
    """In a kernel: let Keras's own functions serve the twins that lie in ``$KERAS_HOME/datasets``, if any."""
    for name, data_set in DATA_SETS.items():
        path = keras_home() / "datasets" / data_set.twin.file
        if path.exists() and not is_preloaded(name):
            data_set.serve(path)
