"""Importing TensorFlow without what it does not need."""

import subprocess
import sys


def test_jax_is_left_to_whoever_wants_it() -> None:
    code = (
        "import sys; from fairmark.imports import import_all; import_all(['tensorflow']); "
        "print('jax' in sys.modules); import jax; print(jax.__name__); "
        "import_all(['json']); print('jax' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "jax", "True"]
