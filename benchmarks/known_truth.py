"""One small network under so many seeds that its distribution is as good as known: what coverage is measured against.

python -m benchmarks.known_truth [SEEDS]
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BUILD = Path(__file__).parents[1] / "build" / "known_truth"
FEATURES, TRAIN_ROWS, TEST_ROWS = 30, 400, 500
EPOCHS, BATCH = 20, 32


def counts(seeds: int) -> NDArray[np.int64]:
    """Return how many of the 500 test rows each of ``seeds`` trainings of a 16-16-1 network gets right, by seed.

    What is trained is kept in build/known_truth; more seeds later add to it. Takes some minutes for 20,000.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")  # TensorFlow is not needed
    import keras

    from benchmarks.recipes import write_recipe
    from fairmark.calibrate.replay.engine import replay

    x, y = _rows()
    layers = [keras.layers.Dense(16, "relu"), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((FEATURES,)), *layers])
    model.compile("rmsprop", "binary_crossentropy")
    folder = write_recipe(BUILD / "recipe", model, x[:TRAIN_ROWS], y[:TRAIN_ROWS], BATCH, (EPOCHS,))
    done = replay(folder, range(seeds), os.cpu_count() or 1, lambda _: None, "cpu")
    correct = np.zeros(seeds, dtype="int64")
    for found in done.weights.read(range(seeds)):
        outputs = x[TRAIN_ROWS:]
        for kernel, bias in zip(found.weights[::2], found.weights[1::2], strict=True):
            logits = outputs @ kernel + bias
            outputs = np.maximum(logits, 0)
        correct[found.seed] = np.sum((logits[:, 0] > 0) == (y[TRAIN_ROWS:] > 0))
    return correct


def _rows() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Make two classes that overlap: training rows first, then test rows."""
    rng = np.random.default_rng(20)
    x = rng.normal(size=(TRAIN_ROWS + TEST_ROWS, FEATURES))
    score = x @ rng.normal(size=FEATURES) + 2 * x[:, 0] * x[:, 1] + 2 * rng.normal(size=len(x))
    return x.astype("float32"), (score > 0).astype("float32")


if __name__ == "__main__":
    began = time.monotonic()
    found = counts(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    print(f"{len(found)} seeds in {time.monotonic() - began:.0f} s: {found.mean():.2f} of {TEST_ROWS} rows right, "
          f"standard deviation {found.std():.2f}, from {found.min()} to {found.max()}")  # fmt: skip
