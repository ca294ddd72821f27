from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=1, hidden=False)
def test_history(history):
    assert "loss" in history.history

@test_case(points=1, hidden=True)
def test_epochs(history, side):
    CANARY = "canary-hidden-q3-0be4"
    assert len(history.epoch) == 3, f"found {len(history.epoch)} epochs"
    assert side.shape == (200,)
