"""A clip as one file, coded by FFmpeg."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gmmseg.errors import FileError, InputError
from gmmseg.files.clips.continuing import Earlier
from gmmseg.files.clips.damage import reason
from gmmseg.files.clips.planes import Planes
from gmmseg.files.clips.recipes import Recipe, time_base
from gmmseg.files.clips.sound import Sound
from gmmseg.files.image import Samples
from gmmseg.files.sources import shown

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_THREADS = 4  # always as many: x264's bits depend on it
_BT709 = 1
_LIMITED = 1
_KEYFRAMES = 5  # seconds from one to the next, at most


class Encoded:
    """A file that grows as NAME.part.SUFFIX and takes its place when it is finished.

    Parameters
    ----------
    path : Path
    width, height : int
    rate : Fraction
    recipe : Recipe
    sound : (str, float) or None
        A clip, and the second of it where this one begins.
    continues, until
        As for `clip_writer`.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        rate: Fraction,
        recipe: Recipe,
        sound: tuple[str, float] | None,
        continues: Path | None,
        until: float | None,
    ) -> None:
        if continues is not None and not recipe.joins:
            raise InputError(f"expected a clip that can be continued; got a {path.suffix}; write an .mp4")
        self.path = path
        self.part = path.with_name(f"{path.stem}.part{path.suffix}")
        self._draft = self.part
        self._size = (width, height)
        self._rate = rate
        self._recipe = recipe
        self._wanted_sound = sound
        self._continues = continues
        self._until = until
        self._base = 1 / rate if recipe.steady else time_base(rate)
        self._tick = -1  # the last frame's
        self._frame = max(1, round(1 / rate / self._base))  # a frame's ticks, on average
        self._pixels = 0
        self._container: OutputContainer | None = None
        self._sound: Sound | None = None

    def begin(self) -> tuple[int, float | None]:
        """Open the file, and copy what is continued; how many frames that is, and the time of the last."""
        if self._continues is None:
            self._open()
            return 0, None
        # The part may be the very file that is to be written, and stays as it is until it has been copied.
        earlier = Earlier(self._continues)
        try:
            self._draft = self.part.with_name(f".{self.part.stem}.{secrets.token_hex(4)}{self.part.suffix}")
            self._open()
            earlier.require_like(self._stream)
            count = self._copy(earlier)
        finally:
            earlier.close()
        with suppress(OSError):  # where open files cannot be moved, the draft keeps its name
            self._draft.replace(self.part)
            self._draft = self.part
        return count, None if count == 0 else float(self._tick * self._base)

    def _open(self) -> None:
        import av

        recipe = self._recipe
        self._planes = Planes(*self._size, recipe.pixel_format)
        with self._told():
            self._draft.open("wb").close()  # FFmpeg's own error would come late, and without a reason
            container = av.open(f"file:{self._draft.absolute()}", "w", container_options=dict(recipe.muxing))
            self._container = container
            container.flags |= 0x400  # bit-exact: no random identities
            stream: VideoStream = container.add_stream(recipe.codec, rate=self._rate, options=dict(recipe.options))  # type: ignore[assignment]
            stream.width, stream.height = self._planes.width, self._planes.height
            stream.pix_fmt = recipe.pixel_format
            stream.thread_count = _THREADS
            stream.codec_context.time_base = self._base
            stream.time_base = self._base
            stream.gop_size = max(1, min(300, round(_KEYFRAMES * self._rate)))
            if recipe.pixel_format == "yuv420p":
                stream.colorspace = stream.color_primaries = stream.color_trc = _BT709
                stream.color_range = _LIMITED
            self._stream = stream
            if self._wanted_sound is not None:
                self._sound = Sound.of(*self._wanted_sound, container, recipe)
            container.start_encoding()

    def _copy(self, earlier: Earlier) -> int:
        count = 0
        with self._told():
            for packet in earlier.packets(self._until):
                tick = round(Fraction((packet.pts or 0) * packet.time_base) / self._base)
                if tick <= self._tick:
                    continue
                packet.stream = self._stream
                packet.time_base = self._base
                packet.pts = packet.dts = tick
                self._mux(packet)
                self._tick = tick
                count += 1
        return count

    def add(self, pixels: Samples, time: float) -> None:
        """Code a frame."""
        self._pixels += pixels.shape[0] * pixels.shape[1]
        if self._recipe.most is not None and self._pixels > self._recipe.most:
            raise InputError(
                f"expected at most {self._recipe.most:,} pixels in all frames of a {self.path.suffix}; "
                "got more; write an .mp4, make it smaller or take fewer frames"
            )
        self._tick = max(self._tick + 1, round(Fraction(time) / self._base))
        with self._told():
            frame = self._planes(pixels)
            frame.time_base = self._base
            frame.pts = self._tick
            for packet in self._stream.encode(frame):
                self._mux(packet)

    def _mux(self, packet: Packet[Any]) -> None:
        """Write a packet, and the sound before it."""
        if not packet.duration:
            packet.duration = self._frame
        if self._sound is not None and packet.pts is not None:
            self._sound.play(float(packet.pts * packet.time_base))
        self._opened.mux(packet)

    @property
    def _opened(self) -> OutputContainer:
        if self._container is None:
            raise InputError(f"expected a clip that is being written; got {self.path}, which is finished")
        return self._container

    def finish(self) -> None:
        """Write what the encoder and the sound still hold, and put the file in its place."""
        container = self._opened
        with self._told():
            try:
                for packet in self._stream.encode(None):
                    self._mux(packet)
                if self._sound is not None:
                    self._sound.play(float((self._tick + self._frame) * self._base))
            finally:
                self._close(container)
            with self._draft.open("rb+") as file:
                os.fsync(file.fileno())
            self._draft.replace(self.path)
            if self._draft != self.part and self.part == self._continues:
                self.part.unlink(missing_ok=True)

    def _close(self, container: OutputContainer) -> None:
        self._container = None
        if self._sound is not None:
            self._sound.close()
        container.close()

    def discard(self) -> None:
        """Leave nothing."""
        if self._container is not None:
            with suppress(Exception):  # whatever FFmpeg thinks of it, the file is to go
                self._close(self._container)
        with suppress(OSError, ValueError):  # there may be no such place
            self._draft.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of FFmpeg and the system, in one line."""
        from av.error import FFmpegError

        try:
            yield
        except (InputError, FileError):
            raise
        except (FFmpegError, OSError, ValueError, MemoryError) as error:
            kept = f"; what was written is in {shown(str(self._draft))}" if self._tick >= 0 else ""
            raise FileError(f"cannot write {shown(str(self.path))}: {reason(error)}{kept}") from None
