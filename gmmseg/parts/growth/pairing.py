"""What is seen of two neighbouring regions: the numbers by which it is decided whether they are one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_CHANNELS = 9

FEATURES = (
    "one",
    "log strength",
    "palettes 1.7",
    "palettes 3.5",
    "palettes 7",
    "palettes 14",
    "textures 4",
    "textures 8",
    "textures 16",
    "step 1.2",
    "step 2.4",
    "palette distance",
    "texture distance",
    "Gaussian distance",
    "spectral distance",
    "log smaller area",
    "log larger area",
    "embrace",
    "log length",
    "rise",
    "log lesser spread",
    "log larger spread",
    "lightness apart",
    "hue apart",
)
"""Of a pair, in this order; `described` says what they are."""

_FLOOR = 25.0  # variance added to the Gaussians of colours


@compiled
def described(
    i: Any, j: Any, length: Any, sums: Any, strength: Any, total: Any, areas: Any, means: Any, palettes: Any,
    textures: Any, places: Any, around: Any, inside: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in `found` : (FEATURES,) for regions i and j.

    length, sums, strength : cracks of their border, each channel summed over them, and the weighted mean of all
    areas, means, palettes, textures, places : of all nodes, see `merging`
    around, inside : cracks of all borders of a node, and the mean strength of those that vanished inside it
    """
    found[0] = 1.0
    found[1] = np.log(strength + 0.02)
    for c in range(_CHANNELS):
        found[2 + c] = sums[c] / length
    found[11] = np.sqrt(_differing(palettes, i, j))
    found[12] = np.sqrt(_differing(textures, i, j))
    found[13] = np.sqrt(1 - np.exp(-_bhattacharyya(means, i, j)))
    apart = 0.0
    for c in range(places.shape[1]):
        apart += (places[i, c] - places[j, c]) ** 2
    found[14] = np.sqrt(np.sqrt(apart))
    less, more = min(areas[i], areas[j]), max(areas[i], areas[j])
    found[15] = np.log(less / total + 1e-4)
    found[16] = np.log(more / total + 1e-4)
    found[17] = length / min(around[i], around[j])
    found[18] = np.log(length / np.sqrt(less))
    found[19] = strength - min(inside[i], inside[j])
    first, second = np.log(_spread(means, i) + 4), np.log(_spread(means, j) + 4)
    found[20] = min(first, second)
    found[21] = max(first, second)
    a, b = means[i, 1] - means[j, 1], means[i, 2] - means[j, 2]
    found[22] = np.log(1 + abs(means[i, 0] - means[j, 0]) / 5)
    found[23] = np.log(1 + np.sqrt(a * a + b * b) / 5)


@compiled
def _differing(shares: Any, i: Any, j: Any) -> Any:
    """χ² of two histograms: ½ Σ (p − q)²/(p + q)."""
    total = 0.0
    for c in range(shares.shape[1]):
        p, q = shares[i, c], shares[j, c]
        total += (p - q) * (p - q) / (p + q + 1e-12)
    return 0.5 * total


@compiled
def _spread(means: Any, i: Any) -> Any:
    """The sum of the variances of a region's colours."""
    variances = means[i, 3] + means[i, 6] + means[i, 8] - means[i, 0] ** 2 - means[i, 1] ** 2 - means[i, 2] ** 2
    return max(0.0, variances)


@compiled
def _determinant(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Of the symmetric matrix [[a, b, c], [b, d, e], [c, e, f]]."""
    return a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c)


@compiled
def _bhattacharyya(means: Any, i: Any, j: Any) -> Any:
    """⅛ mᵀM⁻¹m + ½ ln(|M| / √(|A||B|)), M = (A + B)/2, of Gaussians whose means and mean products stand in a row."""
    i0, i1, i2 = means[i, 0], means[i, 1], means[i, 2]
    j0, j1, j2 = means[j, 0], means[j, 1], means[j, 2]
    p0, p1, p2 = means[i, 3] - i0 * i0 + _FLOOR, means[i, 4] - i0 * i1, means[i, 5] - i0 * i2
    p3, p4, p5 = means[i, 6] - i1 * i1 + _FLOOR, means[i, 7] - i1 * i2, means[i, 8] - i2 * i2 + _FLOOR
    q0, q1, q2 = means[j, 3] - j0 * j0 + _FLOOR, means[j, 4] - j0 * j1, means[j, 5] - j0 * j2
    q3, q4, q5 = means[j, 6] - j1 * j1 + _FLOOR, means[j, 7] - j1 * j2, means[j, 8] - j2 * j2 + _FLOOR
    m0, m1, m2 = (p0 + q0) / 2, (p1 + q1) / 2, (p2 + q2) / 2
    m3, m4, m5 = (p3 + q3) / 2, (p4 + q4) / 2, (p5 + q5) / 2
    x, y, z = i0 - j0, i1 - j1, i2 - j2
    between = _determinant(m0, m1, m2, m3, m4, m5)
    form = (
        (m3 * m5 - m4 * m4) * x * x
        + (m0 * m5 - m2 * m2) * y * y
        + (m0 * m3 - m1 * m1) * z * z
        + 2 * ((m2 * m4 - m1 * m5) * x * y + (m1 * m4 - m2 * m3) * x * z + (m1 * m2 - m0 * m4) * y * z)
    ) / between
    own = _determinant(p0, p1, p2, p3, p4, p5) * _determinant(q0, q1, q2, q3, q4, q5)
    return max(0.0, form / 8 + 0.5 * np.log(between / np.sqrt(own)))
