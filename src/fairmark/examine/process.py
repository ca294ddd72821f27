"""The examiner's own process: evidence is read there, in the sandbox, never where kernels are started."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fairmark import data, sandbox
from fairmark.examine.examiner import Examiner
from fairmark.examine.verdict import Verdict
from fairmark.scratch import scratch_folder

SECONDS = 300
"""Time for one submission, after which the case at hand is not examined."""

_GRACE_SECONDS = 120
"""For what the alarm can't interrupt, and for the other cases; then the process is replaced."""

_GRADER, _RESULTS, _CACHE = "/grader", "/results", "/cache"
_WRITTEN = ("examined", "predictions")


class ExaminerFailed(Exception):
    """The examiner's own failure, with what it said; never a student's zero."""


@dataclass
class ExaminerProcess:
    """Calls an examiner in a process of its own, from any thread; one that died is replaced.

    ``data`` is the topic's data set.
    """

    examiner: Examiner
    data: str
    sandboxed: bool
    seconds: int = SECONDS
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False, repr=False)
    _shown: Path | None = field(default=None, init=False, repr=False)
    _scratch: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> "ExaminerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._scratch.close()

    def prepare(self) -> None:
        """Start the process now: it imports what it needs while there is nothing to examine yet."""
        with self._lock:
            self._process = self._process or self._started("prepared")

    def __call__(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        """Return ``Examiner.examine`` of these arguments. Raises ExaminerFailed, also if the process died twice."""
        request = {"keys": list(keys), "student": student, "submission": submission, "note": note}
        line = json.dumps({**request, "seconds": self.seconds}) + "\n"
        with self._lock:
            # Another submission may have killed it; this one gets a second try.
            answer = self._asked(line) or self._asked(line)
        if answer is None:
            raise ExaminerFailed("the examiner died twice over this submission")
        if "error" in answer:
            raise ExaminerFailed(str(answer["error"]))
        return Verdict.model_validate_json(json.dumps(answer["verdict"]))

    def _asked(self, line: str) -> dict[str, Any] | None:
        """Return the answer to a request, None if the process died over it.

        Raises ExaminerFailed if it had to be ended: all others wait meanwhile, and would wait as long again.
        """
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        over = threading.Event()

        def end() -> None:
            over.set()
            sandbox.kill(process)

        most = self.seconds + _GRACE_SECONDS
        patience = threading.Timer(most, end)
        patience.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            if answer := process.stdout.readline():
                found: dict[str, Any] = json.loads(answer)
                return found
        except (BrokenPipeError, ValueError):
            pass  # it is no more, or no longer itself
        finally:
            patience.cancel()
        self._stop()
        if over.is_set():
            raise ExaminerFailed(f"it took more than {most} seconds to examine")
        return None

    def _started(self, *options: str) -> "subprocess.Popen[str]":
        folder = self.examiner.folder
        for name in ("evidence", *_WRITTEN):
            (folder / name).mkdir(parents=True, exist_ok=True)
        options = (*options, "calibrating") if self.examiner.calibrating else options
        command, environment = self._in_sandbox(options) if self.sandboxed else self._plainly(options)
        with (folder / "examiner.log").open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment, encoding="utf8"
            )

    def _stop(self) -> None:
        if self._process is None:
            return
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        sandbox.kill(self._process)
        self._process.wait()
        self._process = None

    def _plainly(self, options: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        folders = self.examiner.grader.resolve(), self.examiner.folder.resolve()
        # As it was decided here: "auto" might decide otherwise there.
        environment = {**os.environ, **_SETTINGS, "FAIRMARK_DATA": data.source(self.data)}
        return self._arguments(*map(str, folders), *options), environment

    def _in_sandbox(self, options: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """Show the examiner its tests, the evidence and the data; let it write what it found out."""
        if self._shown is None:
            self._shown = self._scratch.enter_context(scratch_folder())
            data.provision(self.data, self._shown)
        folder = self.examiner.folder.resolve()
        environment = {
            **_SETTINGS,
            "PATH": os.defpath,
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": _CACHE,
            "KERAS_HOME": "/tmp/keras",
            "FAIRMARK_DATA": data.source(self.data),
        }
        read = {
            _GRADER: self.examiner.grader.resolve(),
            f"{_RESULTS}/evidence": folder / "evidence",
            f"{_CACHE}/fairmark/datasets": self._shown / "datasets",
        }
        write = {f"{_RESULTS}/{name}": folder / name for name in _WRITTEN}
        arguments = self._arguments(_GRADER, _RESULTS, *options)
        return sandbox.command(arguments, environment, read, write), dict(os.environ)

    def _arguments(self, *folders_and_options: str) -> list[str]:
        return [sys.executable, "-P", "-m", "fairmark.examine.worker", self.examiner.topic, *folders_and_options]


_SETTINGS = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
