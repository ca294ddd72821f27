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
