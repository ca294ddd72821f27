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

@test_case(points=1, hidden=True,
    failure_message="Go through the formula by hand for a list of three or four points and a factor other than 0.5. What is mixed with what, and in which proportion?")
def test_exponential_moving_average(smoothing_examples, smooth_curve):
    """Other lists, other factors, the default factor, a single point and no point."""
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

    for case, facts in smoothing_examples.items():
        expected: list[float] = []
        for point in facts["points"]:
            expected.append(facts["factor"] * expected[-1] + (1 - facts["factor"]) * point if expected else point)
        found = np.asarray(facts["smoothed"], dtype=float)
        assert found.shape == (len(expected),), f"{case}: {len(expected)} points became {found.size}"
        assert np.allclose(found, expected, rtol=1e-4), (
            f"{case}: {facts['points'].tolist()} with factor={facts['factor']} became {found.tolist()} instead of {expected}"
        )

@test_case(points=1, hidden=True,
    failure_message="smoothed_mae_history should smooth your averaged curve from the eleventh epoch on, with the default factor: how many points are that?")
def test_smoothed_average(smoothed_mae_history, average_mae_history):
    """It is the student's own average, without the first ten epochs, smoothed with 0.9."""
    import numpy as np

    expected: list[float] = []
    for point in np.asarray(average_mae_history, dtype=float)[10:]:
        expected.append(0.9 * expected[-1] + 0.1 * point if expected else point)
    found = np.asarray(smoothed_mae_history, dtype=float)
    assert found.shape == (len(expected),), f"smoothed_mae_history has {found.size} points, not {len(expected)}"
    assert np.allclose(found, expected, rtol=1e-3), f"it begins with {found[:3].tolist()} instead of {np.round(expected[:3], 4).tolist()}"

@test_case(points=1, hidden=True,
    failure_message="The figure should show your averaged curve and your smoothed curve, both from the eleventh epoch on.")
def test_figure_shows_both_curves(figure_facts, average_mae_history, smoothed_mae_history, mae_figure):
    """The curves drawn are the student's own average and smoothed average."""
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
    import numpy as np

    def drawn(values):
        values = np.asarray(values, dtype=float)
        curves = [np.asarray(curve, dtype=float) for curve in figure_facts["curves"]]
        return any(curve.shape == values.shape and np.allclose(curve, values, rtol=1e-3) for curve in curves)

    lengths = [len(curve) for curve in figure_facts["curves"]]
    assert drawn(average_mae_history[10:]), f"no curve of mae_figure is average_mae_history[10:]; they have {lengths} points"
    assert drawn(smoothed_mae_history), f"no curve of mae_figure is smoothed_mae_history; they have {lengths} points"
