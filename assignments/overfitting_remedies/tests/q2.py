from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0, hidden=False)
def test_histories_have_validation_curves(small_history, large_history):
    """Both histories are what train returned."""
    for name, history in [("small_history", small_history), ("large_history", large_history)]:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"{name} should be what train(...) returns; it is {type(history).__name__}"
        assert "val_loss" in curves, f"There is no val_loss in {name}, only {sorted(curves)}"

@test_case(points=0, hidden=False)
def test_overfits_last_is_a_network(overfits_last):
    """overfits_last is the name of one of the three networks."""
    assert isinstance(overfits_last, str), f"overfits_last should be a name in quotes; it is {overfits_last!r}"
    assert overfits_last in ("small", "reference", "large"), f"There is no network called {overfits_last!r} here"
