"""Plain otter as an oracle: what `otter run` gives a notebook, question by question."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TIMEOUT = 420


def otter_points(
    notebook: Path, autograder: Path, folder: Path, topic: str, data_set: str = "imdb"
) -> dict[str, float]:
    """Run ``otter run`` in ``folder`` and return the points by question.

    The notebook is handed in under the assignment's name: under any other, the notebook's own
    ``otter.Notebook("<name>.ipynb")`` fails, and otter checks every question after the last cell only. Its kernel
    loads the twin of the data set from a private KERAS_HOME, as fairmark's kernels do.
    """
    from fairmark import data

    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-twin.py").write_text("from fairmark.data import serve_twins\nserve_twins()\n")
    data.provision(data_set, folder / "keras")
    (folder / "out").mkdir()
    environment = {
        **os.environ,
        "KERAS_HOME": str(folder / "keras"),
        "IPYTHONDIR": str(folder / "ipython"),
        "FAIRMARK_DATA": "twin",
    }
    named = folder / "hand-in" / f"{topic}.ipynb"
    named.parent.mkdir()
    shutil.copy(notebook, named)
    command = [sys.executable, "-m", "otter", "run", str(named), "-a", str(autograder), "-o", str(folder / "out")]
    done = subprocess.run(
        [*command, "--no-logo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads((folder / "out" / "results.json").read_text())
    return {test["name"]: float(test["score"]) for test in results["tests"] if "score" in test}
