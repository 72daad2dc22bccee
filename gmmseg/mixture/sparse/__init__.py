"""Mixtures of rows that are nearly all zeros, such as words counted in documents.

Rows stay compressed (SciPy's CSR) from beginning to end: every step is a few products of them with a table of d × k
numbers, in blocks, so memory grows with the entries that are there and with d × k, never with n × d. Components have
diagonal or spherical covariances; anything else would be d × d.
"""

from __future__ import annotations
