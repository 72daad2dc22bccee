"""How clips of each kind are coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gmmseg.errors import InputError

# x264's "ultrafast" with three tools of the next presets put back. On 1080p footage that makes files as small as
# "veryfast" does, at the same PSNR, in half the time: 16 ms of one core a frame rather than 32.
_X264 = "cabac=1:deblock=0,0:subme=1:weightp=1:stitchable=1"
_FINE = 90_000  # ticks a second of our clocks, at least


@dataclass(frozen=True)
class Recipe:
    """Codec, layout and options for one kind of clip.

    Attributes
    ----------
    codec, pixel_format : str
        As FFmpeg calls them.
    options, muxing : mapping
        The encoder's and the container's.
    sound : frozenset of str
        Codecs whose packets may be copied; empty where there is no place for sound.
    sound_codec : str
        What other sound is turned into.
    steady : bool
        The container counts frames and knows no times.
    most : int or None
        Pixels that all frames may have together; such files are for short clips.
    joins : bool
        Whether packets of an earlier file can be followed by new ones.
    """

    codec: str
    pixel_format: str
    options: Mapping[str, str] = field(default_factory=dict)
    muxing: Mapping[str, str] = field(default_factory=dict)
    sound: frozenset[str] = frozenset()
    sound_codec: str = ""
    steady: bool = False
    most: int | None = None
    joins: bool = True


# Fragments make what is there so far playable at any moment; when the file is closed, FFmpeg turns it into a plain one
# in place. The index is delayed until the first fragment since some sound tells what it is in its packets alone.
_FRAGMENTED = {"movflags": "+hybrid_fragmented+delay_moov", "frag_duration": "1000000", "flush_packets": "1"}
_MATROSKA = {"cluster_time_limit": "1000", "flush_packets": "1"}
_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
_AVI_SOUND = frozenset({"mp3", "mp3float", "ac3", "pcm_s16le", "pcm_u8"})
_MKV_SOUND = _MP4_SOUND | _AVI_SOUND | {"vorbis", "flac", "dts", "mp2", "pcm_s24le", "pcm_f32le"}
_SHORT = 1_000_000_000


def recipe_of(suffix: str, *, colour: bool, lossless: bool, quality: int, thin: bool = False) -> Recipe:
    """The recipe for a file's suffix; frames whose width or height is 1 are `thin`."""
    crf = str(40 - quality // 4)
    h264 = {"preset": "ultrafast", "crf": crf, "bf": "0", "x264-params": _X264}
    # Level 3 cuts frames into slices, and FFmpeg's encoder refuses frames that it cannot cut.
    ffv1 = {"level": "1"} if thin else {"level": "3", "slices": "4", "slicecrc": "1"}
    # Grey is masks, and levels that are mostly 0: Golomb's codes with runs make masks of 1080p a seventh as large as
    # the range coder does, in two thirds of the time. Colours are a little smaller with the range coder.
    ffv1["coder"] = "1" if colour else "0"
    exact = "bgr0" if colour else "gray"
    kinds = {
        ".mp4": Recipe("libx264", "yuv420p", h264, _FRAGMENTED, _MP4_SOUND, "aac"),
        ".mov": Recipe("libx264", "yuv420p", h264, _FRAGMENTED, _MP4_SOUND - {"opus"}, "aac"),
        ".mkv": Recipe("libx264", "yuv420p", h264, _MATROSKA, _MKV_SOUND, "aac"),
        ".avi": Recipe("libx264", "yuv420p", h264, {"flush_packets": "1"}, _AVI_SOUND, "libmp3lame", steady=True),
        ".webm": Recipe(
            "libvpx-vp9",
            "yuv420p",
            {"crf": str(54 - quality // 3), "b": "0", "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"},
            _MATROSKA,
            frozenset({"opus", "vorbis"}),
            "libopus",
        ),
        ".gif": Recipe("gif", "pal8" if colour else "gray", most=_SHORT, joins=False),
        ".webp": Recipe(
            "libwebp_anim",
            "bgra" if lossless else "yuv420p",
            {"quality": str(quality), "lossless": str(int(lossless)), "compression_level": "1"},
            {"loop": "0"},
            most=_SHORT,
            joins=False,
        ),
    }
    exactly = {
        ".mkv": Recipe("ffv1", exact, ffv1, _MATROSKA, _MKV_SOUND, "aac"),
        ".avi": Recipe("ffv1", exact, ffv1, {"flush_packets": "1"}, _AVI_SOUND, "libmp3lame", steady=True),
        ".webp": kinds[".webp"],
    }
    if suffix not in kinds:
        raise InputError(
            f"expected a clip's suffix ({', '.join(kinds)}), or a folder without one; got {suffix!r}; "
            "name the output with one of these"
        )
    if lossless and suffix not in exactly:
        raise InputError(f"expected {', '.join(exactly)} or a folder for a lossless clip; got {suffix}; name it so")
    return (exactly if lossless else kinds)[suffix]


def time_base(rate: Fraction) -> Fraction:
    """Ticks in which frames at this rate have whole times, and others are at most 6 µs off."""
    if rate.numerator > 10 * _FINE:
        return Fraction(1, _FINE)
    return Fraction(1, rate.numerator * -(-_FINE // rate.numerator))
