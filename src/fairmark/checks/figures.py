"""Figures: labels and legends. Looks earn no points."""

from collections.abc import Mapping
from typing import Any

from fairmark.checks.subject import shown
from fairmark.evidence.compilation import attempted
from fairmark.evidence.figures import axes_of
from fairmark.evidence.records import Figure


def assert_labelled(figure: Any, curves: int = 1) -> None:
    """Assert that ``figure`` (live or restored) shows at least ``curves`` curves with labelled axes.

    Axes that hold several curves need a legend with an entry for each.
    """
    axes = [facts for facts in _axes(figure) if facts["lines"]]
    shown_curves = sum(facts["lines"] for facts in axes)
    assert shown_curves >= curves, f"the figure should show {curves} curves; it shows {shown_curves}"
    for facts in axes:
        for name, label in (("horizontal", facts["xlabel"]), ("vertical", facts["ylabel"])):
            assert str(label).strip(), f"the {name} axis has no label"
        entries = len([text for text in facts["legend"] if str(text).strip()])
        needed = min(facts["lines"], curves)
        assert needed < 2 or entries >= needed, f"{needed} curves need a legend; it has {entries} entries"


def _axes(figure: Any) -> list[Mapping[str, Any]]:
    if isinstance(figure, Figure):
        return [vars(axes) for axes in figure.axes]
    if not hasattr(figure, "axes"):
        raise AssertionError(f"a matplotlib figure is asked, found {shown(figure)}")
    found = attempted(axes_of, figure if hasattr(figure, "savefig") else getattr(figure, "figure", None))
    assert found is not None, f"a matplotlib figure is asked, found {shown(figure)}"
    return list(found)
