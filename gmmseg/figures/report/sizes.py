"""How large pictures stand in a report."""

from __future__ import annotations

PHOTO = 1400  # pixels on the long side
MASK = 700


def fitted(shape: tuple[int, ...], longest: int) -> tuple[int, int]:
    """Width and height of a picture of this shape (h, w, …) when its long side is at most `longest`."""
    height, width = shape[:2]
    scale = min(1.0, longest / max(height, width))
    return max(1, round(width * scale)), max(1, round(height * scale))


def reduced_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width at which soft masks and uncertainty of a picture of this shape (h, w) are good enough."""
    width, height = fitted(shape, MASK)
    return height, width
