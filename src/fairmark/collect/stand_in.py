"""Inside the student's kernel: stands in for otter and captures what each question left behind.

It runs no test and knows none. Whatever it writes could have been written by the student instead, so
nobody believes it: the collector and the examiner check every byte.
"""

import builtins
import json
import random
import sys
import types
from pathlib import Path
from typing import Any

from fairmark.collect import seeds
from fairmark.collect.raised import cause
from fairmark.evidence.blobs import BlobWriter
from fairmark.evidence.write import Recorder

_MESSAGE_LIMIT = 500


def install(instructions: str) -> None:
    """Prepare the kernel before its first cell: seeds, data, and the stand-in for ``otter``.

    ``instructions`` names a JSON file that the collector wrote: plan, seed, limits, references.
    """
    told = json.loads(Path(instructions).read_text(encoding="utf8"))
    _seed(told["seed"])
    if told["known_arrays"] is not None:
        from fairmark.collect.fit_recorder import record_fits

        record_fits(Path(instructions).parent / "fits", told["known_arrays"])
    remapping = seeds.install(told["seed"])
    from fairmark import data

    data.serve_twins()
    captor = Captor(told, Path(instructions).parent / "evidence", remapping)
    module = types.ModuleType("otter")
    module.__dict__.update(Notebook=_notebook_class(captor), __version__="stand-in", __path__=[])
    sys.modules["otter"] = module
    # Kept alive for the collector's own last call; builtins outlive `%reset`.
    builtins.__dict__["__fairmark_captor__"] = captor


def _seed(seed: int) -> None:
    import keras
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    random.seed(seed)


class Captor:
    """Captures the names and probes of each question when it is checked; the last check counts."""

    def __init__(self, told: dict[str, Any], folder: Path, remapping: seeds.Remapping) -> None:
        self._questions = told["plan"]["questions"]
        self._remapping = remapping
        self._probes: dict[str, Any] = {"__name__": seeds.PROBES}
        exec(compile(told["plan"]["probe_source"], "<probes>", "exec"), self._probes)
        self._blobs = BlobWriter(folder / "blobs", told["name_bytes"], told["evidence_bytes"])
        inputs = self._probes.get("inputs", dict)
        self._recorder = Recorder(self._blobs, told["references"], inputs)
        self._folder = folder
        self._captured: dict[str, str] = {}
        self.cell: int | None = None
        """Number of the code cell that is running, told by the collector; None after the last."""

    def capture(self, question: str, variables: dict[str, Any]) -> None:
        """Record what ``question``'s tests take from ``variables``."""
        plan = self._questions.get(question)
        if plan is None:
            return
        names = {n: self._recorder.node(variables[n]) for n in plan["names"] if n in variables}
        probes = {p: self._probe(p, needs, variables) for p, needs in plan["probes"].items()}
        record = {"cell": self.cell, "names": names, "probes": probes}
        self._folder.mkdir(exist_ok=True)
        part = self._folder / f"{question}.part"
        text = json.dumps(record)
        part.write_text(text, encoding="utf8")
        part.replace(self._folder / f"{question}.json")
        self._captured[question] = text
        self._blobs.keep(named_in="".join(self._captured.values()))

    def capture_rest(self, variables: dict[str, Any]) -> None:
        """Capture the questions that the notebook never checked."""
        self.cell = None
        failed: list[str] = []
        for question in self._questions:
            if question not in self._captured:
                try:
                    self.capture(question, variables)
                except Exception as error:
                    failed.append(f"{question}: {type(error).__name__}")
        if failed:
            raise RuntimeError("; ".join(failed))

    def _probe(self, probe: str, needs: list[str], variables: dict[str, Any]) -> Any:
        missing = [name for name in needs if name not in variables]
        if missing:
            return {"$": "missing", "name": missing[0]}
        waiting = [name for name in needs if variables[name] is ...]
        if waiting:
            return {"$": "unfilled", "name": waiting[0]}
        with self._remapping.undisturbed():
            try:
                return self._recorder.node(self._probes[probe](**{name: variables[name] for name in needs}))
            except BaseException as error:
                # The student's own code failed on our call, or would end us: that is the probe's answer.
                return {"$": "raised", "error": f"{type(error).__name__}: {cause(str(error))}"[:_MESSAGE_LIMIT]}


def _notebook_class(captor: Captor) -> type:
    class Notebook:
        """Takes otter's calls; checks capture, everything else does nothing."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            """Accept otter's arguments."""

        def check(self, question: str, global_env: dict[str, Any] | None = None) -> str:
            """Capture a question's evidence where otter would run its public tests."""
            from IPython.core.getipython import get_ipython

            shell: Any = get_ipython()
            variables = shell.user_ns if global_env is None else global_env
            captor.capture(str(question), variables)
            return f"{question}: received"

        def _nothing(self, *args: Any, **kwargs: Any) -> None:
            """Do nothing: exports are not part of a run for marks."""

        check_all = export = to_pdf = add_plugin_files = run_plugin = _nothing

    return Notebook
