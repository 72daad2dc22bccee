"""Small clips with something that moves, and their frames after the way through a file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

RATE = Fraction(25)


def moving(count: int = 40, shape: tuple[int, int] = (48, 64), *, colour: bool = True) -> NDArray[np.uint8]:
    """A noisy ground that a bright block crosses from the tenth frame on : (count, h, w[, 3]) uint8."""
    random = np.random.default_rng(1)
    h, w = shape
    ground = random.integers(60, 120, (h, w, 3))
    frames = np.clip(ground + random.integers(-4, 5, (count, h, w, 3)), 0, 255).astype(np.uint8)
    for n in range(10, count):
        x = (n - 10) * w // max(1, count - 10)
        frames[n, h // 3 : h // 3 + 12, x : x + 14] = (230, 210, 40)
    return frames if colour else np.ascontiguousarray(frames[..., 1])


def written(path: Path, frames: NDArray[Any], rate: Fraction = RATE) -> Path:
    """Frames as a lossless clip."""
    from gmmseg.files.clips import clip_writer

    path.parent.mkdir(parents=True, exist_ok=True)
    with clip_writer(path, frames.shape[2], frames.shape[1], rate, colour=frames.ndim == 4, lossless=True) as out:
        for n, frame in enumerate(frames):
            out.write(frame, float(n / rate))
    return path


def frames_of(path: Path) -> NDArray[Any]:
    """All frames of a clip : (n, h, w[, 3])."""
    from gmmseg.files.clips import read_clip

    if path.suffix == ".webp":  # which FFmpeg writes and does not read
        with Image.open(path) as pictures:
            return np.stack([np.asarray(picture.convert("RGB")) for picture in ImageSequence.Iterator(pictures)])
    with read_clip(path) as clip:
        return np.stack([frame.pixels for frame in clip])
