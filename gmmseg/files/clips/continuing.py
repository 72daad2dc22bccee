"""The packets of an earlier part, to be followed by new ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gmmseg.errors import FileError
from gmmseg.files.clips.addresses import address_of
from gmmseg.files.clips.reel import opened, video_of
from gmmseg.files.sources import shown

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream


class Earlier:
    """A part that was written by the same recipe and size; new packets can follow only what they would have been."""

    def __init__(self, path: Path) -> None:
        self.name = shown(str(path))
        self._container = opened(address_of(str(path.absolute()), None, None))
        try:
            self._stream = video_of(self._container, self.name)
        except BaseException:
            self._container.close()
            raise

    def close(self) -> None:
        """Close the part."""
        self._container.close()

    def require_like(self, stream: VideoStream) -> None:
        """Refuse a part whose packets were coded in another way than the encoder of `stream` codes."""
        new, old = stream.codec_context, self._stream.codec_context
        # Without parameters in its header (AVI), a container has them in the packets, where they may change.
        alike = (
            new.codec.id == old.codec.id
            and (new.width, new.height) == (old.width, old.height)
            and (not new.extradata or parameters(new.extradata) == parameters(old.extradata))
        )
        if not alike:
            raise FileError(
                f"cannot continue {self.name}: expected a part of the same size and options; "
                f"got {old.width} × {old.height} in {old.name}, coded otherwise; start over"
            )

    def packets(self, until: float | None) -> Iterator[Packet[Any]]:
        """Whole packets up to and including a time in seconds, as encoders make them."""
        from av.bitstream import BitStreamFilterContext
        from av.error import FFmpegError

        # Containers keep H.264 with lengths before its pieces, encoders make it with start codes.
        h264 = self._stream.codec_context.name == "h264"
        filtered = BitStreamFilterContext("h264_mp4toannexb", self._stream) if h264 else None
        base = self._stream.time_base
        ordered = self._container.format.name == "avi"  # which makes up the times that it does not have
        try:
            for packet in self._container.demux(self._stream):
                if ordered:
                    packet.pts = packet.dts
                if packet.size == 0 or packet.is_corrupt or packet.pts is None:
                    return
                if until is not None and base is not None and float(packet.pts * base) > until + 0.6e-3:
                    return
                yield from filtered.filter(packet) if filtered else (packet,)
        except FFmpegError:  # the part ends here, as parts do
            return


def parameters(extradata: bytes | None) -> object:
    """What a decoder has to know beforehand; H.264's parameter sets whether they come as avcC or with start codes."""
    data = bytes(extradata or b"")
    if data[:1] == b"\1" and len(data) > 8:
        return frozenset(_of_avcc(data))
    if data.startswith((b"\0\0\1", b"\0\0\0\1")):
        pieces = (piece.rstrip(b"\0") for piece in data.split(b"\0\0\1"))
        return frozenset(piece for piece in pieces if piece and piece[0] & 31 in {7, 8})
    return data


def _of_avcc(data: bytes) -> Iterator[bytes]:
    """ISO/IEC 14496-15, 5.3.3.1: a count and the sequence sets, a count and the picture sets."""
    place = 5
    for mask in (31, 255):
        if place >= len(data):
            return
        count = data[place] & mask
        place += 1
        for _ in range(count):
            size = int.from_bytes(data[place : place + 2], "big")
            yield data[place + 2 : place + 2 + size].rstrip(b"\0")
            place += 2 + size
