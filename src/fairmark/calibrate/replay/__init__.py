"""Hundreds of seeds of one recorded fit at once, in Keras on JAX: needs nothing but JAX, Keras, NumPy and pydantic."""
