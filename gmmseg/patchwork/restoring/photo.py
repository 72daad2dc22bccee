"""A picture restored: its gaps filled, and then its noise taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gmmseg.arrays import Flags, Floats
from gmmseg.crew import Crew
from gmmseg.files import Image
from gmmseg.mixture.blas import one_thread
from gmmseg.patchwork.restoring.clipping import unclipped
from gmmseg.patchwork.restoring.filling import filled, spread
from gmmseg.patchwork.restoring.planes import channels_of, colours_of, light_of, measured, samples_of
from gmmseg.patchwork.restoring.posterior import first_estimate
from gmmseg.patchwork.restoring.refining import refined
from gmmseg.patchwork.restoring.scales import fused, halved

_ROUNDS = 2  # of refining: the first finds texture, the second edges, and their mean has most of both


def restored(
    image: Image,
    noise: float,
    *,
    missing: Flags | None = None,
    size: int = 8,
    seed: int = 0,
    threads: int | None = None,
) -> Image:
    """A picture without its noise, and with pixels that are missing filled in.

    Parameters
    ----------
    image : Image
        Pixels that are not valid are not looked at, and stay as they are.
    noise : float
        Its standard deviation, in 255ths of full light; 0 for none.
    missing : (h, w) bool, optional
        Pixels to fill in.
    size : int
        Side of the patches that the picture is judged by; less in a smaller picture.
    seed : int
    threads : int, optional
        All processors by default.

    Returns
    -------
    Image
        As the given one in all but its samples, and with pixels that were missing valid.
    """
    channels = channels_of(image)
    planes = light_of(channels, image)
    size = min(size, image.height, image.width)
    known = image.valid if missing is None else image.valid & ~missing
    with Crew(threads) as crew, one_thread(size * size):
        # What is not valid is seen by nobody, and must only not disturb what is beside it.
        planes = spread(planes, known)
        if missing is not None:
            planes = filled(planes, known | ~missing, noise, size, crew)
        if noise > 0 and size > 1:
            planes = _without_noise(planes, noise, size, seed, crew)
    found = colours_of(planes, image)
    if noise > 0 and not measured(image):
        found = unclipped(found, np.where(known[..., None], channels, found), noise)
    whole = image if missing is None else replace(image, valid=image.valid | missing)
    return replace(whole, pixels=samples_of(found, whole))


def _without_noise(planes: Floats, noise: float, size: int, seed: int, crew: Crew) -> Floats:
    estimate = first_estimate(planes, noise, size, seed, crew)
    if min(planes.shape[:2]) >= 4 * size:
        small, factor = halved(planes)
        coarse = first_estimate(small, noise * factor, size, seed, crew)
        for _ in range(_ROUNDS):
            coarse = refined(small, coarse, noise * factor, size, crew)
        estimate = fused(estimate, coarse)
    total = np.zeros_like(planes)
    for _ in range(_ROUNDS):
        estimate = refined(planes, estimate, noise, size, crew)
        total += estimate
    return total / np.float32(_ROUNDS)
