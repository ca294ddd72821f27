from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0, hidden=False)
def test_penalty_is_a_number(first_penalties, penalty, both_model):
    """The penalty is one number, and 0 if both factors are."""
    def _probe_first_penalties(penalty, both_model):
        """The penalty of a network as it is: for factors of 0, and for large ones."""
        return {"free": penalty(both_model, 0.0, 0.0), "paid": penalty(both_model, 0.1, 0.1)}
    if first_penalties is None:
        first_penalties = _probe_first_penalties(penalty, both_model)
    import numpy as np

    assert np.size(first_penalties["free"]) == 1, f"penalty should return one number; it returns {first_penalties['free']!r}"
    assert float(first_penalties["free"]) == 0, f"With both factors 0 the penalty should be 0; yours is {first_penalties['free']}"
    assert float(first_penalties["paid"]) > 0, f"With l1=0.1 and l2=0.1 there should be something to pay; yours is {first_penalties['paid']}"
