"""Evidence and tests in, a verdict out: the only package that ever meets hidden tests."""
