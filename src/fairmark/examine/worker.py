"""The process that examines: a request a line on its standard input, an answer a line on its standard output.

Run as ``python -m fairmark.examine.worker TOPIC GRADER FOLDER [prepared] [calibrating]``. It reads what students
made, so it is asked and answers in JSON only: whoever took it over could send its parent no more than text.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from fairmark.examine.examiner import Examiner
from fairmark.imports import import_all

MEMORY_BYTES = 8 << 30
"""What it may allocate: a class's largest arrays are a quarter of that."""

FURTHER_SECONDS = 20
"""For each case after the one over which the time limit was reached."""

NEEDED = ("tensorflow", "keras", "fairmark.checks", "fairmark.examine.testfile")
"""What takes seconds to import."""


def main(topic: str, grader: str, folder: str, *options: str) -> None:
    """Answer requests until the other end is closed; ``prepared`` imports what they need before the first comes."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    _limit_memory()
    examiner = Examiner(topic, Path(grader), Path(folder), "calibrating" in options)
    if "prepared" in options:
        import_all(NEEDED)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(examiner, json.loads(line))) + "\n")
        answers.flush()


def _limit_memory() -> None:
    """Let evidence that claims to be huge end in an error, not in the machine's."""
    if sys.platform == "win32":
        return
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, highest))


def _answer(examiner: Examiner, request: dict[str, Any]) -> dict[str, Any]:
    try:
        verdict = _examined(examiner, request.pop("seconds"), **request)
        return {"verdict": verdict.model_dump(mode="json")}
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}


def _examined(examiner: Examiner, seconds: int, **request: Any) -> Any:
    """Examine under a time limit: evidence that takes for ever to rebuild holds up nobody else.

    The TimeoutError ends the case at hand, which is then not examined; each of the others has some time left.
    """
    if not hasattr(signal, "SIGALRM"):  # Windows
        return examiner.examine(**request)

    def expire(number: int, frame: object) -> None:
        raise TimeoutError(f"examining took more than {seconds} seconds")

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds, FURTHER_SECONDS)
    try:
        return examiner.examine(**request)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
