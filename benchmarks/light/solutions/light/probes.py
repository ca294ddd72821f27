"""Calls to make on the student's functions."""


def standardised(standardise):
    """What it makes of two rows."""
    import numpy as np

    return standardise(np.array([[1.0, 6.0], [3.0, 2.0]]))
