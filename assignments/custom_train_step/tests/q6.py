from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0, hidden=False)
def test_history_and_error_have_the_right_form(history, test_mae):
    """`history` is what fit returned, and test_mae a number."""
    import numpy as np

    curves = getattr(history, "history", None)
    assert isinstance(curves, dict), f"history should be what model.fit(...) returns; it is {type(history).__name__}"
    assert "mae" in curves, f"There is no mae in the history: {sorted(curves)}"
    assert np.size(test_mae) == 1 and np.asarray(test_mae).dtype.kind == "f", f"test_mae should be a float; it is {test_mae!r}"
