"""How much detail there is around a pixel in each direction, at three scales: the texture of cloth, wood or stone.

And how much there is in a wider neighbourhood, whatever its direction: where a surface is too smooth by a little, no
single pixel is a rare one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

SCALES = (0.7, 1.4, 2.8)
DIRECTIONS = (0, 45, 90, 135)  # degrees; of the way along which light and dark change
WIDE = 4.0  # standard deviation of the wider neighbourhood, in pixels …
_WIDE_SCALES = 2  # … over which the first scales are averaged
AXES = (
    *(f"{size} grain {turn}°" for size in ("fine", "medium", "coarse") for turn in DIRECTIONS),
    *(f"{size} grain around" for size in ("fine", "medium")),
)
REACH = 28  # pixels; what is further away has no influence
_WINDOW = 1.5  # scales over which the detail is averaged …
_LEAST = 2.0  # … and the fewest pixels


def grain(lightness: Floats, valid: NDArray[np.bool_]) -> Floats:
    """Contrast by direction and scale : (h, w, 14) float32 of lightness from 0 to 100 : (h, w) float32.

    For s = 0.7, 1.4, 2.8 the second derivatives of G_s * L are steered to four directions (Freeman and Adelson 1991),
    s² (c² L_xx + 2 c z L_xy + z² L_yy) with c, z the cosine and sine, squared, averaged over the neighbourhood and
    compressed, 10 ln(1 + √E), as in `texture`: 12 planes. Two more are the means of the fine and of the medium ones,
    over directions and a wider neighbourhood. Pixels that are not valid take part in no mean; in their place the
    derivatives see the nearest that are, so that there is no edge where pixels were left out.
    """
    from scipy.ndimage import correlate1d, distance_transform_edt, gaussian_filter

    whole = bool(valid.all())
    seen = valid.astype(np.float32)
    light = np.asarray(lightness, np.float32)
    if not whole:
        light = light[tuple(distance_transform_edt(~valid, return_distances=False, return_indices=True))]

    def filtered(plane: Floats, sigma: float) -> Any:
        return gaussian_filter(plane, sigma, mode="reflect", truncate=3)

    def averaged(plane: Floats, sigma: float) -> Any:
        if whole:
            return filtered(plane, sigma)
        return filtered(plane * seen, sigma) / np.maximum(filtered(seen, sigma), np.float32(1e-6))

    planes = np.empty((*light.shape, len(AXES)), np.float32)
    for number, scale in enumerate(SCALES):
        window = max(_WINDOW * scale, _LEAST)
        # Differences of what is blurred are 0 for any constant; Gaussian derivatives, cut off, are not quite.
        blurred = filtered(light, scale)
        across, down = (correlate1d(blurred, (1, -2, 1), axis, mode="reflect") for axis in (1, 0))
        mixed = correlate1d(correlate1d(blurred, (-0.5, 0, 0.5), 0, mode="reflect"), (-0.5, 0, 0.5), 1, mode="reflect")
        own = slice(number * len(DIRECTIONS), (number + 1) * len(DIRECTIONS))
        for turn, place in zip(np.radians(DIRECTIONS), range(own.start, own.stop), strict=True):
            c, z = np.float32(np.cos(turn)), np.float32(np.sin(turn))
            steered = np.float32(scale**2) * (c * c * across + 2 * c * z * mixed + z * z * down)
            mean = averaged(steered * steered, window)
            planes[..., place] = 10 * np.log1p(np.sqrt(np.maximum(mean, 0)))
        if number < _WIDE_SCALES:
            planes[..., len(SCALES) * len(DIRECTIONS) + number] = averaged(planes[..., own].mean(axis=2), WIDE)
    return planes
