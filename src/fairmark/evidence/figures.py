"""What is read from a live matplotlib figure: its labels, legends and the number of its curves."""

from typing import Any

import numpy as np


def axes_of(figure: Any) -> list[dict[str, Any]]:
    """Describe each Axes of ``figure``; a label or legend given to the whole figure counts for all of them.

    A curve is a line, or a scatter of more than one point.
    """
    return [
        {
            "title": str(axes.get_title()),
            "xlabel": str(axes.get_xlabel() or figure.get_supxlabel()),
            "ylabel": str(axes.get_ylabel() or figure.get_supylabel()),
            "legend": [str(text.get_text()) for text in _legend_texts(axes, figure)],
            "lines": len(axes.get_lines()) + sum(_is_scatter(marks) for marks in axes.collections),
        }
        for axes in figure.axes
    ]


def _legend_texts(axes: Any, figure: Any) -> list[Any]:
    legends = [axes.get_legend(), *figure.legends]
    return [text for legend in legends if legend is not None for text in legend.get_texts()]


def _is_scatter(marks: Any) -> bool:
    from matplotlib.collections import PathCollection

    return isinstance(marks, PathCollection) and len(np.asarray(marks.get_offsets())) > 1
