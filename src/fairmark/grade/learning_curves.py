"""Students' learning curves beside those of a correct solution: for their page alone, never for a mark."""

from dataclasses import dataclass
from pathlib import Path

from fairmark.calibrate.bands import Bands, read_bands
from fairmark.evidence.histories import learning_curves
from fairmark.evidence.store import EvidenceStore
from fairmark.examine.verdict import Verdict
from fairmark.report import LearningCurve

_PREFERRED = ("val_loss", "loss")
"""What a page shows of a history: the curve that tells most."""


@dataclass(frozen=True)
class LearningCurves:
    """What a folder of results holds of its students' training, and how a correct solution trains."""

    evidence: EvidenceStore
    bands: Bands

    @classmethod
    def read(cls, out: Path, grader: Path, data: str) -> "LearningCurves":
        """Read the bands for ``data``. Raises CourseError for a file that calibrate did not write."""
        return cls(EvidenceStore(out / "evidence"), read_bands(grader, data))

    def __call__(self, verdict: Verdict) -> dict[str, list[LearningCurve]]:
        """Return by question what the first run trained; a curve captured again is in the first question only.

        The manifest alone is read, which this side of the border took in itself; blobs are the examiner's.
        """
        if not self.bands.questions or not verdict.questions or not verdict.evidence:
            return {}
        if not self.evidence.has(verdict.evidence[0]):
            return {}
        manifest = self.evidence.manifest(verdict.evidence[0])
        found: dict[str, list[LearningCurve]] = {}
        seen: set[tuple[str, tuple[float, ...]]] = set()
        for question in (question.name for question in verdict.questions if question.name in manifest.questions):
            for name, history in self.bands.questions.get(question, {}).items():
                curves = learning_curves(manifest.questions[question].names.get(name))
                metric = next((metric for metric in _PREFERRED if metric in curves and metric in history), None)
                if metric is not None and (name, curves[metric]) not in seen:
                    seen.add((name, curves[metric]))
                    band = history[metric]
                    curve = LearningCurve(name, metric, curves[metric], band.low, band.high)
                    found.setdefault(question, []).append(curve)
        return found
