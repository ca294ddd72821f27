"""The section of the calibration report on the reference's learning curves: a chart a history and metric."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairmark.calibrate.bands import Bands, History
from fairmark.report.band_chart import BandChart, Curve, Kind, band_chart

_VALIDATION = "val_"


@dataclass(frozen=True)
class Figure:
    """One metric of one history, in training and in validation."""

    questions: tuple[str, ...]
    """Where just this history was captured."""
    name: str
    chart: BandChart
    kinds: tuple[Kind, ...]


def figures(bands: Bands) -> list[Figure]:
    """Lay out every history once, its loss first."""
    where: dict[str, list[tuple[History, list[str]]]] = {}
    for question, names in bands.questions.items():
        for name, history in names.items():
            known = where.setdefault(name, [])
            same = next((questions for other, questions in known if other == history), None)
            if same is None:
                known.append((history, [question]))
            else:
                same.append(question)
    return [
        Figure(tuple(questions), name, band_chart(metric, curves), tuple(curve.kind for curve in curves))
        for name, histories in where.items()
        for history, questions in histories
        for metric, curves in _by_metric(history)
    ]


def _by_metric(history: History) -> Iterator[tuple[str, list[Curve]]]:
    metrics = dict.fromkeys(name.removeprefix(_VALIDATION) for name in history)
    for metric in sorted(metrics, key=lambda metric: metric != "loss"):
        kinds: tuple[tuple[Kind, str], ...] = (("training", metric), ("validation", _VALIDATION + metric))
        found = [(kind, history[name]) for kind, name in kinds if name in history]
        yield metric, [Curve(kind, band.median, band.low, band.high) for kind, band in found]
