"""The names a test takes, restored from evidence; a name that is missing says why."""

from typing import Any

from fairmark.evidence.blobs import BadBlob
from fairmark.evidence.manifest import LIMITS, Captured, Manifest
from fairmark.evidence.records import NotExamined, NotShown
from fairmark.evidence.restore import Absent, Placeholder, Restorer
from fairmark.plan import QuestionPlan


class Names(dict[str, Any]):
    """What otter's test cases see as the notebook's globals, for one question."""

    def __init__(self, question: str, plan: QuestionPlan, manifest: Manifest, restorer: Restorer) -> None:
        super().__init__()
        self._question = question
        self._plan = plan
        self._manifest = manifest
        self._captured = manifest.questions.get(question)
        self._restorer = restorer

    def get(self, name: str, default: Any = None) -> Any:
        """Restore ``name``.

        Raises NotShown with a sentence for the student if it is not in the evidence, and NotExamined
        if the stored capture plan did not ask for it.
        """
        if name not in self:
            self[name] = self._find(name)
        return self[name]

    def _find(self, name: str) -> Any:
        if name not in self._plan.names and name not in self._plan.probes:
            if any(name in needs for needs in self._plan.probes.values()):
                return None  # a live variable that only a probe takes; its answer is in the evidence
            raise NotExamined(f"`{name}` was not asked for when this was collected: collect again")
        if self._captured is None:
            raise _nothing_captured(self._question, self._manifest)
        if name in self._plan.probes:
            return self._probe(name, self._captured)
        if name not in self._captured.names:
            raise NotShown(_undefined(name, self._question, self._captured, self._manifest))
        return self._restored(f"`{name}`", self._captured.names[name])

    def _probe(self, name: str, captured: Captured) -> Any:
        if name not in captured.probes:
            raise NotExamined(f"the probe `{name}` was not called when this was collected: collect again")
        node = captured.probes[name]
        asked = " and ".join(f"`{need}`" for need in self._plan.probes[name])
        match node:
            case {"$": "missing", "name": str(missing)}:
                raise NotShown(_undefined(missing, self._question, captured, self._manifest))
            case {"$": "unfilled", "name": str(unfilled)}:
                raise NotShown(f"`{unfilled}` still holds the placeholder `...`")
            case {"$": "raised", "error": str(error)}:
                raise NotShown(f"using your {asked} raised {error}")
        if node is None:
            raise NotExamined(f"the probe `{name}` returned None, which tells a test to call it: return a value")
        return self._restored(asked, node)

    def _restored(self, name: str, node: Any) -> Any:
        try:
            return self._restorer.value(node)
        except Placeholder as error:
            raise NotShown(f"{name} still holds the placeholder `...`") from error
        except Absent as error:
            raise NotShown(f"{name} is not what this question asks for: {error}") from error
        except BadBlob as error:
            raise NotShown(f"{name} could not be read back: {error}") from error


def _undefined(name: str, question: str, captured: Captured, manifest: Manifest) -> str:
    """Say that a name was not defined, and which cell's error may be why."""
    where = "at the end of the notebook" if captured.cell is None else f"when {question} was checked"
    before = [e for e in manifest.errors if captured.cell is None or e.cell <= captured.cell]
    sentence = f"`{name}` was not defined {where}"
    if before:
        sentence += f": cell {before[-1].cell} raised {before[-1].name}: {before[-1].message}"
    return sentence


def _nothing_captured(question: str, manifest: Manifest) -> Exception:
    ending = manifest.ending
    if ending.kind == "capture_failed":
        return NotExamined(f"{question} could not be captured: {ending.message}")
    where = f" in cell {ending.cell}" if ending.cell else ""
    if ending.kind in LIMITS:
        return NotShown(f"{question} was not reached: the {LIMITS[ending.kind]} ended the run{where}")
    if ending.kind in ("kernel_died", "kernel_garbled"):
        return NotShown(f"{question} was not reached: the kernel ended{where}")
    return NotShown(f"nothing was captured for {question}")
