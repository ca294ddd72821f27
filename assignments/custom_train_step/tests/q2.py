from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_an_answer_for_each_district(prices_in_use, prices_in_training, first_loss):
    """Both sets of answers hold 32 numbers, and the loss is one number."""
    import numpy as np

    for name, prices in [("prices_in_use", prices_in_use), ("prices_in_training", prices_in_training)]:
        assert np.size(prices) == 32, f"{name} should hold an answer for each of the 32 districts; its shape is {np.shape(prices)}"
    assert np.size(first_loss) == 1, f"first_loss should be one number; it is {first_loss!r}"
    assert np.asarray(first_loss).dtype.kind == "f", f"first_loss should be a float; it is {first_loss!r}"
