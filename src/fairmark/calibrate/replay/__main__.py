"""The process that trains: ``python -m fairmark.calibrate.replay FOLDER FIRST STOP STEP``.

FOLDER holds a recipe; the seeds ``range(FIRST, STOP, STEP)`` that are not done yet are trained into it. Prints
``trained SEEDS SECONDS`` for each group of seeds; or ``refused: …``, and ends with exit code 3.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

import jax
import numpy as np

from fairmark.calibrate.replay.recipe import NotReplayable, Recipe, installed
from fairmark.calibrate.replay.weights import weights_of

REFUSED = 3
_KEEP_SECONDS = 15.0
"""Seeds are written to disk so often at most."""
_KEEP_BYTES = 1 << 28


def train(folder: Path, seeds: range) -> None:
    """Train what is not done of ``seeds`` into ``folder``. Raises NotReplayable."""
    from fairmark.calibrate.replay.training import Training

    recipe = Recipe.read(folder)
    if (here := installed()) != recipe.versions:
        raise NotReplayable(f"the recipe is for {_words(recipe.versions)}, and here is {_words(here)}: install these")
    kept = weights_of(folder, jax.default_backend())
    todo = np.asarray(sorted(set(seeds) - kept.seeds()), dtype="int64")
    if not len(todo):
        return
    training = Training(recipe, *recipe.arrays(folder))
    # Seeds of alike numbers of epochs are trained together: none waits for another.
    todo = todo[np.argsort(training.epochs(todo), kind="stable")]
    waiting: list[tuple[np.ndarray, list[np.ndarray]]] = []
    written = time.monotonic()
    for start in range(0, len(todo), training.together):
        group = todo[start : start + training.together]
        began = time.monotonic()
        waiting.append((group, training.weights(group)))
        print("trained", len(group), f"{time.monotonic() - began:.3f}", flush=True)
        size = len(waiting) * sum(weight.nbytes for weight in waiting[0][1])
        if time.monotonic() - written > _KEEP_SECONDS or size > _KEEP_BYTES or start + training.together >= len(todo):
            groups, weights = zip(*waiting, strict=True)
            kept.add(np.concatenate(groups).tolist(), [np.concatenate(parts) for parts in zip(*weights, strict=True)])
            waiting, written = [], time.monotonic()


def _words(versions: Mapping[str, str]) -> str:
    return " and ".join(f"{name} {version}" for name, version in versions.items())


if __name__ == "__main__":
    try:
        train(Path(sys.argv[1]), range(*map(int, sys.argv[2:5])))
    except NotReplayable as error:
        print(f"refused: {error}", flush=True)
        sys.exit(REFUSED)
