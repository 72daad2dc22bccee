"""Writes the sample pictures of images/ from the scikit-image package, where each has a public-domain dedication."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from skimage import data

IMAGES = Path(__file__).resolve().parent.parent / "images"
QUALITY = 92


def main() -> None:
    """Write every sample."""
    for name in ("coffee", "chelsea"):
        path = IMAGES / f"{name}.jpg"
        Image.fromarray(getattr(data, name)()).save(path, quality=QUALITY)
        print(path)


if __name__ == "__main__":
    main()
