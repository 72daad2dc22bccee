"""Soft masks of regions: a pixel near a border may be shared by both sides, as its colour tells.

In order: a lattice of samples (`lattice.py`), how deep each lies (`depth.py`), the Gaussians of each region about every
place (`gaussians.py`), how a sample is shared (`mixing.py`), that as functions of colour (`linear.py`), read at every
pixel (`spreading.py`). `shares.py` has it all, and `segmenting.py` makes a Segmentation of it.
"""
