"""A start for patches of pictures: components that differ in the direction of their edges.

After Yu, Sapiro and Mallat (2010, arXiv 1006.3056). Each component but the last has the principal axes of synthetic
edges of one direction, at every offset and of several widths, with a constant patch in the place of the first; the
last has the cosines of the discrete cosine transform, for texture that has no direction. All share the mean, a
constant patch, and one decaying spectrum, here the data's own.
"""

from __future__ import annotations

from dataclasses import replace
from math import isqrt, pi, sqrt

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture.expectation import moments
from gmmseg.mixture.families.definite import raised
from gmmseg.mixture.maximisation import maximise
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.seeding import broad

_WIDTHS = (0.4, 0.8, 1.6)  # of the blur of an edge, in pixels
_STEP = 1 / 8  # from one offset of an edge to the next, in pixels
# Edges along the grid span few dimensions; in what they leave, axes follow the cosines by this share of the spectrum.
_REST = 1e-6


def directional_start(slope: Slope, k: int, _random: np.random.Generator) -> Mixture:
    """Component c of rows that are patches has edges that run at c · 180 / (k − 1) degrees; the last has cosines.

    A row is a patch of s × s pixels, line by line, in grey (d = s²) or with three channels last (d = 3 s²).
    """
    side, channels = _shape_of(slope.rows.d)
    mean, covariance = _survey(slope)
    level = np.tile(mean.reshape(-1, channels).mean(axis=0), side * side)
    spatial, colours = _axes_of(covariance, channels)
    spectrum = _spectrum(covariance, spatial, colours)
    matrices = np.empty((k, slope.rows.d, slope.rows.d))
    for c, basis in enumerate(bases(side, k)):
        own = np.kron(basis, colours)
        matrices[c] = (own * spectrum) @ own.T
    matrices, _ = raised(matrices, slope.least)
    start = Mixture(np.full(k, 1 / k), np.tile(level, (k, 1)), (matrices + np.swapaxes(matrices, 1, 2)) / 2)
    return start if slope.family.name == start.covariance else _converted(slope, start)


def bases(side: int, k: int) -> Doubles:
    """The axes of k components, one a column, the constant patch first : (k, side², side²), orthonormal."""
    from threadpoolctl import threadpool_limits

    cosines = _cosines(side)
    with threadpool_limits(1, "blas"):  # on matrices so small its threads only wait for each other
        edged = [_edge_axes(pi * c / (k - 1), cosines) for c in range(k - 1)]
    return np.stack([*edged, cosines])


def _shape_of(d: int) -> tuple[int, int]:
    """Side and channels of the patches whose rows have d columns."""
    for channels in (1, 3):
        side = isqrt(d // channels)
        if side > 1 and channels * side * side == d:
            return side, channels
    raise InputError(
        "expected rows that are patches of s × s pixels for a directional start, s² columns in grey or 3 s² in colour "
        f"with s at least 2; got {d} columns; cut square patches, or take another start"
    )


def _survey(slope: Slope) -> tuple[Doubles, Doubles]:
    """Mean (d,) and covariance (d, d) of the data; of a sample of it where the family has no need of the latter."""
    if not slope.family.diagonal:
        return slope.mean, slope.covariance
    values = slope.rows.values.astype(np.float64)
    weights = np.broadcast_to(slope.rows.weights, slope.rows.n).astype(np.float64)
    return slope.mean, np.atleast_2d(np.cov(values.T, ddof=0, aweights=weights))


def _axes_of(covariance: Doubles, channels: int) -> tuple[Doubles, Doubles]:
    """Principal axes of the data in space, constant patch first : (s², s²), and in colour : (channels, channels)."""
    pixels = len(covariance) // channels
    parts = covariance.reshape(pixels, channels, pixels, channels)
    spatial = np.einsum("icjc->ij", parts)
    colours = np.linalg.eigh(np.einsum("icid->cd", parts))[1][:, ::-1]
    # What is left of patches less their own mean level; the constant is the axis of no variance, and comes last.
    centring = np.eye(pixels) - 1 / pixels
    axes = np.linalg.eigh(centring @ spatial @ centring)[1][:, ::-1]
    return _orthonormal(np.column_stack([np.ones(pixels), axes[:, :-1]])), colours


def _spectrum(covariance: Doubles, spatial: Doubles, colours: Doubles) -> Doubles:
    """Variances that all components share, of each pair of axes in space and colour : (d,).

    Those of the data along its own axes: first the constant patch, then falling.
    """
    own = np.kron(spatial, colours)
    variances: Doubles = np.einsum("ij,ij->j", own, covariance @ own).reshape(len(spatial), len(colours))
    variances[1:] = -np.sort(-variances[1:], axis=0)
    return variances.ravel()


def _edge_axes(angle: float, cosines: Doubles) -> Doubles:
    """Axes of edges that run at `angle`, anticlockwise from the horizontal : (s², s²)."""
    side = isqrt(len(cosines))
    y, x = (np.mgrid[:side, :side] - (side - 1) / 2).reshape(2, -1)
    across = x * np.sin(angle) + y * np.cos(angle)
    reach = side / sqrt(2)
    offsets = np.arange(-reach, reach + _STEP, _STEP)
    edges = np.concatenate([np.tanh((across - offsets[:, None]) / width) for width in _WIDTHS])
    scatter = edges.T @ edges
    # Each cosine a little less than the one before, so that no two axes are left to LAPACK to turn.
    share = _REST * np.trace(scatter) * np.linspace(1, 0.5, len(cosines)) / len(cosines)
    axes = np.linalg.eigh(scatter + (cosines * share) @ cosines.T)[1][:, ::-1]
    return _orthonormal(np.column_stack([np.ones(len(cosines)), axes[:, 1:]]))


def _cosines(side: int) -> Doubles:
    """The discrete cosine transform's patches, from low to high frequency : (s², s²)."""
    steps = np.arange(side)
    waves = np.cos(pi * np.multiply.outer(steps + 0.5, steps) / side)
    waves *= np.sqrt(np.where(steps > 0, 2, 1) / side)
    order = np.lexsort((np.repeat(steps, side), np.add.outer(steps**2, steps**2).ravel()))
    return np.kron(waves, waves)[:, order]


def _orthonormal(columns: Doubles) -> Doubles:
    """Gram and Schmidt's columns of a square matrix."""
    basis, triangle = np.linalg.qr(columns)
    return basis * np.where(np.diagonal(triangle) < 0, -1.0, 1.0)


def _converted(slope: Slope, start: Mixture) -> Mixture:
    """One M-step of another family on the rows of the full components.

    With one mean for all, components that do not each keep a covariance would all be the same.
    """
    sums = moments(slope.rows, start, slope.crew)
    if slope.family.diagonal:
        sums = replace(sums, second=np.diagonal(sums.second, axis1=1, axis2=2))
    return maximise(sums, slope.family, slope.least, broad(slope, start.k))[0]
