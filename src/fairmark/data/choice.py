"""Whether a data set's real files or its twin are used, decided once per process."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from fairmark.data.dataset import DataSet
from fairmark.data.fetch import DataUnavailable, obtain
from fairmark.data.housing import BostonHousing, CaliforniaHousing
from fairmark.data.imdb import Imdb

Source = Literal["real", "twin"]

DATA_SETS: dict[str, DataSet] = {
    "imdb": Imdb(),
    "boston_housing": BostonHousing(),
    "california_housing": CaliforniaHousing(),
}
"""Every data set that fairmark offers, by the name its users give."""

_VARIABLE = "FAIRMARK_DATA"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """What was decided for a data set; ``paths`` holds its real files by name, none if the twin is used."""

    data_set: DataSet
    source: Source
    paths: Mapping[str, Path]


@lru_cache
def choose(name: str) -> Choice:
    """Decide between real and twin, as the environment variable FAIRMARK_DATA says ("auto" if unset).

    Raises:
        ValueError: no data set has that name.
        DataUnavailable: FAIRMARK_DATA is "real" and the real files can't be had, or it is none of the three words.
    """
    if name not in DATA_SETS:
        raise ValueError(f"no data set is called {name!r}; there is {', '.join(sorted(DATA_SETS))}")
    wanted = os.environ.get(_VARIABLE, "auto")
    if wanted not in ("auto", "real", "twin"):
        raise DataUnavailable(f'{_VARIABLE} is {wanted!r}; it must be "auto", "real" or "twin"')
    data_set = DATA_SETS[name]
    if wanted == "twin":
        return Choice(data_set, "twin", {})
    try:
        return Choice(data_set, "real", obtain(data_set.files))
    except DataUnavailable as error:
        if wanted == "real":
            raise DataUnavailable(f"the real {name} data can't be had: {error}") from error
        _logger.warning("fairmark uses the offline twin of %s: %s", name, error)
        return Choice(data_set, "twin", {})


def refuse_fallback(name: str) -> None:
    """Raise DataUnavailable where `choose` would take the twin though nobody asked for it."""
    if os.environ.get(_VARIABLE, "auto") == "auto":
        obtain(DATA_SETS[name].files)
