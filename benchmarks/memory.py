"""What a warm kernel has in memory for itself alone (USS), before it trains anything."""

import asyncio

import nbformat
import psutil

from fairmark.course import Limits
from fairmark.kernel.choice import kernels
from fairmark.kernel.session import Kernels, kernel_session

SEED = """
import keras, tensorflow as tf
tf.config.experimental.enable_op_determinism()
keras.utils.set_random_seed(0)
"""
LOAD = """
(x_train, y_train), (x_test, y_test) = keras.datasets.imdb.load_data(num_words=10_000)
"""


def private_mb() -> dict[str, float]:
    """Return the MB of a kernel and of the parent it was forked with, at three moments; of the film reviews."""
    with kernels("imdb", Limits(), sandboxed=True) as opened:
        return asyncio.run(_measured(opened))


async def _measured(opened: Kernels) -> dict[str, float]:
    notebook = nbformat.v4.new_notebook()
    with opened.workplace() as place:
        async with kernel_session(notebook, opened, place) as session:
            await session.run_source("pass")
            youngest = max(psutil.Process().children(recursive=True), key=psutil.Process.create_time)
            found = {"after_start": _uss_mb(youngest)}
            await session.run_source(SEED)
            found["after_tensorflow_began"] = _uss_mb(youngest)
            await session.run_source(LOAD)
            found["after_loading_data"] = _uss_mb(youngest)
    return found


def _uss_mb(kernel: psutil.Process) -> float:
    parent = kernel.parent()
    assert parent is not None
    return float(sum(process.memory_full_info().uss for process in (kernel, parent)) / 1e6)
