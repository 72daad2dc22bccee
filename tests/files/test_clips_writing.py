"""Writing clips: frames keep their times, files appear whole, and parts can be played and continued."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import PIL.Image
import pytest
from made_clips import encoded, scene

from gmmseg import FileError, InputError, read_clip
from gmmseg.files import clip_writer

TIMES = np.cumsum(np.random.default_rng(0).uniform(0.02, 0.2, 30)) - 0.1
TIMES -= TIMES[0]


def written(path: Path, frames: list[np.ndarray], times: Any = TIMES, **options: Any) -> Path:
    with clip_writer(path, frames[0].shape[1], frames[0].shape[0], 10, **options) as out:
        for pixels, time in zip(frames, times, strict=False):
            out.write(pixels, float(time))
    return path


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm"])
def test_frames_come_back_at_their_times(tmp_path: Path, name: str) -> None:
    """Uneven times are kept to the millisecond, and colours within a few levels."""
    frames = scene(30)
    clip = read_clip(written(tmp_path / name, frames))
    found = list(clip)
    assert [frame.time for frame in found] == pytest.approx(TIMES, abs=1.1e-3)
    assert max(np.abs(a.pixels.astype(int) - b).mean() for a, b in zip(found, frames, strict=True)) < 4
    assert clip.trouble is None
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.mkv", "a.avi", "folder"])
@pytest.mark.parametrize("colour", [True, False])
def test_lossless_is_lossless(tmp_path: Path, name: str, colour: bool) -> None:
    """Every pixel comes back, of odd sizes too."""
    frames = [frame if colour else frame[..., 0] > 30 for frame in scene(8, 15, 21)]
    path = written(tmp_path / name, frames, np.arange(8) / 10, lossless=True, colour=colour)
    for found, given in zip(read_clip(path, rate=10), frames, strict=True):
        assert np.array_equal(found.pixels, given if colour else given * np.uint8(255))


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_animations_have_all_frames(tmp_path: Path, name: str) -> None:
    """Short clips become animations that Pillow reads, which play for ever."""
    path = written(tmp_path / name, scene(72)[::6], np.arange(12) / 10)
    with PIL.Image.open(path) as image:
        assert (getattr(image, "n_frames", 1), image.size, image.info["loop"]) == (12, (64, 48), 0)
        image.load()
        assert image.info["duration"] == pytest.approx(100, abs=1)


@pytest.mark.parametrize("name", ["a.mkv", "a.avi", "a.mp4", "a.webm", "a.gif", "a.webp"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (480, 1), (2, 2), (17, 33)])
def test_frames_may_be_tiny(tmp_path: Path, name: str, shape: tuple[int, int]) -> None:
    """A row, a column or a single pixel makes a clip that comes back, exactly where that is asked for."""
    frames = [np.full((*shape, 3), 40 * n + 20, np.uint8) for n in range(5)]
    lossless = name in {"a.mkv", "a.avi", "a.webp"}
    found = list(read_clip(written(tmp_path / name, frames, np.arange(5) / 10, lossless=lossless)))
    assert len(found) == 5
    for got, given in zip(found, frames, strict=True):
        pixels = got.pixels[: shape[0], : shape[1]]
        assert np.abs(pixels.astype(int) - given).max() <= (0 if lossless else 12)


def test_animated_webp_is_read(tmp_path: Path) -> None:
    """Frames of an animation come at their times, from where they are asked for, and smaller if that is wished."""
    path = written(tmp_path / "a.webp", scene(12), np.arange(12) / 10, lossless=True)
    clip = read_clip(path, start=0.35, stop=0.95, every=2, scale=0.5)
    found = list(clip)
    assert [frame.index for frame in found] == [4, 6, 8]
    assert [frame.time for frame in found] == pytest.approx([0.4, 0.6, 0.8], abs=2e-3)
    assert (clip.count, float(clip.rate), found[0].pixels.shape) == (3, 5.0, (24, 32, 3))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FileError, match="animation"):
        read_clip(path)


def test_h264_is_what_browsers_play(tmp_path: Path) -> None:
    """MP4 has H.264 in yuv420p, marked as BT.709, of even size, without B-frames; black and white are exact."""
    masks = [np.arange(33 * 51).reshape(33, 51) % 102 > 50 for _ in range(3)]
    path = written(tmp_path / "a.mp4", masks, colour=False)
    with av.open(str(path)) as container:
        video: Any = container.streams.video[0]
        assert (video.codec_context.name, video.pix_fmt, video.width, video.height) == ("h264", "yuv420p", 52, 34)
        assert (int(video.colorspace), int(video.color_range), bool(video.codec_context.has_b_frames)) == (1, 1, False)
        assert container.streams.video[0].frames == 3
    pixels = next(iter(read_clip(path))).pixels[:33, :51, 0]
    assert np.mean(np.abs(pixels.astype(int) - masks[0] * 255)) < 8


def test_the_same_frames_make_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in a file depends on when or how often it is written."""
    for suffix in (".mp4", ".mkv", ".webm"):
        paths = [written(tmp_path / f"{n}{suffix}", scene(12), np.arange(12) / 10) for n in range(2)]
        assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "aac"), ("a.mkv", "aac"), ("a.webm", "opus"), ("a.avi", "mp3float")]
)
def test_sound_goes_along(tmp_path: Path, name: str, codec: str) -> None:
    """Sound is copied or coded anew, begins where it is asked to, and ends with the last frame."""
    source = encoded(tmp_path / "source.mp4", scene(75), "libx264", "yuv420p", sound=True)
    frames = scene(15)
    path = written(tmp_path / name, frames, np.arange(15) / 10, sound_of=source, sound_from=1.0)
    with av.open(str(path)) as container:
        heard = container.streams.audio[0]
        assert heard.codec_context.name == codec
        ends = [
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux(heard)
            if packet.size and packet.pts is not None and packet.time_base
        ]
    assert ends[0] < 0.1
    assert 1.4 < ends[-1] < 1.6
    assert [frame.time for frame in read_clip(path)][-1] == pytest.approx(1.4, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.avi", "adts"),
        ("a.ts", "aac"),
        ("a.avi", "libmp3lame"),
        ("a.avi", "pcm_s16le"),
        ("a.mkv", "libmp3lame"),
        ("a.mkv", "pcm_s16le"),
        ("a.mkv", "flac"),
        ("a.mov", "pcm_s16be"),
    ],
)
@pytest.mark.parametrize("target", ["out.mp4", "out.mkv"])
@pytest.mark.parametrize("begin", [0.0, 1.0])
def test_sound_of_many_kinds_goes_along(tmp_path: Path, name: str, codec: str, target: str, begin: float) -> None:
    """Whatever container and codec the sound is in, all of it can be heard, from its beginning or a later moment."""
    source = encoded(tmp_path / name, scene(50), "libx264", "yuv420p", sound=codec)
    times = np.arange(round(10 * (2 - begin))) / 10
    path = written(tmp_path / target, scene(len(times)), times, sound_of=source, sound_from=begin)
    with av.open(str(path)) as container:
        heard = container.streams.audio[0]
        frames = list(container.decode(heard))
        assert sum(frame.samples for frame in frames) / heard.rate == pytest.approx(2 - begin, abs=0.12)
        assert (frames[0].time or 0) < 0.1
        assert np.abs(frames[len(frames) // 2].to_ndarray()).max() > 0


def test_a_clip_without_sound_has_none_to_give(tmp_path: Path) -> None:
    """A source that is silent leaves the clip silent; an animation refuses sound."""
    source = encoded(tmp_path / "source.mp4", scene(5), "libx264", "yuv420p")
    assert not read_clip(written(tmp_path / "a.mp4", scene(5), sound_of=source)).has_sound
    with pytest.raises(InputError, match="no sound"):
        written(tmp_path / "a.gif", scene(2), sound_of=source)


def test_an_error_in_the_block_leaves_a_whole_clip(tmp_path: Path) -> None:
    """Frames that were written before an error or an interruption are kept, unless the caller says otherwise."""
    for error, keep in ((KeyboardInterrupt, True), (ZeroDivisionError, True), (KeyboardInterrupt, False)):
        path = tmp_path / f"{error.__name__}-{keep}.mp4"
        with suppress(error), clip_writer(path, 64, 48, 10) as out:
            for n, pixels in enumerate(scene(7)):
                out.write(pixels, n / 10)
            out.keep = keep
            raise error
        assert path.exists() == keep
        assert not out.part.exists()
        if keep:
            assert len(list(read_clip(path))) == 7


def test_no_frame_no_file(tmp_path: Path) -> None:
    """A block that writes nothing leaves nothing, and says so."""
    for name in ("a.mp4", "a.mkv", "a.gif", "folder"):
        with pytest.raises(InputError, match="at least one frame"), clip_writer(tmp_path / name, 64, 48, 10):
            pass
        with pytest.raises(ZeroDivisionError), clip_writer(tmp_path / name, 64, 48, 10):
            raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


KILLED = """
    import os, sys
    from pathlib import Path
    import numpy as np
    from gmmseg.files import clip_writer
    y, x = np.mgrid[0:48, 0:64]
    base = np.stack([x * 60 // 64, y * 60 // 48, (x + y) * 40 // 112], -1)
    with clip_writer(Path(sys.argv[1]), 64, 48, 10) as out:
        for n in range(60):
            out.write((base + 3 * n).astype(np.uint8), n / 10)
        os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_killed_process_leaves_a_part_that_can_be_continued(tmp_path: Path, suffix: str) -> None:
    """After kill -9 the part plays, and going on from it makes the clip that would have been made."""
    path = tmp_path / f"a{suffix}"
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not path.exists()
    part = tmp_path / f"a.part{suffix}"
    found = len(list(read_clip(part)))
    assert found >= 40
    frames = scene(60)
    with clip_writer(path, 64, 48, 10, continues=part, until=2.0) as out:
        assert out.frames == 21
        assert out.last == pytest.approx(2.0, abs=1e-3)
        for n in range(21, 60):
            out.write(frames[n], n / 10)
    clip = read_clip(path)
    whole = list(clip)
    assert [frame.time for frame in whole] == pytest.approx(np.arange(60) / 10, abs=1e-3)
    assert max(np.abs(a.pixels.astype(int) - b).mean() for a, b in zip(whole, frames, strict=True)) < 4
    assert clip.trouble is None
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_continued(tmp_path: Path) -> None:
    """Pictures up to the time stay, later ones go, and strange ones are refused without being asked for."""
    path = written(tmp_path / "folder", scene(10), np.arange(10) / 10)
    with pytest.raises(FileError, match="none of its own"), clip_writer(path, 64, 48, 10):
        pass
    with clip_writer(path, 64, 48, 10, continues=path, until=0.4) as out:
        assert (out.frames, out.last) == (5, 0.4)
        out.write(np.zeros((48, 64), bool), 0.5)
    assert sorted(file.name for file in path.iterdir()) == [f"{n:06}.png" for n in range(6)]


def test_only_like_is_joined_to_like(tmp_path: Path) -> None:
    """A part of another size or codec cannot be continued, and stays."""
    part = written(tmp_path / "a.part.mp4", scene(5))
    for width, name in ((32, "a.mp4"), (64, "a.webm")):
        with (
            pytest.raises(FileError, match="cannot continue"),
            clip_writer(tmp_path / name, width, 48, 10, continues=part),
        ):
            pass
    assert len(list(read_clip(part))) == 5
    assert list(tmp_path.iterdir()) == [part]


@pytest.mark.skipif(sys.platform == "win32", reason="limits")
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    """When no more can be written, one line says why and where what was written is; that can be played."""
    import resource

    random = np.random.default_rng(0)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, limits[1]))
    try:
        with pytest.raises(FileError, match=r"cannot write .*: File too large; what was written is in .*part"):
            written(
                tmp_path / name,
                [random.integers(0, 256, (120, 160, 3), dtype=np.uint8) for _ in range(60)],
                np.arange(60) / 10,
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    part = tmp_path / f"a.part{Path(name).suffix}"
    assert list(tmp_path.iterdir()) == [part]
    assert len(list(read_clip(part))) > 5


def test_unwritable_places_are_refused(tmp_path: Path) -> None:
    """Folders that are not there, names that are too long and places that are files each have their line."""
    (tmp_path / "file").write_text("")
    places = [
        tmp_path / "no" / "a.mp4",
        tmp_path / ("n" * 300 + ".mp4"),
        tmp_path / "file" / "a.mp4",
        tmp_path / "file",
    ]
    for place in places:
        with pytest.raises(FileError, match="cannot"), clip_writer(place, 64, 48, 10):
            pass


@pytest.mark.parametrize(
    ("pixels", "time"),
    [
        (np.zeros((48, 63), np.uint8), 1),
        (np.zeros((48, 64, 4), np.uint8), 1),
        (np.zeros((48, 64), np.float32), 1),
        (np.zeros((48, 64), np.uint16), 1),
        (np.zeros((48, 64), np.uint8), 0),
        (np.zeros((48, 64), np.uint8), float("nan")),
        (np.zeros((48, 64), np.uint8), -1),
    ],
)
def test_bad_frames_are_refused(tmp_path: Path, pixels: np.ndarray, time: float) -> None:
    """Another shape or type, or a time that does not grow, is refused; what came before is kept."""
    with clip_writer(tmp_path / "a.mp4", 64, 48, 10) as out:
        out.write(np.zeros((48, 64), bool), 0)
        with pytest.raises(InputError, match="expected"):
            out.write(pixels, time)
    assert len(list(read_clip(tmp_path / "a.mp4"))) == 1


@pytest.mark.parametrize(
    "wishes",
    [
        {"width": 0},
        {"rate": 0},
        {"quality": 0},
        {"lossless": True},
        {"path": "a.txt"},
        {"sound_from": -1},
        {"until": "x"},
    ],
)
def test_bad_options_are_refused(tmp_path: Path, wishes: dict[str, Any]) -> None:
    """Arguments that cannot be worked with are refused before anything is written."""
    given: dict[str, Any] = {"path": "a.mp4", "width": 64, "height": 48, "rate": 10, **wishes}
    given["path"] = tmp_path / given["path"]
    with pytest.raises(InputError, match="expected"), clip_writer(**given):
        pass
    assert list(tmp_path.iterdir()) == []
