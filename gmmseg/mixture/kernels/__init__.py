"""The loops that take the time: fused for few dimensions, BLAS products for many."""
