"""The layout of CDnet (Wang et al. 2014): clips as pictures, with the foreground that people drew.

CATEGORY/NAME/input/in%06d.jpg        the frames (or .png), numbered from 1
CATEGORY/NAME/groundtruth/gt%06d.png  255 foreground, 0 background, 50 shadow, 85 outside, 170 unknown
CATEGORY/NAME/ROI.bmp                 where it is 0 nothing is scored; may be missing
CATEGORY/NAME/temporalROI.txt         the first and the last frame that are scored; may be missing
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import FileError
from gmmseg.evaluate.detection import VALUES
from gmmseg.files import read

_FRAME = re.compile(r"in(\d+)\.(jpg|jpeg|png|bmp|tif|tiff)", re.IGNORECASE)
_TRUTH = re.compile(r"gt(\d+)\.(png|bmp)", re.IGNORECASE)


@dataclass(frozen=True)
class LabelledClip:
    """A clip in single pictures, some of them with their truth; no picture is read until asked for.

    Parameters
    ----------
    category, name : str
        The names of the clip's two folders.
    numbers : tuple of int
        Of the frames, rising, up to the last that is scored: what comes after it changes no score.
    frames : dict of int to Path
        The picture of each frame.
    truths : dict of int to Path
        The truth of each frame that is scored.
    roi : Path or None
        The picture of what is scored.
    """

    category: str
    name: str
    numbers: tuple[int, ...] = field(repr=False)
    frames: dict[int, Path] = field(repr=False)
    truths: dict[int, Path] = field(repr=False)
    roi: Path | None = None

    @property
    def title(self) -> str:
        """The category and the name."""
        return f"{self.category}/{self.name}"

    def pixels(self, number: int) -> NDArray[Any]:
        """A frame : (h, w, 3), or (h, w) if it is grey, in the type that the picture has."""
        image = read(self.frames[number])
        if image.colour == "bands":
            raise FileError(
                f"cannot use {self.frames[number]}: expected a frame in grey or colour; "
                f"got {image.pixels.shape[2]} bands; convert it"
            )
        return image.pixels[..., 0] if image.colour == "grey" else image.pixels

    def truth(self, number: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """The truth of a frame of this shape : (h, w) uint8, in CDnet's values."""
        path = self.truths[number]
        truth = _plane(path, shape)
        strange = truth.dtype if truth.dtype != np.uint8 else sorted(set(np.unique(truth).tolist()) - set(VALUES))[:4]
        if strange:
            raise FileError(
                f"cannot use {path}: expected the values 0, 50, 85, 170 and 255; got {strange}; "
                "write it as CDnet does, without loss"
            )
        return truth

    def inside(self, shape: tuple[int, int]) -> Flags | None:
        """Where frames of this shape are scored : (h, w) bool; None for everywhere."""
        return None if self.roi is None else _plane(self.roi, shape) != 0


def labelled_clips(folder: str | PathLike[str], only: str = "*") -> tuple[LabelledClip, ...]:
    """The clips below a folder, in the order of their names.

    Parameters
    ----------
    folder : path
        Holds categories, or is one, or is a single clip (with `input` and `groundtruth`).
    only : str
        A pattern such as "baseline/*" or "high*" that category/name or the name matches.

    Returns
    -------
    tuple of LabelledClip
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileError(f"cannot read {root}: there is no such folder")
    found = next((level for level in (_clips(root, depth) for depth in range(3)) if level), [])
    if not found:
        raise FileError(
            f"cannot read {root}: expected CATEGORY/NAME/input as in CDnet; got no folder 'input'; "
            "give the folder that holds the categories, a category, or one clip"
        )
    chosen = []
    for path in found:
        category, name = path.absolute().parts[-2:]
        if fnmatchcase(f"{category}/{name}", only) or fnmatchcase(name, only):
            chosen.append(_clip(path, category, name))
    if not chosen:
        names = ", ".join("/".join(path.absolute().parts[-2:]) for path in found)
        raise FileError(f"cannot read {root}: expected a clip that matches '{only}'; got {names}")
    return tuple(chosen)


def _clips(root: Path, depth: int) -> list[Path]:
    """The folders with an `input` so far below."""
    return sorted(path.parent for path in root.glob("*/" * depth + "input") if path.is_dir())


def _clip(path: Path, category: str, name: str) -> LabelledClip:
    frames = _numbered(path / "input", _FRAME)
    if not frames:
        raise FileError(f"cannot read {path / 'input'}: expected frames in000001.jpg (or .png) and on; got none")
    truths = _numbered(path / "groundtruth", _TRUTH) if (path / "groundtruth").is_dir() else {}
    first, last = _scored(path / "temporalROI.txt")
    truths = {n: truth for n, truth in truths.items() if first <= n and (last is None or n <= last) and n in frames}
    if not truths:
        raise FileError(
            f"cannot read {path}: expected groundtruth/gt000001.png (or another number) for a frame that is to be "
            "scored; got none; add it, or look at temporalROI.txt"
        )
    roi = path / "ROI.bmp"
    numbers = tuple(n for n in sorted(frames) if n <= max(truths))
    return LabelledClip(category, name, numbers, frames, truths, roi if roi.is_file() else None)


def _numbered(folder: Path, pattern: re.Pattern[str]) -> dict[int, Path]:
    """The files whose names match, by their numbers."""
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        match = pattern.fullmatch(path.name)
        if match:
            other = found.setdefault(int(match[1]), path)
            if other != path:
                raise FileError(
                    f"cannot use {folder}: expected one picture a number; got {other.name} and {path.name}; "
                    "take one away"
                )
    return found


def _scored(path: Path) -> tuple[int, int | None]:
    """The first and the last frame that are scored; None for no last."""
    if not path.is_file():
        return 1, None
    try:
        first, last = map(int, path.read_text("utf-8", "replace").split())
    except ValueError:
        first, last = 1, 0
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from None
    if not 1 <= first <= last:
        raise FileError(
            f"cannot use {path}: expected the first and the last frame that are scored, as in '470 1700'; "
            "write these two numbers"
        )
    return first, last


def _plane(path: Path, shape: tuple[int, int]) -> NDArray[Any]:
    """A picture that should be grey and have the shape of the frames : (h, w).

    CDnet's own tool reads pictures of another size pixel by pixel all the same; a truth that lies elsewhere than
    the frame is no truth, so it is refused.
    """
    pixels = read(path).pixels
    if pixels.shape[:2] != shape:
        raise FileError(
            f"cannot use {path}: expected the size of the frames, {shape[1]} × {shape[0]}; "
            f"got {pixels.shape[1]} × {pixels.shape[0]}; make it anew"
        )
    return pixels.max(axis=2) if pixels.shape[2] > 1 else pixels[..., 0]
