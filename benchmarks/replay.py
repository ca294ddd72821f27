"""Replay beside a loop of build, compile and fit in TensorFlow: the final networks of two topics, on the twins.

    python -m benchmarks.replay [--quick]

Prints seeds a second of both and writes their ratio by topic into build/calibration.json. CPU seconds are of all
processes, start and compiling included; on a machine that others use too, they tell more than the clock.
"""

import argparse
import json
import os
import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

os.environ["FAIRMARK_DATA"] = "twin"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.recipes import write_recipe
from fairmark import data
from fairmark.calibrate.replay.engine import replay

BUILD = Path(__file__).parents[1] / "build"
console = Console()


@dataclass(frozen=True)
class Subject:
    """A topic's final training."""

    topic: str
    build: Callable[[], Any]
    arrays: Callable[[], tuple[NDArray[Any], NDArray[Any]]]
    batch_size: int
    epochs: int
    loop: int
    """Fits that are timed in the loop, after one that is not."""
    seeds: int
    """Replayed."""


@dataclass(frozen=True)
class Figures:
    """Seeds a second, and CPU seconds a seed."""

    loop_rate: float
    replay_rate: float
    """Without each process's first group, in which it compiles."""
    replay_rate_with_start: float
    loop_cpu: float
    replay_cpu: float
    ratio: float
    """Of the rates."""
    cpu_ratio: float


def reviews() -> tuple[NDArray[Any], NDArray[Any]]:
    (sequences, labels), _ = data.load("imdb")
    return data.multi_hot(sequences), labels.astype("float32")


def reviews_model() -> Any:
    import keras

    layers = [keras.layers.Dense(16, "relu"), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((10_000,)), *layers])
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def houses() -> tuple[NDArray[Any], NDArray[Any]]:
    (x, y), _ = data.load("boston_housing")
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def houses_model() -> Any:
    import keras

    layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((13,)), *layers])
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"], steps_per_execution=20)
    return model


SUBJECTS = (
    Subject("binary_classification", reviews_model, reviews, 512, 4, 4, 100),
    Subject("regression_kfold", houses_model, houses, 4, 60, 4, 512),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure replay beside a loop of fit.")
    parser.add_argument("--quick", action="store_true", help="few seeds of each kind")
    quick = parser.parse_args().quick
    console.print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before it began")
    found = {subject.topic: measure(subject, quick) for subject in SUBJECTS}
    path = BUILD / "calibration.json"
    figures = json.loads(path.read_text()) if path.is_file() else {}
    figures["replay_ratio"] = {topic: round(of.ratio, 1) for topic, of in found.items()}
    figures["replay"] = {topic: asdict(of) for topic, of in found.items()}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n")
    console.print(f"figures: {path}")


def measure(subject: Subject, quick: bool) -> Figures:
    x, y = subject.arrays()
    loop, seeds = (1, subject.seeds // 4) if quick else (subject.loop, subject.seeds)
    _fit(subject, x, y)
    cpu, began = _cpu(resource.RUSAGE_SELF), time.monotonic()
    for _ in range(loop):
        _fit(subject, x, y)
    loop_seconds, loop_cpu = time.monotonic() - began, _cpu(resource.RUSAGE_SELF) - cpu
    folder = write_recipe(BUILD / "replay" / subject.topic, subject.build(), x, y, subject.batch_size,
                          (subject.epochs,))  # fmt: skip
    shutil.rmtree(folder / "weights", ignore_errors=True)
    cpu = _cpu(resource.RUSAGE_CHILDREN)
    done = replay(folder, range(seeds), os.cpu_count() or 1, lambda _: None, "cpu")
    replay_cpu = _cpu(resource.RUSAGE_CHILDREN) - cpu
    figures = Figures(
        loop_rate=loop / loop_seconds,
        replay_rate=done.warm_rate,
        replay_rate_with_start=seeds / done.seconds,
        loop_cpu=loop_cpu / loop,
        replay_cpu=replay_cpu / seeds,
        ratio=done.warm_rate * loop_seconds / loop,
        cpu_ratio=(loop_cpu / loop) / (replay_cpu / seeds),
    )
    console.print(
        f"{subject.topic}: fit {figures.loop_rate:.2f} seeds a second ({figures.loop_cpu:.2f} CPU s each); replay "
        f"{figures.replay_rate:.2f}, with start and compiling {figures.replay_rate_with_start:.2f} over {seeds} seeds "
        f"({figures.replay_cpu:.3f} CPU s each); {figures.ratio:.0f} times as many seeds, {figures.cpu_ratio:.0f} "
        "times by CPU seconds"
    )
    return figures


def _fit(subject: Subject, x: NDArray[Any], y: NDArray[Any]) -> None:
    subject.build().fit(x, np.asarray(y), epochs=subject.epochs, batch_size=subject.batch_size, verbose=0)


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
