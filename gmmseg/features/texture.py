"""How much detail there is around a pixel, at three scales."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

SCALES = (1.0, 2.0, 4.0)
REACH = 60  # pixels; what is further away has no influence
AXES = ("fine detail", "medium detail", "coarse detail")


def texture(lightness: Floats, valid: NDArray[np.bool_]) -> Floats:
    """Contrast in three octaves : (h, w, 3) float32 of lightness from 0 to 100 : (h, w) float32.

    For s = 1, 2, 4 the band B = (G_s − G_2s) * L is squared, averaged by G_3s and compressed, 10 ln(1 + √E): contrast
    is seen in ratios, and a step of 1 or 2 is visible as it is in the colour spaces. It does not depend on direction.
    Means are taken over valid pixels alone (normalised convolution, Knutsson and Westin 1993).
    """
    from scipy.ndimage import gaussian_filter

    def blurred(plane: Floats, sigma: float) -> Floats:
        soft: Any = gaussian_filter(plane, sigma, mode="nearest", truncate=3)
        return np.asarray(soft, np.float32)

    seen = valid.astype(np.float32)
    whole = bool(valid.all())

    def averaged(plane: Floats, sigma: float) -> Floats:
        if whole:
            return blurred(plane, sigma)
        return blurred(plane * seen, sigma) / np.maximum(blurred(seen, sigma), np.float32(1e-6))

    energies = []
    for scale in SCALES:
        band = averaged(lightness, scale) - averaged(lightness, 2 * scale)
        energies.append(averaged(band * band, 3 * scale))
    return 10 * np.log1p(np.sqrt(np.maximum(np.stack(energies, axis=2), 0)))
