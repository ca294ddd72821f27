"""Kernels: started, limited and ended here, and nowhere else."""
