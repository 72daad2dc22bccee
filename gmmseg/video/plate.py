"""The clean background of a clip, or of a handful of photos with people in different places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import require_count
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.video.plates.sampling import affordable, sampled

MEMORY = 1 << 30  # bytes of frames that are kept
_PHOTOS = 20  # up to so many frames are photos, each with an exposure of its own; more are a clip
_ROUNDS = 40  # of message passing
_OWN = 6.0  # how much a pixel's own evidence weighs …
_PHOTOS_OWN = 10.0  # … and where few frames tell little of which borders come and go
_MOST_MODES = 8
_CLIP_MODES = 5
_SURE = 0.35  # what the next best mode costs more, times the share, where the choice is sure by 1 − 1/e
_LEAST_ROWS = 4  # a thread is woken for no fewer


@dataclass(frozen=True, eq=False)
class Plate:
    """The background of many frames.

    Attributes
    ----------
    pixels : (h, w) or (h, w, c), in the frames' dtype
        The clean background: medians of the samples that show it, or means where they are few.
    confidence : (h, w) float32
        A score from 0 to 1, for comparing pixels, not a probability: it grows with the number of frames in which the
        background was seen, and with their share times how much worse the next best mode would fit to the neighbours.
        One frame alone is never surer than ½. What is hidden in all frames, and what stands still in most, it does not
        know.
    share : (h, w) float32
        In what share of the frames the background was seen.
    weights : (k, h, w) float32
        Of each pixel's modes, from heavy to light; they sum to one, and modes that a pixel does not need have 0.
    means : (k, h, w, c) float32
        In the frames' units, after exposures were evened out.
    variances : (k, h, w) float32
        Per channel, in the frames' units squared.
    choice : (h, w) uint8
        Which mode is the background.
    gains : (n, c) float64
        What each of the frames that were used was multiplied by.
    shifts : (n, 2) int64
        By how many pixels each was moved down and right.
    """

    pixels: NDArray[Any] = field(repr=False)
    confidence: NDArray[np.float32] = field(repr=False)
    share: NDArray[np.float32] = field(repr=False)
    weights: NDArray[np.float32] = field(repr=False)
    means: NDArray[np.float32] = field(repr=False)
    variances: NDArray[np.float32] = field(repr=False)
    choice: NDArray[np.uint8] = field(repr=False)
    gains: NDArray[np.float64] = field(repr=False)
    shifts: NDArray[np.int64] = field(repr=False)

    @property
    def frames(self) -> int:
        """How many frames it was made of."""
        return len(self.gains)


def plate(
    frames: Iterable[Any],
    *,
    modes: int | None = None,
    limit: int = 120,
    exposure: bool | None = None,
    align: bool = False,
    threads: int | None = None,
) -> Plate:
    """The clean background of a fixed view, from frames in which something stands before most of it.

    Every pixel gets a Gaussian mixture over the frames, by EM; BIC says of how many modes. Which mode is the background
    is then decided for all pixels together: modes of neighbours should be seen in the same frames, and where they are
    not, the border between them should not stand out. So neither who stands still for most of the clip nor clutter
    that covers most of the picture passes for background, as long as everything is seen in some of the frames.

    Parameters
    ----------
    frames : array (n, h, w) or (n, h, w, c), or arrays (h, w) or (h, w, c)
        uint8, uint16 or floats, all alike. Of more than `limit` an even choice is used; an iterable is read once, and
        from half of `limit` to all of it are kept. Frames that do not fit into 1 GB are thinned out further.
    modes : int or None
        At most so many a pixel, from 1 to 8. None: 8 for up to 20 frames, each of which may show something else; 5 for
        more.
    limit : int
        At most so many frames, from 2.
    exposure : bool or None
        Whether to bring frames to one brightness, channel by channel; None does for up to 20 frames, as photos are.
    align : bool
        Whether to shift frames by whole pixels onto the middle one, as photos from a hand need.
    threads : int or None
        None: as many as there are processors. The plate is the same for any number.

    Returns
    -------
    Plate
        One frame alone is its own plate.
    """
    if modes is not None and require_count("modes", modes) > _MOST_MODES:
        raise InputError(f"expected modes from 1 to {_MOST_MODES}; got {modes}")
    if require_count("limit", limit) < 2:
        raise InputError(f"expected limit as a whole number of at least 2; got {limit}")
    crew = Crew(threads)
    flat, stack = sampled(frames, lambda shape, itemsize: min(limit, affordable(shape, itemsize, MEMORY)))
    return _plate(stack, modes, exposure=exposure, align=align, crew=crew, flat=flat)


def _plate(
    stack: NDArray[Any], modes: int | None, *, exposure: bool | None, align: bool, crew: Crew, flat: bool
) -> Plate:
    from gmmseg.video.plates.alignment import moved, shifts
    from gmmseg.video.plates.climbing import fitted_rows
    from gmmseg.video.plates.compatibility import UNIT, compared_rows, edges
    from gmmseg.video.plates.composing import composed_rows
    from gmmseg.video.plates.exposure import even_out, gains
    from gmmseg.video.plates.labelling import labelled, own_costs
    from gmmseg.video.plates.noise import least_variance, levels

    shift = shifts(stack) if align else np.zeros((len(stack), 2), np.int64)
    stack = moved(stack, shift)
    even = len(stack) <= _PHOTOS if exposure is None else exposure
    gain = gains(stack) if even else np.ones((len(stack), stack.shape[3]))
    even_out(stack, gain)  # which is a copy of the frames that were given
    n, h, w, c = stack.shape
    few = n <= _PHOTOS
    k = min(modes or (_MOST_MODES if few else _CLIP_MODES), n)
    low, scale = levels(stack)
    floor = least_variance(stack, scale)
    weights = np.empty((h, w, k), np.float32)
    means, variances = np.empty((h, w, k, c), np.float32), np.empty((h, w, k), np.float32)
    choice, margin = np.zeros((h, w), np.uint8), np.empty((h, w), np.float32)
    pixels, share = np.empty((h, w, c), stack.dtype), np.empty((h, w), np.float32)
    starts, right, below = np.empty(h, np.int64), np.empty((h, w), np.uint32), np.empty((h, w), np.uint32)
    counts = np.empty((h, w), np.uint8)
    mixture, whole = (weights, means, variances), stack.dtype.kind == "u"
    with crew:

        def fit(top: int, bottom: int) -> None:
            fitted_rows(stack, low, scale, np.float32(floor), top, bottom, *mixture)

        def compose(top: int, bottom: int) -> None:
            composed_rows(stack, low, scale, floor, top, bottom, choice, means, variances, pixels, share, whole)

        crew.share(fit, h, least=_LEAST_ROWS)
        own = np.empty((h, w, k), np.float32)
        own_costs(weights, variances, floor, c, (_PHOTOS_OWN if few else _OWN) / np.sqrt(h * w), own, counts)
        costs = np.empty(edges(counts, starts, right, below), np.uint16)

        def compare(top: int, bottom: int) -> None:
            compared_rows(stack, low, scale, top, bottom, *mixture, counts, starts, right, below, costs)

        crew.share(compare, h, least=_LEAST_ROWS)
        labelled(counts, own, starts, right, below, costs, np.float32(1 / UNIT), _ROUNDS, choice, margin)
        crew.share(compose, h, least=_LEAST_ROWS)
    evidence = 1 - np.exp2(-share * np.float32(n))
    confidence = evidence * (1 - np.exp(-share * margin / np.float32(_SURE)))
    means /= np.float32(scale)
    means += np.float32(low)
    variances /= np.float32(scale * scale)
    return Plate(
        pixels[..., 0] if flat else pixels,
        confidence.astype(np.float32),
        share,
        np.moveaxis(weights, 2, 0),
        np.moveaxis(means, 2, 0),
        np.moveaxis(variances, 2, 0),
        choice,
        gain,
        shift,
    )
