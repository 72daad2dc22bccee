"""The loops that take the time: fused for few dimensions; for many, triangular factors and BLAS products."""
