from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0, hidden=False)
def test_average_is_a_list_of_errors(average_mae_history):
    """average_mae_history is a list of numbers."""
    import numpy as np

    values = np.asarray(average_mae_history)
    assert values.ndim == 1 and values.size > 1 and values.dtype.kind == "f", (
        f"average_mae_history should be a list of numbers; yours has the shape {values.shape}"
    )
