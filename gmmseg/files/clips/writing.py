"""Writing a clip, frame by frame, as what its name says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Protocol

import numpy as np

from gmmseg.arguments import require_count
from gmmseg.errors import FileError, InputError
from gmmseg.files.clips.encoded import Encoded
from gmmseg.files.clips.numbered import Numbered
from gmmseg.files.clips.recipes import recipe_of
from gmmseg.files.clips.selection import frames_per_second, seconds
from gmmseg.files.image import Samples, described


class Target(Protocol):
    """Where frames go."""

    path: Path

    def begin(self) -> tuple[int, float | None]:
        """Begin; how many frames are there already, and the time of the last of them."""

    def add(self, pixels: Samples, time: float) -> None:
        """Take a frame : (h, w) or (h, w, 3) uint8."""

    def finish(self) -> None:
        """Make it whole and put it in its place."""

    def discard(self) -> None:
        """Leave nothing."""


class ClipWriter:
    """What `clip_writer` gives: takes frames, one after another.

    Attributes
    ----------
    path : Path
        Where the clip will be.
    part : Path
        Where it is while it is being written; it can be played at any time.
    keep : bool
        Whether what has been written is to stay if the block ends, be it with an error. True, unless someone sets it.
    frames : int
        How many there are so far, with those of the part that was continued.
    last : float or None
        The time of the last of them.
    """

    def __init__(self, target: Target, width: int, height: int, colour: bool) -> None:
        self._target = target
        self._shape = (height, width)
        self._colour = colour
        self.path = target.path
        self.part = getattr(target, "part", target.path)
        self.keep = True
        self.frames, self.last = target.begin()

    def write(self, pixels: Samples, time: float) -> None:
        """Add a frame.

        Parameters
        ----------
        pixels : (h, w) or (h, w, 3) uint8, or (h, w) bool
            Grey or RGB; bool becomes 0 and 255. A clip without colour takes (h, w) alone.
        time : float
            Seconds from the beginning of this clip, each behind the one before.
        """
        time = seconds("time", time)
        if self.last is not None and time <= self.last:
            raise InputError(f"expected a time behind the last frame's, {self.last:g} s; got {time:g} s")
        pixels = np.asarray(pixels)
        if pixels.dtype == np.bool_:
            pixels = pixels.astype(np.uint8) * np.uint8(255)
        layouts = (self._shape, (*self._shape, 3)) if self._colour else (self._shape,)
        if pixels.dtype != np.uint8 or pixels.shape not in layouts:
            wanted = " or ".join(map(str, layouts))
            raise InputError(f"expected pixels {wanted} of uint8 or bool; got {described(pixels)}; convert them")
        self._target.add(pixels, time)
        self.frames += 1
        self.last = time


@contextmanager
def clip_writer(
    path: str | PathLike[str],
    width: int,
    height: int,
    rate: float | Fraction,
    *,
    colour: bool = True,
    lossless: bool = False,
    quality: int = 80,
    sound_of: str | PathLike[str] | None = None,
    sound_from: float = 0.0,
    continues: str | PathLike[str] | None = None,
    until: float | None = None,
) -> Iterator[ClipWriter]:
    """A clip to write frames into, which takes its place at `path` when the block ends, however it ends.

    Until then it grows in NAME.part.SUFFIX beside it, which stays behind if the process is killed and can be played
    up to about its last second. If the block ends with an error, or the user interrupts it, the frames that there are
    become the clip; set `keep` to False to leave nothing. A folder has each of its pictures at once.

    Parameters
    ----------
    path : path
        .mp4, .mov (H.264, which every browser plays), .mkv, .avi (H.264, or FFV1 if lossless), .webm (VP9), .gif and
        .webp (short ones); a path without suffix is a folder of numbered PNG files.
    width, height : int
        Of the frames. H.264 and VP9 have even sides: an odd one gets its last row or column twice.
    rate : float or Fraction
        Frames a second. Times are kept as they are given, whatever the rate; but AVI and folders know no times and
        put each frame in the nearest place that is free.
    colour : bool
        False: grey alone.
    lossless : bool
        Every pixel as it is given.
    quality : int
        1 to 100. 80 is x264's CRF 20.
    sound_of : path or None
        A clip whose sound is to be heard; copied where the container can have it, else coded anew. None is written if
        it has none.
    sound_from : float
        The second of that clip where this one begins.
    continues : path or None
        The part of an earlier attempt, of the same size and options. Its frames are copied, not coded again. It may be
        the very part that this attempt will write.
    until : float or None
        The time of the last frame that is copied of it (None: all that are whole).

    Raises
    ------
    FileError
        Nothing can be written there, or the part cannot be continued.
    InputError
        An argument cannot be worked with; or the block ended without a frame.
    """
    if not isinstance(path, str | PathLike):
        raise InputError(f"expected a path to write a clip to; got {type(path).__name__}")
    width, height = require_count("width", width), require_count("height", height)
    if isinstance(quality, bool) or not isinstance(quality, int | np.integer) or not 1 <= quality <= 100:
        raise InputError(f"expected quality as a whole number from 1 to 100; got {quality!r}")
    speed = frames_per_second(rate)
    sound_from = seconds("sound_from", sound_from)
    until = None if until is None else seconds("until", until)
    earlier = None if continues is None else Path(continues)
    text, place = os.fsdecode(path), Path(path)
    folder = not place.suffix or text.endswith(("/", os.sep)) or os.path.isdir(text)  # noqa: PTH112
    target: Target
    if folder:
        if sound_of is not None:
            raise InputError("expected no sound for a folder of pictures; got sound_of; write an .mp4")
        target = Numbered(place, speed, earlier, until)
    else:
        thin = min(width, height) == 1
        recipe = recipe_of(place.suffix.lower(), colour=colour, lossless=lossless, quality=int(quality), thin=thin)
        if sound_of is not None and not recipe.sound:
            raise InputError(f"expected no sound for a {place.suffix}; got sound_of; write an .mp4")
        sound = None if sound_of is None else (os.fsdecode(sound_of), sound_from)
        target = Encoded(place, width, height, speed, recipe, sound, earlier, until)
    try:
        out = ClipWriter(target, width, height, colour)
    except BaseException:
        target.discard()
        raise
    try:
        yield out
    except BaseException:
        if out.keep and out.frames:
            with suppress(FileError):  # the part stays; and what went wrong first is what matters
                target.finish()
        else:
            target.discard()
        raise
    if out.keep and out.frames:
        target.finish()
        return
    target.discard()
    if out.keep:
        raise InputError(f"expected at least one frame; got none; {place} is not written")
