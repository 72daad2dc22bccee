"""Photos, their segments, and the soft masks of these."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from panels import IMAGES, Pixels, beside, resized, stacked

import gmmseg
from gmmseg.figures import contours, posterised, uncertainty_picture
from gmmseg.files import write_picture

_PANEL = (290, 193)


def segments(path: Path) -> None:
    """A photo a row: its segments, its regions, and where there is doubt."""
    rows: list[Pixels] = []
    for name in ("coffee", "chelsea"):
        seg = gmmseg.segment(IMAGES / f"{name}.jpg")
        views = [
            seg.picture,
            posterised(seg.labels, seg.colors),
            contours(seg.picture, seg.regions),
            uncertainty_picture(seg.uncertainty),
        ]
        titles = [] if rows else ["photo", "segments", "regions", "doubt"]
        rows.append(beside([resized(view, *_PANEL) for view in views], titles))
    write_picture(path, stacked(rows), quality=88)


def masks(path: Path) -> None:
    """A photo and the soft mask of each of its segments, with the segment's colour above."""
    seg = gmmseg.segment(IMAGES / "coffee.jpg", k=5)
    shares = np.rint(255 * seg.probabilities).astype(np.uint8)
    views = [seg.picture, *(np.repeat(shares[..., [i]], 3, axis=2) for i in range(seg.k))]
    panels = [resized(view, 380, 253) for view in views]
    for panel, color in zip(panels[1:], seg.colors, strict=True):
        _marked(panel, color)
    titles = ["photo", *(f"mask {i}" for i in range(seg.k))]
    write_picture(path, stacked([beside(panels[:3], titles[:3]), beside(panels[3:], titles[3:])]), quality=88)


def _marked(panel: Pixels, color: Pixels) -> None:
    """A swatch of the segment's colour in the corner."""
    panel[8:38, 8:38] = 160
    panel[10:36, 10:36] = color
