"""Other ways to cut a photo into regions, each with the settings to choose from and the one that was chosen.

The chosen settings have the best covering over the first 15 of BSDS500's training images; of those within .002 of it,
the least variation of information (`scripts/bench regions BSDS500 --only tune --limit 15`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import gmmseg

Pixels = NDArray[np.uint8]
Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Peer:
    """A method.

    Parameters
    ----------
    segment : callable
        From pixels (h, w, 3) uint8 and a setting to labels (h, w).
    chosen : mapping
        The setting.
    choices : mapping
        The values to choose from, for each part of the setting.
    """

    segment: Callable[..., Labels]
    chosen: Mapping[str, float]
    choices: Mapping[str, tuple[float, ...]]

    def __call__(self, pixels: Pixels) -> Labels:
        """The labels at the chosen setting."""
        return self.segment(pixels, **self.chosen)

    def settings(self) -> list[dict[str, float]]:
        """All that there is to choose from."""
        return [dict(zip(self.choices, values, strict=True)) for values in product(*self.choices.values())]


def felzenszwalb(pixels: Pixels, *, scale: float, sigma: float, least: float) -> Labels:
    """Felzenszwalb and Huttenlocher's graph (2004)."""
    from skimage.segmentation import felzenszwalb as segmented

    labels: Labels = segmented(pixels, scale=scale, sigma=sigma, min_size=int(least))
    return labels


def merged_superpixels(pixels: Pixels, *, pieces: float, compactness: float, threshold: float) -> Labels:
    """SLIC's superpixels (2012), of which the nearest in mean colour are merged first, as in scikit-image's gallery."""
    from skimage import graph
    from skimage.segmentation import slic

    crumbs = slic(pixels, n_segments=int(pieces), compactness=compactness, start_label=0)

    def apart(net: Any, a: int, b: int, other: int) -> dict[str, float]:
        del a
        return {"weight": float(np.linalg.norm(net.nodes[b]["mean color"] - net.nodes[other]["mean color"]))}

    def unite(net: Any, a: int, b: int) -> None:
        for part in ("total color", "pixel count"):
            net.nodes[b][part] += net.nodes[a][part]
        net.nodes[b]["mean color"] = net.nodes[b]["total color"] / net.nodes[b]["pixel count"]

    labels: Labels = graph.merge_hierarchical(
        crumbs,
        graph.rag_mean_color(pixels, crumbs),
        thresh=threshold,
        rag_copy=False,
        in_place_merge=True,
        merge_func=unite,
        weight_func=apart,
    )
    return labels


def quickshift(pixels: Pixels, *, kernel: float, reach: float, ratio: float) -> Labels:
    """Vedaldi and Soatto's quick shift (2008)."""
    from skimage.segmentation import quickshift as segmented

    labels: Labels = segmented(pixels, kernel_size=kernel, max_dist=reach, ratio=ratio, rng=0)
    return labels


def mean_shift(pixels: Pixels, *, space: float, colour: float, step: float, least: float) -> Labels:
    """Comaniciu and Meer's mean shift (2002) as OpenCV has it; pieces of like colour, and small ones given away."""
    from skimage.segmentation import watershed

    modes = cv2.pyrMeanShiftFiltering(pixels, space, colour)
    height, width = modes.shape[:2]
    mask = np.zeros((height + 2, width + 2), np.uint8)
    labels = np.zeros((height, width), np.int32)
    found = 0
    for start in range(height * width):
        y, x = divmod(start, width)
        if mask[y + 1, x + 1]:
            continue
        found += 1
        _, _, _, (left, top, across, down) = cv2.floodFill(
            modes, mask, (x, y), 0, (step,) * 3, (step,) * 3, cv2.FLOODFILL_MASK_ONLY | 4 | 255 << 8
        )
        inside = mask[1 + top : 1 + top + down, 1 + left : 1 + left + across] > 0
        part = labels[top : top + down, left : left + across]
        part[inside & (part == 0)] = found
    large = np.bincount(labels.ravel()) >= least
    large[0] = False
    if not large.any():
        return labels
    given: Labels = watershed(np.zeros((height, width), np.uint8), np.where(large[labels], labels, 0))
    return given


def mixture(pixels: Pixels) -> Labels:
    """`gmmseg segment`: the regions of a mixture of colours."""
    return gmmseg.segment(pixels, "auto").regions


PEERS = {
    "felzenszwalb": Peer(
        felzenszwalb,
        {"scale": 500, "sigma": 1.5, "least": 1000},
        {"scale": (200, 300, 500, 800), "sigma": (0.8, 1.5, 2.5), "least": (500, 1000, 1500)},
    ),
    "SLIC + merging": Peer(
        merged_superpixels,
        {"pieces": 300, "compactness": 20, "threshold": 50},
        {"pieces": (150, 300), "compactness": (10, 20), "threshold": (35, 50, 70)},
    ),
    "quick shift": Peer(
        quickshift,
        {"kernel": 8, "reach": 60, "ratio": 0.9},
        {"kernel": (5, 8), "reach": (30, 60, 120), "ratio": (0.9,)},
    ),
    "mean shift": Peer(
        mean_shift,
        {"space": 12, "colour": 25, "step": 3, "least": 1500},
        {"space": (12,), "colour": (15, 20, 25, 40), "step": (1, 3, 5), "least": (500, 1500)},
    ),
    "gmmseg segment": Peer(mixture, {}, {}),
}
