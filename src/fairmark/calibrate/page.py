"""The calibration report: one HTML file that says what is promised, and shows what the promise rests on.

Its charts are SVG written by templates, so that equal findings give equal bytes on every machine.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from fairmark.calibrate import numerals
from fairmark.calibrate.curves import PowerChart, QuantileChart, power_chart, quantile_chart
from fairmark.calibrate.distribution import Distribution, distribution
from fairmark.calibrate.found import SURELY, BarFound, CalibrationFound, Comparison, Engine
from fairmark.calibrate.learning_curves import figures
from fairmark.calibrate.summary import Summary, moments, normal_limit, summaries, usual_sd
from fairmark.report.band_chart import chart_style


@dataclass(frozen=True)
class _ComparisonRow:
    """Replay against reruns of one sample."""

    comparison: Comparison
    rerun: tuple[float, float]
    """Mean and standard deviation."""
    replay: tuple[float, float]
    chart: QuantileChart


@dataclass(frozen=True)
class _Section:
    """What the page says of one threshold."""

    bar: BarFound
    rows: list[Summary]
    reference: Summary
    chance_reference: float
    """Estimated chance of the reference to fail all runs."""
    chance_worst: float
    """The same of the right answer in the bar that fares worst."""
    distribution: Distribution
    power: PowerChart
    normal_limit: float | None
    usual_sd: float | None
    comparisons: list[_ComparisonRow]

    @property
    def must_fail(self) -> list[Summary]:
        """Mistakes that the bar is meant to catch."""
        return [row for row in self.rows if row.sample.must_fail]


def calibration_page(found: CalibrationFound) -> str:
    """Return one HTML file that loads nothing. Equal findings give equal text."""
    sections = [_section(bar) for bar in found.bars]
    style = _style()
    return _template().render(
        found=found,
        sections=sections,
        false_fails=found.class_size * sum(bar.promise.alpha for bar in found.bars),
        false_fails_reference=found.class_size * sum(section.chance_reference for section in sections),
        false_fails_worst=found.class_size * sum(section.chance_worst for section in sections),
        must_fail=sum(len(section.must_fail) for section in sections),
        trained=_trained(found.bars[0]) if found.bars else {},
        curves=figures(found.bands),
        surely=SURELY,
        style=style,
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _section(bar: BarFound) -> _Section:
    rows = summaries(bar)
    reference = next(row for row in rows if row.sample is bar.reference)
    return _Section(
        bar=bar,
        rows=rows,
        reference=reference,
        chance_reference=reference.power.estimated(),
        chance_worst=max(row.power.estimated() for row in rows if row.sample in bar.correct),
        distribution=distribution(bar, rows),
        power=power_chart(bar, rows),
        normal_limit=normal_limit(bar.reference, bar.promise, bar.direction),
        usual_sd=usual_sd(reference.mean, bar.of) if bar.of else None,
        comparisons=[_comparison_row(comparison) for comparison in bar.comparisons],
    )


def _comparison_row(comparison: Comparison) -> _ComparisonRow:
    return _ComparisonRow(
        comparison=comparison,
        rerun=moments(comparison.rerun_numbers),
        replay=moments(comparison.replay_numbers),
        chart=quantile_chart(comparison),
    )


def _trained(bar: BarFound) -> dict[Engine, int]:
    """Count the seeds behind a page by engine; every bar of a topic rests on the same ones."""
    seeds: dict[tuple[Engine, str], int] = {(one.engine, one.name): len(one.values) for one in bar.samples}
    for comparison in bar.comparisons:
        seeds["rerun", comparison.sample] = max(len(comparison.rerun), seeds.get(("rerun", comparison.sample), 0))
    engines: tuple[Engine, ...] = ("rerun", "replay")
    counts = {engine: sum(count for (by, _), count in seeds.items() if by == engine) for engine in engines}
    return {engine: count for engine, count in counts.items() if count}


@cache
def _style() -> str:
    own = resources.files("fairmark.calibrate").joinpath("templates/report.css").read_text(encoding="utf8")
    return own + chart_style()


@cache
def _template() -> Template:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("fairmark.calibrate"), PackageLoader("fairmark.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    writers = ("value_text", "spread_text", "full_text", "share_text", "chance_text", "expected_text", "percent_text",
               "signed_text", "exact_text")  # fmt: skip
    environment.filters.update({name.removesuffix("_text"): getattr(numerals, name) for name in writers})
    return environment.get_template("report.html.jinja")
