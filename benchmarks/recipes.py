"""Recipes without a rerun: a model, how it is trained, and on what."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairmark.calibrate.replay.recipe import Recipe
from fairmark.evidence.blobs import digest_of
from fairmark.evidence.fits import SUFFIX, write_array
from fairmark.evidence.models import architecture_of


def write_recipe(
    folder: Path, model: Any, x: NDArray[Any], y: NDArray[Any], batch_size: int, epochs: tuple[int, ...]
) -> Path:
    """Write the recipe of training ``model``, which is compiled, into ``folder``; return it."""
    arrays = folder.with_name(f"{folder.name}_arrays")
    arrays.mkdir(parents=True, exist_ok=True)
    for array in (x, y):
        if not (path := arrays / f"{digest_of(array)}{SUFFIX}").is_file():
            write_array(path, np.asarray(array))
    architecture, reason = architecture_of(model)
    assert architecture is not None, reason
    compiled = model.get_compile_config()
    Recipe(
        architecture=architecture,
        optimizer=compiled["optimizer"],
        loss=compiled["loss"],
        batch_size=batch_size,
        shuffle=True,
        epochs=epochs,
        x=digest_of(x),
        y=digest_of(y),
    ).write(folder, arrays)
    return folder
