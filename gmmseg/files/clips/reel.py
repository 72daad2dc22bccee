"""Packets and frames of a file or stream, by FFmpeg."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from gmmseg.errors import FileError
from gmmseg.files.clips.addresses import Address
from gmmseg.files.clips.damage import reason, unreadable

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_TEXT = {"tty"}  # FFmpeg would show a text file as a film of its letters
_LOSSY = {"mpegts", "mpeg", "mpegvideo", "rtsp", "rtp", "sdp", "hls"}  # made for channels on which packets go missing
_ORDERED = {"avi"}  # tells the order of packets, not the times of frames
_HELD = 1 << 28  # bytes of packets that are held back while a keyframe is looked for


def opened(address: Address) -> InputContainer:
    """A container that FFmpeg knows."""
    import av
    from av.error import FFmpegError

    try:
        container: InputContainer = av.open(
            address.target,
            "r",
            format=address.format,
            options=dict(address.options),
            timeout=address.patience,
            metadata_errors="replace",
        )
    except (FFmpegError, OSError, ValueError, MemoryError) as error:
        raise _unknown(address, error) from None
    if container.format.name in _TEXT:
        container.close()
        raise unreadable(address.name, "a text file", "name another")
    return container


def _unknown(address: Address, error: BaseException) -> FileError:
    from av.error import InvalidDataError

    misread = getattr(error, "errno", None) == errno.EINVAL and not address.live  # bytes that only look like a format
    if not isinstance(error, InvalidDataError) and not misread:
        return unreadable(address.name, reason(error), "check the name, and that it can be reached")
    if address.live and not address.lossy:
        return unstreamed(address.name)
    return unreadable(
        address.name,
        "a file of another kind, or a damaged one",
        "check it, or get the file again; for raw frames say their size",
    )


def unstreamed(name: str) -> FileError:
    """The error for a pipe from which no frame can be made."""
    return unreadable(
        name,
        "bytes of no kind that can be read as they come",
        "send Matroska, MPEG-TS, Y4M or fragmented MP4; for raw frames say their size",
    )


def video_of(container: InputContainer, name: str) -> VideoStream:
    """The video of a container, which is not the picture of a record's cover."""
    from av.stream import Disposition

    videos = [video for video in container.streams.video if not video.disposition & Disposition.attached_pic]
    if not videos:
        got = "sound alone" if container.streams.audio else "no video in it"
        raise unreadable(name, got, "name another")
    best = container.streams.best("video")
    video: VideoStream = next((video for video in videos if video is best), videos[0])
    if video.codec_context is None:
        raise unreadable(name, "a video that FFmpeg cannot decode", "convert it to MP4 or Matroska")
    return video


class Reel:
    """The video of a container, decoded from its first frame, or from some later time, to its end.

    What is wrong with it is in `trouble` in the end. After damage, containers that are made for losses, and live
    streams, go on (`lossy`); `lost` counts. Of others, what follows the damage is built on it, so they end there.
    """

    def __init__(self, address: Address) -> None:
        self.container = opened(address)
        self.trouble: str | None = None
        self.lost = 0
        kinds = set(self.container.format.name.split(","))
        self.lossy = address.lossy or bool(_LOSSY & kinds)
        self._slots: deque[int] | None = deque() if _ORDERED & kinds else None  # times for frames still to come
        self._ready: deque[VideoFrame] = deque()  # decoded, and not given yet
        self._come = 0  # packets, however damaged
        self._passed = 0  # packets before the one where decoding began
        self._from: int | None = None  # that one's time stamp
        self._stamps: list[int] | None = []  # the time stamps decoded from then on, until they have been used
        try:
            self.stream = video_of(self.container, address.name)
            self.stream.thread_type = "AUTO"
            self._packets: Iterator[Packet[VideoStream]] = self._demuxed()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the container."""
        self.container.close()

    def frames(self) -> Iterator[VideoFrame]:
        """Decoded frames, from where we are."""
        more = True
        while more or self._ready:
            while self._ready:
                frame = self._ready.popleft()
                if self._from is None or frame.pts is None or frame.pts >= self._from:
                    yield frame
            packet = next(self._packets, None) if more else None
            more = more and self._decode(packet) and packet is not None

    def wind(self, target: int) -> bool:
        """Go on to the last keyframe up to the time stamp `target`; False if decoding had best go on where it is.

        The packets up to there are looked at, which takes a hundredth of the time that decoding them would take and
        tells how many they are. So `number` is right whatever the rate does, and pipes are wound as files are.
        """
        held: list[Packet[VideoStream]] = []
        size = 0
        moved = False
        for packet in self._packets:
            stamp = self._stamp(packet)
            if stamp is not None and packet.is_keyframe and stamp <= target:
                self._passed += len(self._stamps or ()) + sum(not other.is_discard for other in held)
                self._from, self._stamps = stamp, []
                held, size, moved = [], 0, True
            held.append(packet)
            size += packet.size
            if stamp is None or stamp >= target or size > _HELD:
                break
        if moved:
            self.stream.codec_context.flush_buffers()
            self._ready.clear()
            if self._slots is not None:
                self._slots.clear()
        self._packets = chain(held, self._packets)
        return moved

    def number(self, frame: VideoFrame) -> int:
        """The number in the clip of the first frame after winding."""
        stamps, self._stamps = self._stamps or [], None
        return self._passed + sum(frame.pts is not None and stamp < frame.pts for stamp in stamps)

    def _stamp(self, packet: Packet[VideoStream]) -> int | None:
        """A packet's time; where packets tell only when they are decoded, that may be the same."""
        ordered = self._slots is not None or (packet.pts is None and not self.stream.codec_context.has_b_frames)
        return packet.dts if ordered else packet.pts

    def _demuxed(self) -> Iterator[Packet[VideoStream]]:
        """Whole packets of our stream."""
        from av.error import FFmpegError

        try:
            for packet in self.container.demux(self.stream):
                if packet.size == 0:  # PyAV's sign that the end has come; or nothing to see
                    continue
                self._come += 1
                if packet.is_corrupt:
                    if not self.lossy:
                        self.trouble = "the file is cut short"
                        return
                    self.lost += 1
                yield packet
        except (FFmpegError, OSError) as error:
            self.trouble = reason(error)
            return
        promised = self.stream.frames if "mp4" in self.container.format.name else 0
        if self._come < promised:
            self.trouble = f"the file is cut short, of {promised} frames"

    def _decode(self, packet: Packet[VideoStream] | None) -> bool:
        """Let a packet, or what is left at the end (None), become frames; False if it cannot."""
        from av.error import FFmpegError

        try:
            frames = self.stream.decode(packet)
        except FFmpegError as error:
            if packet is None and isinstance(error, EOFError):  # all that was left has come before
                return False
            self.lost += 1
            if not self.lossy:
                self.trouble = self.trouble or reason(error)
            return self.lossy
        stamp = None if packet is None or packet.is_discard else self._stamp(packet)
        if stamp is not None and self._stamps is not None:
            self._stamps.append(stamp)
        if stamp is not None and self._slots is not None:
            self._slots.append(stamp)
        for frame in frames:
            if self._slots is not None:
                frame.pts = self._slots.popleft() if self._slots else None
            if frame.is_corrupt:
                self.lost += 1
                if not self.lossy:
                    self.trouble = self.trouble or "damaged data"
                    return False
            else:
                self._ready.append(frame)
        return True
