"""A notebook in, evidence out: the only package that ever meets student code."""
