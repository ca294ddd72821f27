"""Bars for tests that need one and not a calibration."""

from typing import Any

from fairmark.thresholds import Bar


def invented_bar(any_of_m: float, single: float | None, direction: Any = "at_least") -> Bar:
    return Bar(
        direction=direction, any_of_m=any_of_m, single=single, alpha=0.001, confidence=0.95, runs=3, single_alpha=0.01,
        calibration="c1", seeds=3, engine="rerun", device="cpu", date="2026-01-01", reference="0" * 64, environment={},
    )  # fmt: skip
