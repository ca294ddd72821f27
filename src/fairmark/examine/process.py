"""The examiner's own process: evidence is read there, never where kernels are started."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def examiner_pool(log: Path) -> ProcessPoolExecutor:
    """Return an executor for ``Examiner.examine``; what TensorFlow has to say goes to the file ``log``."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_start, initargs=(str(log),))


def _start(log: str) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 2)
    os.close(file)
