"""How patches are clustered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gmmseg.arguments import is_number, require_count
from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.features.patches import STEP
from gmmseg.files import Image, image_of, read
from gmmseg.patchwork.clusters import Patches
from gmmseg.patchwork.comparison import Comparison
from gmmseg.patchwork.restoring import noise_of, restored
from gmmseg.segmentation import Space
from gmmseg.segmentation.fitting import Effort
from gmmseg.segmentation.segmenting import segmented


def patches(
    source: Any,
    k: int | str = 19,
    *,
    size: int = 8,
    stride: int = 1,
    colour: bool = False,
    start: str = "directional",
    noise: float | str | None = None,
    missing: Any = None,
    max_iterations: int | None = None,
    seed: int = 0,
    threads: int | None = None,
    mask: Any = None,
    page: int = 1,
) -> Patches:
    """Cluster the overlapping patches of a picture by a Gaussian mixture.

    Parameters
    ----------
    source : path, array, Image, Pillow image, bytes or binary file
        The picture, as for `gmmseg.segment`.
    k : int or "auto"
        Number of clusters; "auto" decides by ICL.
    size : int
        Side of a patch in pixels, from 2 to 16.
    stride : int
        Pixels from one patch to the next.
    colour : bool
        Patches of three channels; else of grey (Rec. 601 luma).
    start : str
        Where the fit begins, as in `gmmseg.mixture.fit`. "directional", which "auto" is too, begins with edges of
        different directions.
    noise : float or "auto", optional
        The standard deviation of the picture's noise, in 255ths of full light; "auto" finds it out. No cluster varies
        less along any axis, which is the M-step for patches with noise that is known; and there is a `restored`
        picture without it.
    missing : array (h, w) or path, optional
        Pixels where it is not 0 are filled in before anything else.
    max_iterations : int, optional
        Take so many steps of EM, all of them on all patches (or on as many as hold 2²⁴ numbers). By default most are
        taken on a sample until little is to be gained there, and at most twenty on all (fewer in colour).
    seed : int
    threads : int, optional
        For the fit; all processors by default.
    mask : array (h, w) or path, optional
        Pixels where it is 0 are left out, and so are patches that hold any of them.
    page : int
        Of a file with several pictures, from 1.

    Returns
    -------
    Patches
    """
    if isinstance(k, Sequence) and not isinstance(k, str):
        raise InputError(f'expected k as one whole number, or "auto"; got {k!r}; gmmseg.patchwork.compared takes many')
    spec = _spec(size, stride, colour)
    effort = None if max_iterations is None else Effort.exactly(require_count("max_iterations", max_iterations))
    if (
        noise is not None
        and not (isinstance(noise, str) and noise == "auto")
        and not (is_number(noise) and 0 < float(noise) < np.inf)
    ):
        raise InputError(
            f'expected noise as a standard deviation above 0, in 255ths of full light, or "auto"; got {noise!r}'
        )
    image = read(source, page=page, mask=mask)
    gaps = None if missing is None else _gaps(image, missing)
    level = noise_of(image, missing=gaps) if noise == "auto" else noise
    deviation = None if level is None else float(level)
    if gaps is not None:
        image = restored(image, 0, missing=gaps, size=size, seed=seed, threads=threads)
    found = segmented(
        image,
        k,
        spec,
        Space.of(spec, None, None, Space.join),
        start=start,
        seed=seed,
        effort=effort,
        resolution=None if deviation is None else max(deviation, STEP),
        threads=threads,
    )
    return Patches(found, deviation, gaps)


def compared(source: Any, ks: Sequence[int | str], *, mask: Any = None, page: int = 1, **options: Any) -> Comparison:
    """The patches of one picture in several numbers of clusters; options as for `patches`.

    Numbers that come to the same are there once.
    """
    if isinstance(ks, str) or not isinstance(ks, Sequence) or not ks:
        raise InputError(f"expected several numbers of clusters, as in [5, 10, 19]; got {ks!r}")
    image: Image = read(source, page=page, mask=mask)
    several: dict[int, Patches] = {}
    for k in ks:
        found = patches(image, k, **options)
        several.setdefault(found.k, found)
    return Comparison(tuple(several.values()))


def _gaps(image: Image, missing: Any) -> Flags:
    """Which pixels are missing : (h, w), of a mask of any kind, in which they are not 0."""
    present = read(image_of(np.ones(image.valid.shape, np.bool_)), mask=missing).valid
    if image.valid[~present].any():
        return present
    raise InputError("expected a mask of missing pixels that leaves some known; got one of all")


def _spec(size: int, stride: int, colour: bool) -> FeatureSpec:
    for name, number in (("size", size), ("stride", stride)):
        require_count(name, number)
    return FeatureSpec.parse(f"{'colourpatch' if colour else 'patch'}:{size}/{stride}")
