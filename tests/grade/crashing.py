"""Grades a class, with simulated collection, and kills itself on the way.

python -m tests.grade.crashing COURSE SUBMISSIONS OUT N: just before the Nth change to a file of OUT (0: never);
prints how many changes there were.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path
from threading import Lock

from fairmark.course import read_course
from fairmark.grade.batch import Grader
from tests.machine import has_sandbox
from tests.simulated import Simulated

CHANGES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir")


def main(root: str, submissions: str, out: str, fatal: str) -> None:
    numbers, lock, last = count(1), Lock(), [0]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in CHANGES or not str(arguments[0]).startswith(out):
            return
        if event == "open" and not int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR):
            return
        with lock:
            last[0] = next(numbers)
            if last[0] == int(fatal):
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    course = read_course(Path(root))
    grader = Grader(course, "mini", Path(out), course.limits, 0, has_sandbox())
    grader.grade([Path(submissions)], 2, lambda *_: None, Simulated())
    print(last[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
