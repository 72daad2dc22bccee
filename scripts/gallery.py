"""Draws the picture of the README: sample photos, their segments, their regions, and where there is doubt."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import gmmseg
from gmmseg.figures import contours, posterised, uncertainty_picture

IMAGES = Path(__file__).resolve().parent.parent / "images"
PANEL = (400, 266)


def main() -> int:
    """One row a photo, one column a view."""
    rows = []
    for name in ("coffee", "chelsea"):
        seg = gmmseg.segment(IMAGES / f"{name}.jpg")
        views = (
            seg.picture,
            posterised(seg.labels, seg.colors),
            contours(seg.picture, seg.regions),
            uncertainty_picture(seg.uncertainty),
        )
        rows.append(np.concatenate([panel(view) for view in views], axis=1))
    path = IMAGES / "gallery.jpg"
    Image.fromarray(np.concatenate(rows)).save(path, quality=88)
    print(path)
    return 0


def panel(view: np.ndarray) -> np.ndarray:
    """A view in the size of a panel, with a white rim."""
    small = Image.fromarray(view).resize(PANEL, Image.Resampling.LANCZOS)
    return np.pad(np.asarray(small), ((2, 2), (2, 2), (0, 0)), constant_values=255)


if __name__ == "__main__":
    sys.exit(main())
