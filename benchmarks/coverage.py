"""Does a bar keep its promise? Calibrations drawn from seeds of a small network whose distribution is known.

20,000 replayed seeds are the truth. For n = 30, 100, 300: draw n of them 1,000 times, find T each time, and count how
often P(all m runs miss T) <= alpha truly holds. Prints a table; writes ``coverage`` of build/calibration.json.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.known_truth import counts
from fairmark.calibrate.bound import Promise, bound

TRUTH = 20_000
CALIBRATIONS = 1_000
SIZES = (30, 100, 300)
PROMISE = Promise(alpha=0.001, confidence=0.95, runs=3)
OUT = Path("build/calibration.json")


def coverage(truth: NDArray[np.int64], seeds: int, generator: np.random.Generator) -> tuple[float, float]:
    """Return the share of calibrations that keep the promise, and the mean chance to fail a correct solution."""
    ordered = np.sort(truth)
    kept, chances = 0, []
    for _ in range(CALIBRATIONS):
        bar = bound([generator.choice(truth, seeds, replace=False)], PROMISE, "at_least")
        assert bar is not None
        chance = (np.searchsorted(ordered, bar, side="left") / len(ordered)) ** PROMISE.runs
        kept += chance <= PROMISE.alpha
        chances.append(chance)
    return kept / CALIBRATIONS, float(np.mean(chances))


def main() -> None:
    truth, generator = counts(TRUTH), np.random.default_rng(1)
    print(f"{TRUTH:,} seeds: mean {truth.mean():.2f}, sd {truth.std():.2f}, least {truth.min()}, most {truth.max()}")
    print("seeds   promise kept   mean chance of a false fail")
    found = {}
    for size in SIZES:
        share, chance = coverage(truth, size, generator)
        found[str(size)] = share
        print(f"{size:5}{share:15.3f}{chance:30.2g}")
    write({"coverage": found})


def write(found: dict[str, object]) -> None:
    """Add to build/calibration.json; what others wrote there stays."""
    kept = json.loads(OUT.read_text()) if OUT.is_file() else {}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({**kept, **found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
