from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=0, hidden=False)
def test_comparison_has_the_right_form(comparison, smallest_gap, best_answers):
    """comparison has two numbers for each network, the two answers are names in it."""
    import numpy as np

    assert isinstance(comparison, dict) and comparison, f"comparison should be a dictionary with an entry for each network; it is {comparison!r}"
    for name, losses in comparison.items():
        assert isinstance(losses, dict) and set(losses) == {"training", "validation"}, (
            f"comparison[{name!r}] should have the entries 'training' and 'validation'; it is {losses!r}"
        )
        for part, loss in losses.items():
            assert np.size(loss) == 1, f"comparison[{name!r}][{part!r}] should be one number; it is {loss!r}"
    for answer in [smallest_gap, best_answers]:
        assert answer in comparison, f"{answer!r} is not one of the networks {list(comparison)}"
