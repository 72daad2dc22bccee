"""How much detail there is around a pixel in each direction, at three scales: the texture of cloth, wood or stone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

SCALES = (0.7, 1.4, 2.8)
DIRECTIONS = (0, 45, 90, 135)  # degrees; of the way along which light and dark change
AXES = tuple(f"{size} grain {turn}°" for size in ("fine", "medium", "coarse") for turn in DIRECTIONS)
_WINDOW = 1.5  # scales over which the detail is averaged …
_LEAST = 2.0  # … and the fewest pixels


def grain(lightness: Floats, valid: NDArray[np.bool_]) -> Floats:
    """Contrast by direction and scale : (h, w, 12) float32 of lightness from 0 to 100 : (h, w) float32.

    For s = 0.7, 1.4, 2.8 the second derivatives of G_s * L are steered to four directions (Freeman and Adelson 1991),
    s² (c² L_xx + 2 c z L_xy + z² L_yy) with c, z the cosine and sine, squared, averaged over the neighbourhood and
    compressed, 10 ln(1 + √E), as in `texture`. Pixels that are not valid take part in no mean; in their place the
    derivatives see the mean of all others.
    """
    from scipy.ndimage import gaussian_filter

    whole = bool(valid.all())
    seen = valid.astype(np.float32)
    light = lightness if whole else np.where(valid, lightness, lightness[valid].mean(dtype=np.float64))
    light = np.asarray(light, np.float32)

    def filtered(plane: Floats, sigma: float, order: tuple[int, int] = (0, 0)) -> Any:
        return gaussian_filter(plane, sigma, order, mode="reflect", truncate=3)

    planes = []
    for scale in SCALES:
        window = max(_WINDOW * scale, _LEAST)
        share = None if whole else np.maximum(filtered(seen, window), np.float32(1e-6))
        across, down, mixed = (filtered(light, scale, order) for order in ((0, 2), (2, 0), (1, 1)))
        for turn in np.radians(DIRECTIONS):
            c, z = np.float32(np.cos(turn)), np.float32(np.sin(turn))
            steered = np.float32(scale**2) * (c * c * across + 2 * c * z * mixed + z * z * down)
            energy = steered * steered
            mean = filtered(energy, window) if share is None else filtered(energy * seen, window) / share
            planes.append(10 * np.log1p(np.sqrt(np.maximum(mean, 0))))
    return np.stack(planes, axis=2)
