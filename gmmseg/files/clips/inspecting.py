"""What a clip's file says of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gmmseg.files.clips.addresses import address_of
from gmmseg.files.clips.contained import frames_of, rate_of
from gmmseg.files.clips.damage import unreadable
from gmmseg.files.clips.reel import Reel
from gmmseg.files.clips.samples import Developing, turn_of

SUFFIXES = frozenset(
    {
        ".3gp",
        ".asf",
        ".avi",
        ".dv",
        ".flv",
        ".h264",
        ".h265",
        ".hevc",
        ".ivf",
        ".m2ts",
        ".m4v",
        ".mjpeg",
        ".mjpg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".nut",
        ".ogv",
        ".ts",
        ".vob",
        ".webm",
        ".wmv",
        ".y4m",
    }
)


@dataclass(frozen=True)
class ClipInspection:
    """A clip's file, without its frames.

    Attributes
    ----------
    format, codec : str
        As FFmpeg calls them.
    width, height : int
        Of the upright frames.
    depth : int
        Bits of a sample: 8 or 16, as frames are read.
    colour : bool
        Or else grey.
    rate : Fraction
        Frames a second, on average.
    frames : int or None
        How many there are, as the file claims.
    seconds : float or None
        How long it takes, as the file claims.
    turned : bool
        Whether frames have to be turned or mirrored to stand upright.
    sound : str or None
        The codec of its sound.
    """

    format: str
    codec: str
    width: int
    height: int
    depth: int
    colour: bool
    rate: Fraction
    frames: int | None
    seconds: float | None
    turned: bool
    sound: str | None

    def record(self) -> dict[str, Any]:
        """Numbers and text alone, ready for JSON."""
        return {
            "format": self.format,
            "codec": self.codec,
            "width": self.width,
            "height": self.height,
            "depth": f"{self.depth} bit",
            "colour": "rgb" if self.colour else "grey",
            "rate": float(self.rate),
            "frames": self.frames,
            "seconds": self.seconds,
            "turned": self.turned,
            "sound": self.sound,
        }


def inspected_clip(source: str) -> ClipInspection:
    """Look at a clip's first frame and at what its file says; sources as for `read_clip`, but no folders.

    Raises
    ------
    FileError
        Nothing can be read there, or it holds no video.
    """
    address = address_of(source, None, None)
    reel = Reel(address)
    try:
        first = next(iter(reel.frames()), None)
        if first is None:
            raise unreadable(address.name, reel.trouble or "no frame in it", "get the file again")
        rate = rate_of(reel.stream)
        frames = frames_of(reel, rate)
        developing = Developing(first, 1.0)
        heard: Any = reel.container.streams.best("audio")
        return ClipInspection(
            format=reel.container.format.name.partition(",")[0],
            codec=reel.stream.codec_context.name,
            width=developing.width,
            height=developing.height,
            depth=8 * developing.dtype.itemsize,
            colour=developing.colour,
            rate=rate,
            frames=frames,
            seconds=None if frames is None else round(float(frames / rate), 3),
            turned=turn_of(first) != (1, 0, 0, 1),
            sound=None if heard is None else str(heard.codec_context.name),
        )
    finally:
        reel.close()
