"""The sound of one clip in another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

from gmmseg.files.clips.addresses import address_of
from gmmseg.files.clips.recipes import Recipe
from gmmseg.files.clips.reel import opened

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

_RATES = {"libopus": 48000, "aac": None, "libmp3lame": None}
_USUAL = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})


class Sound:
    """Sound that is played along with the frames: copied packet by packet if the container takes it, else coded anew.

    Where the sound of a damaged clip breaks off, there is none from there on.
    """

    def __init__(self, source: InputContainer, begin: float, out: OutputContainer, recipe: Recipe) -> None:
        self._source = source
        self._out = out
        heard: Any = source.streams.best("audio")
        self._heard = heard
        self._zero = Fraction(begin) + _first_frame(source)
        name = self._heard.codec_context.name
        self._copies = name in recipe.sound
        if self._copies:
            self._stream: Any = out.add_stream_from_template(self._heard)
        else:
            rate = _RATES[recipe.sound_codec] or (self._heard.rate if self._heard.rate in _USUAL else 48000)
            layout = "mono" if self._heard.channels == 1 else "stereo"
            self._stream = out.add_stream(recipe.sound_codec, rate=rate, layout=layout)
        self._packets = self._copied() if self._copies else self._coded()
        self._next = next(self._packets, None)

    @staticmethod
    def of(path: str, begin: float, out: OutputContainer, recipe: Recipe) -> Sound | None:
        """The sound of a file from a second on, with a stream of its own in `out`; None if it has none."""
        source = opened(address_of(path, None, None))
        if not source.streams.audio:
            source.close()
            return None
        try:
            return Sound(source, begin, out, recipe)
        except BaseException:
            source.close()
            raise

    def play(self, until: float) -> None:
        """Write what is to be heard before a time in the clip that is written."""
        while self._next is not None and self._next[0] < until:
            self._out.mux(self._next[1])
            self._next = next(self._packets, None)

    def close(self) -> None:
        """Close the clip that the sound is of."""
        self._source.close()

    def _copied(self) -> Iterator[tuple[float, Any]]:
        """(seconds, packet)."""
        from av.error import FFmpegError

        base = self._heard.time_base
        shift = round(self._zero / base)
        last = -1
        try:
            for packet in self._unwrapped(shift):
                # Its own time must grow too, or the container refuses it.
                tick = max(last + 1, _stamp(packet) - shift)
                last = tick
                packet.stream = self._stream
                packet.pts = packet.dts = tick
                yield float(tick * base), packet
        except FFmpegError:
            return

    def _unwrapped(self, begin: int) -> Iterator[Any]:
        """Whole packets from a time stamp on, as containers that tell the decoder's settings once for all want them.

        AAC in AVI and MPEG-TS tells them in every packet (ADTS, ISO/IEC 13818-7, 6.2), which begins with 12 ones.
        FFmpeg takes that away by itself for some containers, but not for the fragments of MP4. The first packet out
        of the filter carries the settings, so that it must be one that is wanted.
        """
        from av.bitstream import BitStreamFilterContext

        whole = (packet for packet in self._source.demux(self._heard) if packet.size and not packet.is_corrupt)
        wanted = (packet for packet in whole if _stamp(packet) >= begin)
        first = next(wanted, None)
        if first is None:
            return
        head = bytes(first)[:2]
        wrapped = self._heard.codec_context.name == "aac" and len(head) == 2 and head[0] == 255 and head[1] >= 240
        unwrapping = BitStreamFilterContext("aac_adtstoasc", self._heard) if wrapped else None
        for packet in chain([first], wanted):
            yield from unwrapping.filter(packet) if unwrapping else (packet,)

    def _coded(self) -> Iterator[tuple[float, Any]]:
        """(seconds, packet), coded anew."""
        from av.error import FFmpegError

        try:
            for packet in self._encoded():
                # Encoders begin before 0, with samples that nobody is to hear; containers would move all else instead.
                if packet.pts >= 0:
                    yield float(packet.pts * packet.time_base), packet
        except FFmpegError:
            return

    def _encoded(self) -> Iterator[Any]:
        context = self._stream.codec_context
        ticks = 0
        for frame in self._resampled(context):
            frame.pts = ticks
            frame.time_base = Fraction(1, context.sample_rate)
            ticks += frame.samples
            yield from self._stream.encode(frame)
        if ticks:
            yield from self._stream.encode(None)

    def _resampled(self, context: Any) -> Iterator[Any]:
        """Frames from the beginning on, as the encoder takes them."""
        from av.audio.resampler import AudioResampler
        from av.error import FFmpegError

        resampler = AudioResampler(context.format, context.layout, context.sample_rate)
        try:
            for frame in self._source.decode(self._heard):
                if frame.pts is not None and frame.pts * frame.time_base >= self._zero:
                    yield from resampler.resample(frame)
            yield from resampler.resample(None)
        except FFmpegError:
            return


def _stamp(packet: Any) -> int:
    """A packet's time stamp, which some containers give to the decoder alone; -1 if it has none."""
    stamp = packet.dts if packet.pts is None else packet.pts
    return -1 if stamp is None else int(stamp)


def _first_frame(source: InputContainer) -> Fraction:
    """The time stamp of the first picture, in seconds: that is where a clip's times begin."""
    video: Any = source.streams.best("video")
    if video is None or video.start_time is None or video.time_base is None:
        return Fraction(0)
    return Fraction(video.start_time * video.time_base)
