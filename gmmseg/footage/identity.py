"""What tells one clip from another, so that a run is not taken up again with the wrong one."""

from __future__ import annotations

import hashlib
import os
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arrays import Flags

if TYPE_CHECKING:
    from gmmseg.files.clips import Clip


def identity(source: Any, clip: Clip, region: Flags | None) -> dict[str, Any]:
    """A clip's name without its folder, its length on the disk, its frames' size and rate, and where it is looked at.

    Parameters
    ----------
    source : Any
        What was given to `read_clip`.
    clip : Clip
        What came of it.
    region : (h, w) bool, optional
    """
    return {
        "clip": Path(clip.name).name,
        **_extent(source),
        "width": clip.width,
        "height": clip.height,
        "rate": str(clip.rate),
        "region": None if region is None else hashlib.sha256(np.packbits(region).tobytes()).hexdigest()[:16],
    }


def _extent(source: Any) -> dict[str, int]:
    """Bytes of a file, or the number of pictures of a folder or a pattern; nothing of what is neither."""
    from gmmseg.files.clips.reading import pictures_of

    if not isinstance(source, str | PathLike):
        return {}
    path = Path(os.fsdecode(source))
    if path.is_file():
        return {"bytes": path.stat().st_size}
    pictures = pictures_of(os.fspath(path))
    return {"pictures": len(pictures)} if pictures else {}
