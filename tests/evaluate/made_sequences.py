"""Small clips in CDnet's layout: a bright square that moves over a dark ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HEIGHT, WIDTH = 24, 32


def square(number: int) -> NDArray[np.bool_]:
    """Where the square is in a frame : (24, 32) bool."""
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[8:16, number : number + 8] = True
    return mask


def made_clip(folder: Path, frames: int = 6, first: int = 3, suffix: str = "png") -> Path:
    """A clip whose frames from `first` on have a truth: the square, with an unknown rim of one column."""
    (folder / "input").mkdir(parents=True)
    (folder / "groundtruth").mkdir()
    for number in range(1, frames + 1):
        pixels = np.where(square(number)[..., None], np.uint8(200), np.uint8(40)) * np.ones(3, np.uint8)
        Image.fromarray(pixels).save(folder / "input" / f"in{number:06d}.{suffix}", quality=95)
        if number >= first:
            truth = np.where(square(number), 255, 0).astype(np.uint8)
            truth[8:16, number + 8] = 170
            Image.fromarray(truth).save(folder / "groundtruth" / f"gt{number:06d}.png")
    (folder / "temporalROI.txt").write_text(f"{first} {frames}\n")
    return folder


def by_brightness(pixels: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """What is bright is foreground, which the made clips make true."""
    grey = pixels.astype(np.float32).reshape(*pixels.shape[:2], -1).mean(axis=2)
    return grey > 120, grey / np.float32(255)
