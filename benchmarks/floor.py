"""The floor: a notebook's bare cells, run once in a process that has imported everything.

    python -m benchmarks.floor DATA NOTEBOOK…

Forks a child for each notebook, which has the data in memory already, runs the cells in an IPython shell (figures are
drawn, as in Jupyter) and ends. No kernel, no messages, no check cells, no evidence. Prints the seconds of each.
"""

import gc
import importlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import nbformat

IMPORTS = ("tensorflow", "keras", "numpy", "pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "IPython")


def main(data_set: str, paths: list[Path]) -> None:
    from fairmark import data
    from fairmark.data.preloaded import preload

    for name in IMPORTS:
        importlib.import_module(name)
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        data.provision(data_set, Path(folder))
        preload(data_set, Path(folder) / "datasets")
    gc.collect()
    gc.freeze()  # the collector would copy pages that the children share
    print("ready", flush=True)
    for notebook in notebooks:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            _run(notebook)
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit(f"a cell failed ({status})")
        print(f"{time.monotonic() - began:.3f}", flush=True)


def _run(notebook: nbformat.NotebookNode) -> NoReturn:
    import keras
    import tensorflow as tf
    from IPython.core.interactiveshell import InteractiveShell

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    shell = InteractiveShell.instance()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "grader" not in cell.source:  # otter's own cells
            shell.run_cell(cell.source).raise_error()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], [Path(argument) for argument in sys.argv[2:]])
