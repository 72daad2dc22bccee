"""Made albums as files, and how well a clustering agrees with what is known of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from albums import made_album
from PIL import Image


def written_album(folder: Path, n: int, seed: int = 0, suffix: str = ".jpg") -> np.ndarray:
    """The kinds : (n,) of photos that were written as 000.jpg, 001.jpg, … into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    photos, kinds = made_album(n, seed)
    for number, photo in enumerate(photos):
        Image.fromarray(photo).save(folder / f"{number:03d}{suffix}")
    return kinds


def purity(labels: np.ndarray, kinds: np.ndarray) -> float:
    """The share of photos that are of the commonest kind of their cluster."""
    return sum(int(np.bincount(kinds[labels == label]).max()) for label in np.unique(labels)) / len(kinds)
