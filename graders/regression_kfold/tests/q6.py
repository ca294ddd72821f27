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

@test_case(points=2, hidden=True,
    failure_message="How many numbers should there be, one for what? And of which of the four curves in a history? Work out the first number by hand and compare.")
def test_average_over_the_folds(average_mae_history, histories):
    """The average is that of the validation MAE in the student's own histories, epoch by epoch."""
    import numpy as np

    from fairmark.checks import curve

    expected = np.mean([curve(history, "val_mae") for history in histories], axis=0)
    found = np.asarray(average_mae_history, dtype=float)
    assert found.shape == expected.shape, f"average_mae_history has {found.size} numbers for {expected.size} epochs"
    assert np.allclose(found, expected, rtol=1e-3), f"it begins with {found[:3].tolist()}; the histories say {expected[:3].tolist()}"
