"""Time and memory of the coordinator by size of the class. Collection is simulated: no notebook runs.

    python -m benchmarks.scaling [--full]

Each size is graded by a process of its own; the examiner is another, and not counted. ``--full`` adds 10,000.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

SIZES = (10, 100, 1000)
JOBS = 2


class Peak:
    """The largest resident memory of this process while the block runs, in MB."""

    def __enter__(self) -> "Peak":
        self.first = self.most = self._now()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.02):
            self.most = max(self.most, self._now())

    def _now(self) -> float:
        return psutil.Process().memory_info().rss / 1e6


def measure(size: int, folder: Path) -> dict[str, float]:
    """Grade ``size`` simulated submissions in this process."""
    from fairmark.grade.batch import Grader
    from tests.machine import has_sandbox
    from tests.simulated import Simulated, simulated_class, simulated_course

    course = simulated_course(folder / "course")
    submissions = simulated_class(course, folder / "in", size - 1)
    grader = Grader(course, "mini", folder / "out", course.limits, 0, has_sandbox())
    with Peak() as memory:
        began = time.monotonic()
        verdicts = grader.grade([submissions], JOBS, lambda *_: None, Simulated())
        seconds = time.monotonic() - began
    assert len(verdicts) == size
    return {"seconds": seconds, "first": memory.first, "peak": memory.most}


def main(*arguments: str) -> None:
    if arguments and arguments[0].isdigit():
        with tempfile.TemporaryDirectory(prefix="scaling-") as folder:
            print(json.dumps(measure(int(arguments[0]), Path(folder))))
        return
    print("submissions   seconds   ms each   MB at the start   MB at most")
    for size in (*SIZES, 10_000) if "--full" in arguments else SIZES:
        command = [sys.executable, "-m", "benchmarks.scaling", str(size)]
        environment = {**os.environ, "FAIRMARK_DATA": "twin"}
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
        found = json.loads(done.stdout)
        each = 1000 * found["seconds"] / size
        print(f"{size:11,}{found['seconds']:10.1f}{each:10.1f}{found['first']:18.0f}{found['peak']:13.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
