"""Small clips of many kinds, made for the tests of the files room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np


def scene(count: int, height: int = 48, width: int = 64) -> list[np.ndarray]:
    """Smooth pictures (h, w, 3) uint8 that can be told apart: frame n is brighter by 3 n."""
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 60 // width, y * 60 // height, (x + y) * 40 // (height + width)], -1)
    return [(base + 3 * n).astype(np.uint8) for n in range(count)]


def encoded(
    path: Path,
    frames: Sequence[np.ndarray],
    codec: str,
    pixel_format: str,
    *,
    times: Sequence[float] | None = None,
    turn: int = 0,
    muxing: dict[str, str] | None = None,
    sound: bool | str = False,
    options: Mapping[str, str] | None = None,
) -> Path:
    """A clip at 25 frames a second, or at times in seconds, made by FFmpeg alone.

    Sound is AAC unless its codec is named; "adts" is AAC as AVI and transport streams have it.
    """
    layouts = {2: "gray", 3: "rgb24"} if frames[0].dtype == np.uint8 else {2: "gray16le", 3: "rgb48le"}
    with av.open(str(path), "w", container_options=muxing or {}) as container:
        stream: Any = container.add_stream(codec, rate=25, options=dict(options or {}))
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixel_format
        if turn:
            stream.set_display_rotation(turn)
        base = Fraction(1, 25 if times is None else 90000)
        stream.codec_context.time_base = base
        wrapped = _wrapped(path.with_suffix(".aac"), len(frames)) if sound == "adts" else None
        if wrapped:
            heard: Any = container.add_stream_from_template(wrapped.streams.audio[0])
            heard.codec_context.extradata = b"\x11\x88"  # AAC-LC, 48 kHz, mono
        elif sound:
            heard = container.add_stream("aac" if sound is True else str(sound), rate=48000, layout="mono")
        for n, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), layouts[pixels.ndim])
            frame = frame.reformat(format=pixel_format)
            frame.pts = n if times is None else round(times[n] * 90000)
            frame.time_base = base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if wrapped:
            for n, packet in enumerate(packet for packet in wrapped.demux() if packet.size):
                packet.stream, packet.pts, packet.dts, packet.time_base = heard, 1024 * n, 1024 * n, Fraction(1, 48000)
                container.mux(packet)
            wrapped.close()
        elif sound:
            _play(container, heard, len(frames))
    return path


def _play(container: Any, heard: Any, frames: int) -> None:
    """A tone as long as so many frames."""
    tone = av.AudioFrame.from_ndarray(
        np.sin(np.arange(48000 * frames // 25) * 0.05).astype(np.float32)[None] / 2, "fltp", "mono"
    )
    tone.sample_rate, tone.pts, tone.time_base = 48000, 0, Fraction(1, 48000)
    context = heard.codec_context
    resampler = av.AudioResampler(context.format, context.layout, 48000, context.frame_size or 1024)
    for frame in [*resampler.resample(tone), *resampler.resample(None), None]:
        container.mux(heard.encode(frame))


def _wrapped(path: Path, frames: int) -> Any:
    """A tone in AAC whose packets each tell what they are."""
    with av.open(str(path), "w") as container:
        _play(container, container.add_stream("aac", rate=48000, layout="mono"), frames)
    return av.open(str(path))
