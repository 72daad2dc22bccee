"""The probabilities themselves, for programs."""

from __future__ import annotations

from gmmseg.files import write_npz, write_pages
from gmmseg.files.archives import Blocks
from gmmseg.files.targets import Target
from gmmseg.outputs.geography import placed
from gmmseg.outputs.planes import float_planes
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation


def write_probabilities(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """An npz file: probabilities (h, w, k) float32, labels (h, w) int16, colors (k, 3) uint8.

    They are exactly those of the Segmentation, and written a band at a time.
    """
    shares = Blocks((*seg.labels.shape, seg.k), "<f4", (band for _, _, band in seg.shares.bands()))
    write_npz(target, probabilities=shares, labels=seg.labels, colors=seg.colors)


def write_pages_of_shares(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """A TIFF of float32 with a page for each segment, and the picture's place on earth."""
    write_pages(
        target,
        (plane for _, plane in float_planes(seg)),
        count=seg.k,
        names=[f"segment {i}" for i in range(seg.k)],
        resolution=seg.image.resolution,
        geo=placed(seg.image.geo),
    )
