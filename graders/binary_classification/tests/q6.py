from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=1, hidden=False)
def test_figures_have_labels_and_legends(figure_facts, loss_figure, accuracy_figure):
    """Both figures say what their axes and their curves mean."""
    def _probe_figure_facts(loss_figure, accuracy_figure):
        """Labels, legend entries and the heights of all curves of both figures."""
        facts = {}
        for name, figure in [("loss_figure", loss_figure), ("accuracy_figure", accuracy_figure)]:
            legends = [axes.get_legend() for axes in figure.axes] + list(figure.legends)
            lines = [[float(y) for y in line.get_ydata()] for axes in figure.axes for line in axes.get_lines()]
            dots = [
                [float(y) for _, y in marks.get_offsets()]
                for axes in figure.axes
                for marks in axes.collections
                if len(marks.get_offsets()) > 1
            ]
            x_labels = [axes.get_xlabel() for axes in figure.axes] + [figure.get_supxlabel()]
            y_labels = [axes.get_ylabel() for axes in figure.axes] + [figure.get_supylabel()]
            facts[name] = {
                "curves": lines + dots,
                "x_labels": [label for label in x_labels if label],
                "y_labels": [label for label in y_labels if label],
                "legend": [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()],
            }
        return facts
    if figure_facts is None:
        figure_facts = _probe_figure_facts(loss_figure, accuracy_figure)
    for name, facts in figure_facts.items():
        assert len(facts["curves"]) >= 2, (
            f"{name} should show two curves; {len(facts['curves'])} found. If the cell stopped with a KeyError: "
            "history.history.keys() shows the names of the curves ('acc' of older code is 'accuracy' today)"
        )
        assert facts["x_labels"], f"{name}: the horizontal axis has no label"
        assert facts["y_labels"], f"{name}: the vertical axis has no label"
        assert len(facts["legend"]) >= 2, f"{name}: the legend should name both curves; it names {facts['legend']}"

@test_case(points=1, hidden=True,
    failure_message="Each figure should show the curve for training and the curve for validation of its own quantity, as they stand in history.history.")
def test_figures_show_the_history(figure_facts, history, loss_figure, accuracy_figure):
    """The curves drawn are those in the student's own history."""
    def _probe_figure_facts(loss_figure, accuracy_figure):
        """Labels, legend entries and the heights of all curves of both figures."""
        facts = {}
        for name, figure in [("loss_figure", loss_figure), ("accuracy_figure", accuracy_figure)]:
            legends = [axes.get_legend() for axes in figure.axes] + list(figure.legends)
            lines = [[float(y) for y in line.get_ydata()] for axes in figure.axes for line in axes.get_lines()]
            dots = [
                [float(y) for _, y in marks.get_offsets()]
                for axes in figure.axes
                for marks in axes.collections
                if len(marks.get_offsets()) > 1
            ]
            x_labels = [axes.get_xlabel() for axes in figure.axes] + [figure.get_supxlabel()]
            y_labels = [axes.get_ylabel() for axes in figure.axes] + [figure.get_supylabel()]
            facts[name] = {
                "curves": lines + dots,
                "x_labels": [label for label in x_labels if label],
                "y_labels": [label for label in y_labels if label],
                "legend": [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()],
            }
        return facts
    if figure_facts is None:
        figure_facts = _probe_figure_facts(loss_figure, accuracy_figure)
    import numpy as np

    def drawn(figure, key):
        values = np.asarray(history.history[key])
        curves = [np.asarray(curve) for curve in figure_facts[figure]["curves"]]
        return any(
            curve.shape == values.shape and np.allclose(curve, values * scale, atol=1e-3 * scale)
            for curve in curves
            for scale in (1, 100)
        )

    for key in ["loss", "val_loss"]:
        assert drawn("loss_figure", key), f"no curve of loss_figure is history.history[{key!r}]"
    pairs = [key for key in history.history if key != "loss" and f"val_{key}" in history.history]
    assert any(drawn("accuracy_figure", key) and drawn("accuracy_figure", f"val_{key}") for key in pairs), (
        f"accuracy_figure does not show the pair of curves of any of {pairs}"
    )
