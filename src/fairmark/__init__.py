"""fairmark builds, calibrates and grades Keras notebook assignments on top of otter-grader."""

__version__ = "0.1.0"
