"""The reference under many seeds in, thresholds out."""
