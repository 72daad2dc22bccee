"""FFmpeg's frames as pixels: upright, grey or RGB, in 8 or 16 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.files.image import Samples

if TYPE_CHECKING:
    from av.video.format import VideoFormat
    from av.video.frame import VideoFrame

_LIMITED, _FULL = 1, 2  # AVCOL_RANGE_MPEG: 16 to 235 of 255; AVCOL_RANGE_JPEG: 0 to 255
_UNMARKED = 2  # AVCOL_SPC_UNSPECIFIED
_UPRIGHT = (1, 0, 0, 1)


class Developing:
    """Makes pixels of one clip's frames, all as its first frame has them; frames of other sizes are scaled to it.

    The colours are converted as the clip is marked: range, and BT.601, 709, 2020 and others. An unmarked clip is taken
    for BT.709 if it is larger than standard definition and else for BT.601, as players do. FFmpeg's fast conversion
    of 8-bit colours is within 2 levels of the exact one, at a tenth of its time.

    Parameters
    ----------
    first : VideoFrame
    scale : float
        Smaller frames are averages of areas.
    """

    def __init__(self, first: VideoFrame, scale: float) -> None:
        from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

        self._reformatter = VideoReformatter()
        self._kinds = (Interpolation.BILINEAR, Interpolation.AREA)
        self._range = ColorRange.JPEG
        self._unmarked = Colorspace.ITU709 if first.width >= 1280 or first.height > 576 else Colorspace.ITU601
        self._size = scaled_size(first.width, first.height, scale)
        self._turn = turn_of(first)
        self.colour = not _is_grey(first.format)
        deep = max(part.bits for part in first.format.components) > 8 and not first.format.has_palette
        self.dtype = np.dtype(np.uint16 if deep else np.uint8)
        self._format = {(True, False): "rgb24", (False, False): "gray", (True, True): "rgb48le"}.get(
            (self.colour, deep), "gray16le"
        )
        self.width, self.height = self._size if self._turn[0] else self._size[::-1]

    def __call__(self, frame: VideoFrame) -> Samples:
        """The pixels : (h, w) or (h, w, 3) uint8 or uint16, in memory of their own."""
        width, height = self._size
        limited = frame.color_range == _LIMITED
        developed = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format=self._format,
            src_colorspace=self._unmarked if frame.colorspace == _UNMARKED else None,
            dst_color_range=self._range,
            interpolation=self._kinds[(frame.width, frame.height) != self._size],
        )
        pixels = developed.to_ndarray()
        if not self.colour and limited:
            pixels = _expanded(pixels)
        pixels = turned(pixels, self._turn)
        # The array is a view of the frame's buffer: rows may be padded, and without a conversion it is the decoder's.
        if developed is frame or not pixels.flags.c_contiguous or not pixels.flags.writeable:
            pixels = pixels.copy()
        return pixels


def scaled_size(width: int, height: int, scale: float) -> tuple[int, int]:
    """Width and height, at least 1."""
    return max(1, round(width * scale)), max(1, round(height * scale))


def turn_of(frame: VideoFrame) -> tuple[int, int, int, int]:
    """How a frame is to be turned: (a, b, c, d) of its display matrix, for x' = a x + c y and y' = b x + d y."""
    data: Any = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return _UPRIGHT
    matrix = np.frombuffer(bytes(data), np.int32)
    if matrix.size != 9:
        return _UPRIGHT
    a, b, c, d = (int(np.rint(matrix[i] / 65536)) for i in (0, 1, 3, 4))
    straight = abs(a) == abs(d) == 1 and b == c == 0
    sideways = abs(b) == abs(c) == 1 and a == d == 0
    return (a, b, c, d) if straight or sideways else _UPRIGHT


def turned(pixels: Samples, turn: tuple[int, int, int, int]) -> Samples:
    """A view of pixels : (h, w, …), turned and mirrored."""
    a, b, c, d = turn
    if not a:
        pixels = pixels.swapaxes(0, 1)
    return pixels[:: d or b, :: a or c]


def _is_grey(format_: VideoFormat) -> bool:
    if format_.has_palette or format_.name.startswith("bayer"):
        return False
    return len(format_.components) == 1 or format_.name.startswith("ya")


def _expanded(pixels: Samples) -> Samples:
    """Grey of limited range in full range, which FFmpeg leaves as it is."""
    unit = 1 if pixels.dtype == np.uint8 else 257
    full = (pixels.astype(np.float32) - 16 * unit) * np.float32(255 / 219)
    return np.asarray(np.clip(np.rint(full), 0, 255 * unit), pixels.dtype)
