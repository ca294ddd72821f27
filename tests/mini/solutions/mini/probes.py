"""Probes of the mini topic."""


def doubles(double):
    """What ``double`` makes of a few values."""
    return {"one": double(1), "negative": double(-2), "text": double("ab")}


def probe_pair(double):
    """A pair, to see that tuples survive."""
    return (double(0), double(1))


def inputs():
    """The inputs on which a model without a graph is asked."""
    import numpy as np

    held_out = np.random.default_rng(1).uniform(0.5, 2, size=(500, 2)).astype("float32")
    held_out[::2, 0] *= -1
    return {"held_out": held_out}
