"""A folder of submissions in, a gradebook out."""
