"""Pixels as frames for FFmpeg's encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.files.image import Samples

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# Grey in limited range, 16 to 235; its colour planes are 128 exactly, which FFmpeg's own conversion misses by one.
_LIMITED = np.rint(16 + np.arange(256) * (219 / 255)).astype(np.uint8)


class Planes:
    """Makes frames of one size and format; BT.709 in limited range where they are YUV.

    Formats with colours of half resolution have even sides: an odd one is made even by repeating the last row or
    column.
    """

    def __init__(self, width: int, height: int, pixel_format: str) -> None:
        from av.video.reformatter import VideoReformatter

        halved = pixel_format == "yuv420p"
        self.width, self.height = (width + width % 2, height + height % 2) if halved else (width, height)
        self._format = pixel_format
        self._odd = (height % 2, width % 2) if halved else (0, 0)
        self._reformatter = VideoReformatter()

    def __call__(self, pixels: Samples) -> VideoFrame:
        """A frame of pixels : (h, w) or (h, w, 3) uint8."""
        if any(self._odd):
            margins = [(0, self._odd[0]), (0, self._odd[1]), (0, 0)][: pixels.ndim]
            pixels = np.pad(pixels, margins, mode="edge")
        if pixels.ndim == 2:
            if self._format in {"gray", "yuv420p"}:
                return self._grey(pixels)
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        if self._format == "pal8":
            return _indexed(pixels)
        return self._converted(pixels)

    def _grey(self, pixels: Samples) -> VideoFrame:
        from av.video.frame import VideoFrame

        frame = VideoFrame(self.width, self.height, self._format)
        luma, *colours = (plane_of(plane) for plane in frame.planes)
        if colours:
            np.take(_LIMITED, pixels, out=luma, mode="clip")
        else:
            luma[:] = pixels
        for plane in colours:
            plane[:] = 128
        return frame

    def _converted(self, pixels: Samples) -> VideoFrame:
        from av.video.frame import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace

        frame = VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels), "rgb24")
        yuv = self._format == "yuv420p"
        # The frame borrows the caller's array; what is returned has memory of its own, for the encoder to look at.
        return self._reformatter.reformat(
            frame,
            format=self._format,
            dst_colorspace=Colorspace.ITU709 if yuv else None,
            dst_color_range=ColorRange.MPEG if yuv else None,
        )


def plane_of(plane: Any) -> Samples:
    """A plane's samples : (h, w) uint8, without what pads its rows."""
    rows = np.frombuffer(plane, np.uint8)[: plane.height * plane.line_size].reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def _indexed(pixels: Samples) -> VideoFrame:
    """A frame of at most 256 colours of its own."""
    from av.video.frame import VideoFrame
    from PIL import Image as Pillow

    drawn = Pillow.fromarray(np.ascontiguousarray(pixels)).quantize(256, dither=Pillow.Dither.NONE)
    colours = np.array(drawn.getpalette("RGB"), np.uint8).reshape(-1, 3)
    palette = np.full((256, 4), 255, np.uint8)  # alpha, red, green, blue
    palette[: len(colours), 1:] = colours
    return VideoFrame.from_ndarray((np.asarray(drawn), palette), format="pal8")  # type: ignore[arg-type]
