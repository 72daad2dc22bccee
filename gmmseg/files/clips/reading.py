"""Reading a clip from wherever it is."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from glob import has_magic
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from gmmseg.arguments import is_number
from gmmseg.errors import FileError, InputError
from gmmseg.files.clips.addresses import address_of, is_address, standard_input
from gmmseg.files.clips.animated import Animated, is_webp
from gmmseg.files.clips.clip import Clip, Supply
from gmmseg.files.clips.contained import Contained
from gmmseg.files.clips.damage import reason, unreadable
from gmmseg.files.clips.folder import Pictures
from gmmseg.files.clips.raw import FORMATS, Raw
from gmmseg.files.clips.selection import Selection, frames_per_second
from gmmseg.files.listing import Source, listed
from gmmseg.files.sources import STDIN, shown

_NUMBERED = re.compile(r"%0?\d*d")
_USUAL = Fraction(25)


def read_clip(
    source: str | PathLike[str],
    *,
    start: float | None = None,
    stop: float | None = None,
    every: int = 1,
    scale: float = 1.0,
    rate: float | Fraction | None = None,
    size: tuple[int, int] | None = None,
    pixel_format: str = "rgb24",
) -> Clip:
    """A clip, of which the first frame has been found to be readable.

    Frames come upright, C-contiguous, grey or RGB, as uint8; or, from files of more than 8 bits, as uint16 scaled to
    the full range. Interlaced clips stay so, and pixels that are not square are not made square.

    Parameters
    ----------
    source : str or path
        Any file that FFmpeg reads, and animated WebP. A folder of pictures, or a pattern ("frames/in*.jpg",
        "frames/in%06d.jpg"), in natural order. "camera:0", or a camera's name. rtsp://, http:// and others.
        "-": standard input.
    start, stop : float or None
        Seconds from the clip's first frame: start ≤ time < stop.
    every : int
        Only frames whose number in the clip is a multiple of it.
    scale : float
        Width and height times this; smaller frames are averages of areas.
    rate : float or Fraction or None
        Frames a second of pictures and raw frames, which do not tell (None: 25), and of a camera if it can.
    size : (int, int) or None
        Width and height of raw frames in a file or on standard input; and of a camera's if it can.
    pixel_format : str
        Of raw frames: rgb24, gray8 or gray16 (least byte first).

    Returns
    -------
    Clip

    Raises
    ------
    FileError
        Nothing can be read there, or it holds no video.
    InputError
        An argument cannot be worked with.
    """
    if not isinstance(source, str | PathLike):
        raise InputError(
            f"expected a clip as a path, a pattern, camera:0, an address or -; got {type(source).__name__}"
        )
    given = os.fsdecode(source)
    selection = Selection.of(start, stop, every)
    if not is_number(scale) or not 0 < scale <= 16:
        raise InputError(f"expected scale as a number above 0 and up to 16; got {scale!r}")
    speed = None if rate is None else frames_per_second(rate)
    extent = None if size is None else _size(size)
    if pixel_format not in FORMATS:
        raise InputError(f"expected pixel_format as one of {', '.join(FORMATS)}; got {pixel_format!r}")

    def opened(notes: list[str]) -> Supply:
        if extent is not None and not is_address(given):
            return _raw(given, extent, pixel_format, selection, float(scale), speed or _USUAL)
        if not is_address(given) and given != STDIN:
            pictures = pictures_of(given)
            if pictures:
                return Pictures(pictures, shown(given), selection, float(scale), speed or _USUAL, notes)
            if is_webp(Path(given)):
                return Animated(Path(given), shown(given), selection, float(scale))
        return Contained(address_of(given, speed, extent), selection, float(scale), notes)

    return Clip(opened)


def pictures_of(given: str) -> tuple[Source, ...]:
    """The pictures that a folder or a pattern stands for; none if it is the name of a file."""
    path = Path(given)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a name is too long
        found = listed(path)
    elif os.path.lexists(path) or not (has_magic(given) or _NUMBERED.search(path.name)):
        return ()
    elif _NUMBERED.search(path.name):
        pattern = re.compile("[0-9]+".join(re.escape(part) for part in _NUMBERED.split(path.name)))
        among = listed(path.parent) if path.parent.is_dir() else ()
        found = tuple(source for source in among if pattern.fullmatch(source.path.name))
    else:
        found = listed(given)
    if not found:
        raise unreadable(shown(given), "none that match", "check it", "pictures")
    if found[0].problem:
        raise FileError(found[0].problem)
    return found


def _size(given: Any) -> tuple[int, int]:
    try:
        width, height = given
    except (TypeError, ValueError):
        width = height = 0
    if not all(isinstance(side, int | np.integer) and 0 < side < 1 << 20 for side in (width, height)):
        raise InputError(f"expected size as (width, height), whole numbers of at least 1; got {given!r}")
    return int(width), int(height)


def _raw(
    given: str, size: tuple[int, int], pixel_format: str, selection: Selection, scale: float, rate: Fraction
) -> Raw:
    if given == STDIN:
        return Raw(standard_input(), "standard input", size, pixel_format, selection, scale, rate, live=True)
    try:
        path = Path(given)
        live = path.exists() and not path.is_file() and not path.is_dir()
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise unreadable(shown(given), reason(error), "check the name", "raw frames") from None
    try:
        return Raw(file, shown(given), size, pixel_format, selection, scale, rate, live=live)
    except BaseException:
        file.close()
        raise
