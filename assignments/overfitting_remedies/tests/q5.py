from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_cross_entropy_is_a_number(first_cross_entropies, cross_entropy):
    """cross_entropy gives one number; for probabilities of 0.5 it is log 2, whatever the labels."""
    def _probe_first_cross_entropies(cross_entropy):
        """The cross-entropy of four probabilities of 0.5, for both shapes of p."""
        import numpy as np

        y, p = np.array([1.0, 0.0, 0.0, 1.0], dtype="float32"), np.full(4, 0.5, dtype="float32")
        return {"shape (4,)": cross_entropy(y, p), "shape (4, 1)": cross_entropy(y, p.reshape(4, 1))}
    if first_cross_entropies is None:
        first_cross_entropies = _probe_first_cross_entropies(cross_entropy)
    import numpy as np

    for shape, value in first_cross_entropies.items():
        assert np.size(value) == 1, f"cross_entropy should return one number; for p of the {shape} it returns {value!r}"
        assert abs(float(value) - np.log(2)) < 1e-4, (
            f"Four probabilities of 0.5 should give log 2 = {np.log(2):.4f}; for p of the {shape} yours gives {float(value):.4f}"
        )
