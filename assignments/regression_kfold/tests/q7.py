from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=1, hidden=False)
def test_example_of_the_question(smoothing_examples, smooth_curve):
    """The example in the question comes out as shown there."""
    def _probe_smoothing_examples(smooth_curve):
        """A few short lists, and what smooth_curve makes of them."""
        import numpy as np

        cases = {
            "example": ([2, 4, 4], {"factor": 0.5}),
            "default": ([5.0, 1.0, 2.0, 8.0, 3.0], {}),
            "other factor": ([3.0, 9.0, 0.0, 6.0], {"factor": 0.75}),
            "array": (np.array([4.0, 2.0, 6.0]), {"factor": 0.9}),
            "one point": ([7.0], {}),
            "no point": ([], {}),
        }
        return {
            name: {
                "points": np.asarray(points, dtype="float64"),
                "factor": settings.get("factor", 0.9),
                "smoothed": np.asarray(list(smooth_curve(points, **settings)), dtype="float64"),
            }
            for name, (points, settings) in cases.items()
        }
    if smoothing_examples is None:
        smoothing_examples = _probe_smoothing_examples(smooth_curve)
    import numpy as np

    found = smoothing_examples["example"]["smoothed"]
    assert np.allclose(found, [2, 3, 3.5]) if np.shape(found) == (3,) else False, (
        f"[2, 4, 4] smoothed with factor=0.5 should give [2, 3, 3.5]; yours gives {found.tolist()}"
    )

@test_case(points=0, hidden=False)
def test_figure_speaks_for_itself(figure_facts, mae_figure):
    """The figure says what its axes and its curves mean."""
    def _probe_figure_facts(mae_figure):
        """Labels, legend entries and the heights of all curves of the figure."""
        legends = [axes.get_legend() for axes in mae_figure.axes] + list(mae_figure.legends)
        lines = [[float(y) for y in line.get_ydata()] for axes in mae_figure.axes for line in axes.get_lines()]
        dots = [
            [float(y) for _, y in marks.get_offsets()]
            for axes in mae_figure.axes
            for marks in axes.collections
            if len(marks.get_offsets()) > 1
        ]
        x_labels = [axes.get_xlabel() for axes in mae_figure.axes] + [mae_figure.get_supxlabel()]
        y_labels = [axes.get_ylabel() for axes in mae_figure.axes] + [mae_figure.get_supylabel()]
        return {
            "curves": lines + dots,
            "x_labels": [label for label in x_labels if label],
            "y_labels": [label for label in y_labels if label],
            "legend": [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()],
        }
    if figure_facts is None:
        figure_facts = _probe_figure_facts(mae_figure)
    assert len(figure_facts["curves"]) >= 2, f"mae_figure should show two curves; {len(figure_facts['curves'])} found"
    assert figure_facts["x_labels"], "mae_figure: the horizontal axis has no label"
    assert figure_facts["y_labels"], "mae_figure: the vertical axis has no label"
    assert len(figure_facts["legend"]) >= 2, f"mae_figure: the legend should name both curves; it names {figure_facts['legend']}"
