from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_networks_take_reviews(answer_shapes, build_small, build_large):
    """Both functions return Keras models that answer each review with one number."""
    def _probe_answer_shapes(build_small, build_large):
        """The type of what both functions return, and the shape of its answers to three reviews."""
        import keras
        import numpy as np

        facts = {}
        for name, build in [("small", build_small), ("large", build_large)]:
            network = build()
            is_model = isinstance(network, keras.Model)
            shape = list(network.predict(np.zeros((3, 10_000), dtype="float32"), verbose=0).shape) if is_model else None
            facts[name] = {"is_model": is_model, "type": type(network).__name__, "shape": shape}
        return facts
    if answer_shapes is None:
        answer_shapes = _probe_answer_shapes(build_small, build_large)
    for name, facts in answer_shapes.items():
        assert facts["is_model"], f"build_{name} should return a Keras model; it returns {facts['type']}. Is there a `return`?"
        assert facts["shape"] == [3, 1], (
            f"For 3 reviews the {name} network should give answers of the shape (3, 1); its answers: {facts['shape']}. "
            "Does it begin with keras.Input(shape=(10_000,)) and end with one unit?"
        )
