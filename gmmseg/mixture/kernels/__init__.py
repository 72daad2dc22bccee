"""The loops that take the time: fused for few dimensions, pruned for many."""
