"""Plain otter as an oracle: what `otter run` gives a notebook, question by question."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TIMEOUT = 420

NEVER_STARTED = "Kernel died before replying to kernel_info"
"""What otter ends with when its kernel finds that one of its ports was taken by another process.

Jupyter picks a kernel's TCP ports seconds before the kernel binds them (jupyter_client's issue 154), and other tests
run at the same time. Nothing of the notebook has run by then, so that run says nothing and is done again.
"""


def otter_environment(folder: Path, data_set: str) -> dict[str, str]:
    """Return an environment in which otter's kernels load the twin of the data set, as fairmark's do.

    They find it in a private KERAS_HOME in ``folder``.
    """
    from fairmark import data

    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-twin.py").write_text("from fairmark.data import serve_twins\nserve_twins()\n")
    data.provision(data_set, folder / "keras")
    return {
        **os.environ,
        "KERAS_HOME": str(folder / "keras"),
        "IPYTHONDIR": str(folder / "ipython"),
        "FAIRMARK_DATA": "twin",
    }


def otter_command(notebook: Path, autograder: Path, out: Path) -> list[str]:
    """Return the command that grades one notebook and writes ``out``/results.json."""
    command = [sys.executable, "-m", "otter", "run", str(notebook), "-a", str(autograder), "-o", str(out)]
    return [*command, "--no-logo"]


def points_in(results: Path) -> dict[str, float]:
    """Return the points by question that a results.json holds."""
    tests = json.loads(results.read_text())["tests"]
    return {test["name"]: float(test["score"]) for test in tests if "score" in test}


def otter_points(
    notebook: Path, autograder: Path, folder: Path, topic: str, data_set: str = "imdb"
) -> dict[str, float]:
    """Run ``otter run`` in ``folder`` and return the points by question.

    The notebook is handed in under the assignment's name: under any other, the notebook's own
    ``otter.Notebook("<name>.ipynb")`` fails, and otter checks every question after the last cell only.
    """
    out, named = folder / "out", folder / "hand-in" / f"{topic}.ipynb"
    out.mkdir()
    named.parent.mkdir()
    shutil.copy(notebook, named)
    command, environment = otter_command(named, autograder, out), otter_environment(folder, data_set)
    done = _run(command, folder, environment)
    if NEVER_STARTED in done.stderr:
        done = _run(command, folder, environment)
    assert done.returncode == 0, done.stderr
    return points_in(out / "results.json")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
