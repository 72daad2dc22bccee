"""The engine: Gaussian mixtures fitted to rows of numbers. It knows arrays, never pictures."""

from __future__ import annotations

from gmmseg.mixture.climb import Fit
from gmmseg.mixture.convergence import Tolerance
from gmmseg.mixture.fit import fit
from gmmseg.mixture.kmeans import KMeans, kmeans
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.prior import Prior
from gmmseg.mixture.selection import Candidate, Selection, select

__all__ = [
    "Candidate",
    "Fit",
    "KMeans",
    "Mixture",
    "Prior",
    "Selection",
    "Tolerance",
    "fit",
    "kmeans",
    "select",
]
