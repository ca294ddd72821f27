"""From evidence to verdicts. A pure function of evidence, tests and thresholds: results are kept by these."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import fairmark
from fairmark import data
from fairmark.checks.examination import Examination, examination
from fairmark.evidence.manifest import LIMITS, Manifest
from fairmark.evidence.restore import Restorer
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.names import Names
from fairmark.examine.verdict import QuestionVerdict, Verdict
from fairmark.plan import Plan
from fairmark.thresholds import Thresholds, read_thresholds


@dataclass(frozen=True)
class Examiner:
    """Examines evidence in ``folder``/evidence with the tests of one topic."""

    topic: str
    grader: Path
    folder: Path
    calibrating: bool = False

    @property
    def store(self) -> EvidenceStore:
        """The evidence."""
        return EvidenceStore(self.folder / "evidence")

    def examine(self, keys: Sequence[str], student: str, submission: str, note: str | None = None) -> Verdict:
        """Return the verdict on the evidence ``keys`` of one submission, one key a run.

        The first run decides every case, but for one that missed a threshold there: any run may pass it.
        """
        plan = Plan.read(self.grader / "plan.json")
        thresholds = read_thresholds(self.grader)
        first, *others = (self.store.manifest(key) for key in keys)
        questions = []
        for name in plan.questions:
            question = self._question(name, plan, first, thresholds)
            for run, manifest in enumerate(others, start=2):
                if any(case.missed_a_threshold for case in question.cases):
                    question = _retried(question, self._question(name, plan, manifest, thresholds), run)
            questions.append(question)
        verdict = Verdict(
            topic=self.topic,
            student=student,
            submission=submission,
            status=status(first, note),
            note=note,
            data=first.data,
            evidence=tuple(keys),
            questions=tuple(questions),
        )
        # A seed of one's own is lucky only where a bar has to be met.
        return verdict.model_copy(update={"escaping_seeds": first.escaping_seeds}) if verdict.met_a_bar else verdict

    def _test_file(self, question: str) -> Path:
        return self.grader / "tests" / f"{question}.py"

    def _question(self, name: str, plan: Plan, manifest: Manifest, thresholds: Thresholds) -> QuestionVerdict:
        """Examine one question, unless the very same was examined before."""
        captured = manifest.questions.get(name)
        bars = {threshold: bars.get(manifest.data) for threshold, bars in thresholds.items()}
        ingredients = [
            own_source(),
            self.calibrating,
            self._test_file(name).read_text(encoding="utf8"),
            plan.questions[name].model_dump(mode="json"),
            captured.model_dump() if captured else None,
            # A record names its blobs, whether they are there or not.
            sorted(captured.named_blobs() & self.store.blob_names(manifest.key)) if captured else None,
            {threshold: bar.model_dump(mode="json") for threshold, bar in bars.items() if bar},
            manifest.data,
            manifest.ending.model_dump(),
            [error.model_dump() for error in manifest.errors],
        ]
        key = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:32]
        kept = self.folder / "examined" / f"{key}.json"
        if kept.is_file():
            return QuestionVerdict.model_validate_json(kept.read_bytes())
        verdict = self._examined(name, plan, manifest, thresholds)
        if verdict.decided:
            kept.parent.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(f".{uuid4().hex[:8]}.part")
            part.write_text(verdict.model_dump_json(indent=1), encoding="utf8")
            part.replace(kept)
        return verdict

    def _examined(self, name: str, plan: Plan, manifest: Manifest, thresholds: Thresholds) -> QuestionVerdict:
        from fairmark.examine.testfile import EvidenceTestFile  # imports otter

        file = EvidenceTestFile.from_file(str(self._test_file(name)))
        restorer = Restorer(self.store.blobs(manifest.key), _reference, digests={})
        names = Names(name, plan.questions[name], manifest, restorer)
        context = Examination(
            thresholds,
            manifest.data,
            self.folder / "predictions",
            restorer.digests,
            self.calibrating,
            claims=restorer.claims,
        )
        with examination(context):
            cases = file.examine(names)
        captured = manifest.questions.get(name)
        return QuestionVerdict(
            name=name,
            earned=round(float(file.score), 6),
            possible=round(float(file.possible), 6),
            all_or_nothing=bool(file.all_or_nothing),
            checked_at=captured.checked_at if captured else "never",
            cases=cases,
        )


def possible_points(grader: Path) -> dict[str, float]:
    """Return the points of every question of a topic, by otter's reading of its test files."""
    from fairmark.examine.testfile import EvidenceTestFile  # imports otter

    plan = Plan.read(grader / "plan.json")
    files = {name: grader / "tests" / f"{name}.py" for name in plan.questions}
    return {name: round(float(EvidenceTestFile.from_file(str(path)).possible), 6) for name, path in files.items()}


def status(manifest: Manifest, note: str | None = None) -> str:
    """Say in one sentence how the run went."""
    ending, errors = manifest.ending, manifest.errors
    where = f" in cell {ending.cell}" if ending.cell else ""
    ends = {
        "finished": "graded",
        "capture_failed": f"what the notebook left behind could not be captured: {ending.message}",
        **{
            limit: f"the {name} ended the run{where}; only what was checked before counts"
            for limit, name in LIMITS.items()
        },
        "kernel_died": f"the kernel ended{where}; only what was checked before counts",
        "kernel_garbled": f"the kernel sent what no kernel sends{where}; only what was checked before counts",
    }
    sentence = ends[ending.kind]
    if manifest.output_cut and ending.kind != "output_limit":
        sentence += "; what it printed beyond the limit of output was not kept"
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more cells raised)" if len(errors) > 1 else ""
        sentence += f"; cell {first.cell} raised {first.name}: {first.message}{more}"
    return f"{sentence}; {note}" if note else sentence


def _retried(question: QuestionVerdict, again: QuestionVerdict, run: int) -> QuestionVerdict:
    """Let ``again``, the same question after another run, pass the cases that missed a threshold."""
    cases = tuple(
        after.model_copy(update={"run": run}) if case.missed_a_threshold and after.outcome == "passed" else case
        for case, after in zip(question.cases, again.cases, strict=True)
    )
    return question.with_cases(cases)


def _reference(name: str) -> object:
    return data.references(name.split("/")[0])[name]


@cache
def own_source() -> str:
    """Hash the code that decides a verdict: another examiner examines again."""
    package = Path(fairmark.__file__).parent
    parts = ("checks", "data", "evidence", "examine")
    texts = [path.read_bytes() for part in parts for path in sorted((package / part).rglob("*.py"))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
