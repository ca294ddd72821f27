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

@test_case(points=1, hidden=True,
    failure_message="Take two reviews and work the cross-entropy out on paper; then call your function with p as a flat array and as a column.")
def test_cross_entropy(cross_entropy_examples, cross_entropy):
    """The mean over the reviews, natural logarithm, the same for a flat p and for a column."""
    def _probe_cross_entropy_examples(cross_entropy):
        """The cross-entropy of a few probabilities, flat and as a column, and of perfectly certain ones."""
        import numpy as np

        y = np.array([1, 0, 1, 1, 0], dtype="float32")
        p = np.array([0.9, 0.2, 0.4, 0.99, 0.7], dtype="float32")
        return {
            "y": y,
            "p": p,
            "flat": float(cross_entropy(y, p)),
            "column": float(cross_entropy(y, p.reshape(-1, 1))),
            "certain_right": float(cross_entropy(y, y.copy())),
            "certain_wrong": float(cross_entropy(y, 1 - y)),
        }
    if cross_entropy_examples is None:
        cross_entropy_examples = _probe_cross_entropy_examples(cross_entropy)
    import numpy as np

    y, p = (np.asarray(cross_entropy_examples[name], dtype="float64") for name in ["y", "p"])
    expected = float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    for shape in ["flat", "column"]:
        found = float(cross_entropy_examples[shape])
        assert abs(found - expected) < 1e-4, f"p as {shape}: found {found:.4f}; the formula gives {expected:.4f}"

@test_case(points=1, hidden=True,
    failure_message="What does your function say about a network that is perfectly certain: p = 0 or p = 1, once right and once wrong?")
def test_certain_answers(cross_entropy_examples, cross_entropy):
    """Probabilities of exactly 0 and 1 cost nothing where they are right, and much but not infinity where wrong."""
    def _probe_cross_entropy_examples(cross_entropy):
        """The cross-entropy of a few probabilities, flat and as a column, and of perfectly certain ones."""
        import numpy as np

        y = np.array([1, 0, 1, 1, 0], dtype="float32")
        p = np.array([0.9, 0.2, 0.4, 0.99, 0.7], dtype="float32")
        return {
            "y": y,
            "p": p,
            "flat": float(cross_entropy(y, p)),
            "column": float(cross_entropy(y, p.reshape(-1, 1))),
            "certain_right": float(cross_entropy(y, y.copy())),
            "certain_wrong": float(cross_entropy(y, 1 - y)),
        }
    if cross_entropy_examples is None:
        cross_entropy_examples = _probe_cross_entropy_examples(cross_entropy)
    right, wrong = float(cross_entropy_examples["certain_right"]), float(cross_entropy_examples["certain_wrong"])
    assert abs(right) < 1e-4, f"certain and right costs {right}"
    assert 10 < wrong < 20, f"certain and wrong costs {wrong}; the logarithm of 1e-7 is about -16"

@test_case(points=1, hidden=True,
    failure_message="l1_cross_entropy and l2_cross_entropy should say how good the trained networks' answers to the validation reviews are, and nothing else.")
def test_cross_entropies_of_the_networks(l1_model, l2_model, l1_cross_entropy, l2_cross_entropy, own_cross_entropies, cross_entropy, x_val, y_val):
    """Each is the cross-entropy of the trained network on the validation rows, by the grader's function or the student's own."""
    def _probe_own_cross_entropies(cross_entropy, l1_model, l2_model, x_val, y_val):
        """What the student's own function says about both networks' answers to the validation reviews."""
        return {
            name: float(cross_entropy(y_val, model.predict(x_val, batch_size=1_000, verbose=0)))
            for name, model in [("l1", l1_model), ("l2", l2_model)]
        }
    if own_cross_entropies is None:
        own_cross_entropies = _probe_own_cross_entropies(cross_entropy, l1_model, l2_model, x_val, y_val)
    import numpy as np

    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[:5_000]), labels[:5_000]
    for name, model, found in [("l1", l1_model, l1_cross_entropy), ("l2", l2_model, l2_cross_entropy)]:
        value = np.asarray(found, dtype="float64").item()
        expected = [binary_cross_entropy(model, x, y, from_logits=None), float(own_cross_entropies[name])]
        assert min(abs(value - right) for right in expected) < 2e-3, (
            f"{name}_cross_entropy is {value:.4f}; the answers of {name}_model to the validation reviews have {expected[0]:.4f}"
        )
