"""Starts from centres: any rows, rows that are spread out, or the centres of k-means."""

from __future__ import annotations

import numpy as np

from gmmseg.mixture.centres import random_centres, spread_centres
from gmmseg.mixture.kmeans import best_centres
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.seeding import broad, from_centres


def random_start(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    """Components about k rows drawn at random."""
    return from_centres(slope.with_prior(broad(slope, k)), random_centres(slope.rows, k, random))


def spread_start(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    """Components about k rows drawn far from each other (k-means++)."""
    return from_centres(slope.with_prior(broad(slope, k)), spread_centres(slope.rows, k, slope.scale, random))


def kmeans_start(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    """Components about the centres of the best of four runs of k-means."""
    centres = best_centres(slope.rows, k, slope.scale, 4, 1e-4, 100, random, slope.crew)
    return from_centres(slope.with_prior(broad(slope, k)), centres)
