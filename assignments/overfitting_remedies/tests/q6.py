from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0, hidden=False)
def test_dropout_keeps_the_shape(dropout_shapes, dropout):
    """dropout returns an array of the shape of x, for any number of dimensions."""
    def _probe_dropout_shapes(dropout):
        """The shapes of a few arrays before and after dropout."""
        import numpy as np

        shapes = [(7,), (3, 4), (2, 3, 4)]
        return [[list(shape), list(np.shape(dropout(np.ones(shape), 0.5, np.random.default_rng(0))))] for shape in shapes]
    if dropout_shapes is None:
        dropout_shapes = _probe_dropout_shapes(dropout)
    for asked, found in dropout_shapes:
        assert found == asked, f"For x of the shape {tuple(asked)}, dropout should return that shape; yours: {found}"
