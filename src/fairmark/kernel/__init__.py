"""Kernels: started, shut in, limited and ended here, and nowhere else."""
