from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0, hidden=False)
def test_shapes_are_kept(clipped_examples, clip_gradients):
    """There are as many gradients as before, each with its shape."""
    def _probe_clipped_examples(clip_gradients):
        """Three gradients of unlike lengths, clipped to a short and to a generous length; zeros, clipped."""
        import numpy as np
        import tensorflow as tf

        gradients = [
            np.array([[3.0, -4.0], [0.0, 2.0]], dtype="float32"),
            np.array([0.5, -0.25, 0.125], dtype="float32"),
            np.array([[12.0]], dtype="float32"),
        ]
        zeros = [np.zeros_like(gradient) for gradient in gradients]

        def clipped(arrays, max_norm):
            return [np.asarray(gradient) for gradient in clip_gradients([tf.constant(a) for a in arrays], max_norm)]

        return {
            "gradients": gradients,
            "long": clipped(gradients, 2.0),
            "short": clipped(gradients, 1000.0),
            "zero": clipped(zeros, 2.0),
        }
    if clipped_examples is None:
        clipped_examples = _probe_clipped_examples(clip_gradients)
    wanted = [tuple(gradient.shape) for gradient in clipped_examples["gradients"]]
    found = [tuple(gradient.shape) for gradient in clipped_examples["long"]]
    assert found == wanted, f"Gradients of the shapes {wanted} should keep them; yours have {found}"

@test_case(points=2, hidden=True,
    failure_message="Measure the length of all clipped gradients together: is it max_norm? And do they still stand in the same proportion to each other?")
def test_long_gradients_are_shortened_together(clipped_examples, clip_gradients):
    """Gradients longer than max_norm are all multiplied by one factor, which makes their common length max_norm."""
    def _probe_clipped_examples(clip_gradients):
        """Three gradients of unlike lengths, clipped to a short and to a generous length; zeros, clipped."""
        import numpy as np
        import tensorflow as tf

        gradients = [
            np.array([[3.0, -4.0], [0.0, 2.0]], dtype="float32"),
            np.array([0.5, -0.25, 0.125], dtype="float32"),
            np.array([[12.0]], dtype="float32"),
        ]
        zeros = [np.zeros_like(gradient) for gradient in gradients]

        def clipped(arrays, max_norm):
            return [np.asarray(gradient) for gradient in clip_gradients([tf.constant(a) for a in arrays], max_norm)]

        return {
            "gradients": gradients,
            "long": clipped(gradients, 2.0),
            "short": clipped(gradients, 1000.0),
            "zero": clipped(zeros, 2.0),
        }
    if clipped_examples is None:
        clipped_examples = _probe_clipped_examples(clip_gradients)
    import numpy as np

    gradients, clipped = clipped_examples["gradients"], clipped_examples["long"]
    norm = float(np.sqrt(sum(np.sum(np.square(gradient, dtype="float64")) for gradient in gradients)))
    for gradient, found in zip(gradients, clipped):
        expected = gradient * (2.0 / norm)
        assert np.allclose(found, expected, rtol=1e-4, atol=1e-6), (
            f"a gradient of length {np.linalg.norm(gradient):.3f} out of {norm:.3f} was clipped to {np.linalg.norm(found):.3f}, max_norm is 2"
        )

@test_case(points=1, hidden=True,
    failure_message="Gradients that are short enough should come back as they are, and not be made longer.")
def test_short_gradients_are_left_alone(clipped_examples, clip_gradients):
    """Gradients shorter than max_norm come back unchanged."""
    def _probe_clipped_examples(clip_gradients):
        """Three gradients of unlike lengths, clipped to a short and to a generous length; zeros, clipped."""
        import numpy as np
        import tensorflow as tf

        gradients = [
            np.array([[3.0, -4.0], [0.0, 2.0]], dtype="float32"),
            np.array([0.5, -0.25, 0.125], dtype="float32"),
            np.array([[12.0]], dtype="float32"),
        ]
        zeros = [np.zeros_like(gradient) for gradient in gradients]

        def clipped(arrays, max_norm):
            return [np.asarray(gradient) for gradient in clip_gradients([tf.constant(a) for a in arrays], max_norm)]

        return {
            "gradients": gradients,
            "long": clipped(gradients, 2.0),
            "short": clipped(gradients, 1000.0),
            "zero": clipped(zeros, 2.0),
        }
    if clipped_examples is None:
        clipped_examples = _probe_clipped_examples(clip_gradients)
    import numpy as np

    for gradient, found in zip(clipped_examples["gradients"], clipped_examples["short"]):
        assert np.allclose(found, gradient, rtol=1e-4), (
            f"a gradient of length {np.linalg.norm(gradient):.3f} has become {np.linalg.norm(found):.3f}, though max_norm is 1000"
        )

@test_case(points=1, hidden=True,
    failure_message="What does your function return for gradients that are zero everywhere?")
def test_zero_gradients_stay_zero(clipped_examples, clip_gradients):
    """Zeros stay zeros; nothing becomes nan."""
    def _probe_clipped_examples(clip_gradients):
        """Three gradients of unlike lengths, clipped to a short and to a generous length; zeros, clipped."""
        import numpy as np
        import tensorflow as tf

        gradients = [
            np.array([[3.0, -4.0], [0.0, 2.0]], dtype="float32"),
            np.array([0.5, -0.25, 0.125], dtype="float32"),
            np.array([[12.0]], dtype="float32"),
        ]
        zeros = [np.zeros_like(gradient) for gradient in gradients]

        def clipped(arrays, max_norm):
            return [np.asarray(gradient) for gradient in clip_gradients([tf.constant(a) for a in arrays], max_norm)]

        return {
            "gradients": gradients,
            "long": clipped(gradients, 2.0),
            "short": clipped(gradients, 1000.0),
            "zero": clipped(zeros, 2.0),
        }
    if clipped_examples is None:
        clipped_examples = _probe_clipped_examples(clip_gradients)
    import numpy as np

    found = [np.asarray(gradient).ravel().tolist() for gradient in clipped_examples["zero"]]
    assert all(value == 0 for values in found for value in values), f"gradients of zeros have become {found}"
