"""Clips: frames come in order, upright, in full depth, and with their own times."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import PIL.Image
import pytest
from made_clips import encoded, scene

from gmmseg import FileError, InputError, read_clip
from gmmseg.files import inspected_clip, write_picture

KINDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a.mp4": ("libx264", "yuv420p", {}),
    "a.mkv": ("ffv1", "bgr0", {}),
    "a.avi": ("libx264", "yuv420p", {}),
    "raw.avi": ("rawvideo", "bgr24", {}),
    "a.webm": ("libvpx-vp9", "yuv420p", {"deadline": "realtime"}),
    "a.ts": ("mpeg2video", "yuv420p", {"bf": "2"}),
    "a.mov": ("mjpeg", "yuvj420p", {}),
    "a.gif": ("gif", "rgb8", {}),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_read_whole(tmp_path: Path, name: str) -> None:
    """Each kind gives all its frames, in order, at their times, and close to what was put in."""
    codec, pixel_format, options = KINDS[name]
    frames = scene(30)
    with read_clip(encoded(tmp_path / name, frames, codec, pixel_format, options=options)) as clip:
        found = list(clip)
        assert (clip.width, clip.height, clip.colour, clip.trouble) == (64, 48, True, None)
        assert clip.dtype == np.uint8
        assert float(clip.rate) == pytest.approx(25)
    assert [frame.index for frame in found] == list(range(30))
    assert [frame.time for frame in found] == pytest.approx([n / 25 for n in range(30)], abs=1e-3)
    worst = max(
        np.abs(np.asarray(frame).astype(int) - given).mean() for frame, given in zip(found, frames, strict=True)
    )
    assert worst < {"a.gif": 25, "a.ts": 8}.get(name, 4)
    assert all(frame.pixels.flags.c_contiguous for frame in found)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.ts", "a.webm"])
def test_a_later_start_gives_the_same_frames(tmp_path: Path, name: str) -> None:
    """Frames after `start` have the numbers, times and pixels that they have in the whole clip."""
    codec, pixel_format, options = KINDS[name]
    path = encoded(tmp_path / name, scene(70), codec, pixel_format, options={"g": "12", **options})
    whole = list(read_clip(path))
    for start in (0.03, 0.2, 1.0, 1.9, 2.7):
        found = list(read_clip(path, start=start, stop=start + 0.5))
        wanted = [frame for frame in whole if start <= frame.time < start + 0.5]
        assert [(frame.index, frame.time) for frame in found] == [(frame.index, frame.time) for frame in wanted]
        assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(found, wanted, strict=True))
    assert list(read_clip(path, start=99.0)) == []


def test_every_counts_from_the_beginning_of_the_clip(tmp_path: Path) -> None:
    """Whatever the start, the same frames are taken, so that a clip can be taken up again."""
    path = encoded(tmp_path / "a.mp4", scene(40), "libx264", "yuv420p")
    clip = read_clip(path, every=7)
    assert [frame.index for frame in clip] == [0, 7, 14, 21, 28, 35]
    assert (clip.count, clip.rate) == (6, read_clip(path).rate / 7)
    later = read_clip(path, every=7, start=0.5, stop=1.2)
    assert [frame.index for frame in later] == [14, 21, 28]
    assert later.count == 3


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    """A clip whose rate varies gives each frame at its own time."""
    times = np.cumsum(np.random.default_rng(0).uniform(0.01, 0.3, 30))
    times -= times[0]
    path = encoded(tmp_path / "a.mp4", scene(30), "libx264", "yuv420p", times=times.tolist())
    assert [frame.time for frame in read_clip(path)] == pytest.approx(times, abs=2e-5)
    assert [frame.index for frame in read_clip(path, start=2.0)] == np.flatnonzero(times >= 2.0).tolist()


@pytest.mark.parametrize(("turn", "quarters"), [(90, 1), (180, 2), (270, 3), (-90, 3)])
def test_turned_clips_are_upright(tmp_path: Path, turn: int, quarters: int) -> None:
    """What the file says about its rotation is done, and width and height are those of the upright frames."""
    frames = scene(3)
    path = encoded(tmp_path / "a.mp4", frames, "libx264", "yuv444p", turn=turn, options={"qp": "0"})
    plain = encoded(tmp_path / "b.mp4", frames, "libx264", "yuv444p", options={"qp": "0"})
    clip = read_clip(path)
    for frame, straight in zip(clip, read_clip(plain), strict=True):
        assert np.array_equal(frame.pixels, np.rot90(straight.pixels, quarters))
        assert frame.pixels.shape == (clip.height, clip.width, 3)
    assert inspected_clip(str(path)).turned


def test_grey_stays_grey_and_deep_stays_deep(tmp_path: Path) -> None:
    """Grey clips give (h, w); those of more than 8 bits give uint16 over the full range."""
    colours = scene(2)
    greys = [frame[..., 0] for frame in colours]
    clip = read_clip(encoded(tmp_path / "g.mkv", greys, "ffv1", "gray"))
    assert not clip.colour
    assert all(np.array_equal(a.pixels, b) for a, b in zip(clip, greys, strict=True))
    deep = [np.full((8, 10), value, np.uint16) for value in (0, 30000, 65535)]
    clip = read_clip(encoded(tmp_path / "g16.mkv", deep, "ffv1", "gray16le"))
    assert clip.dtype == np.uint16
    assert [int(frame.pixels[0, 0]) for frame in clip] == [0, 30000, 65535]
    clip = read_clip(encoded(tmp_path / "g10.mkv", deep, "ffv1", "gray10le"))
    assert [int(frame.pixels[0, 0]) for frame in clip] == pytest.approx([0, 30000, 65535], abs=64)
    white = [np.full((8, 10, 3), 65535, np.uint16)]
    clip = read_clip(encoded(tmp_path / "c10.mkv", white, "ffv1", "yuv420p10le"))
    assert clip.dtype == np.uint16
    assert next(iter(clip)).pixels.min() > 65000


@pytest.mark.parametrize(("full", "matrix"), [(False, 1), (True, 1), (False, 5), (True, 5), (False, 9)])
@pytest.mark.parametrize("size", [(48, 64), (47, 63)])
def test_colours_are_those_that_the_marks_mean(tmp_path: Path, full: bool, matrix: int, size: tuple[int, int]) -> None:
    """Range and matrix (BT.709, 601, 2020) are taken from the file: the formula's colour is met within 2 levels."""
    red, blue = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 9: (0.2627, 0.0593)}[matrix]
    y, cb, cr = 120, 90, 170
    luma = y / 255 if full else (y - 16) / 219
    pb, pr = ((part - 128) / (255 if full else 224) for part in (cb, cr))
    r, b = luma + 2 * (1 - red) * pr, luma + 2 * (1 - blue) * pb
    wanted = 255 * np.array([r, (luma - red * r - blue * b) / (1 - red - blue), b])
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25, options={"qp": "0"})
        # One that H.264 has for odd sides too: none is halved.
        stream.height, stream.width, stream.pix_fmt = *size, "yuv444p"
        stream.colorspace, stream.color_range = matrix, 2 if full else 1
        frame = av.VideoFrame(size[1], size[0], "yuv444p")
        frame.colorspace, frame.color_range = matrix, 2 if full else 1
        for plane, value in zip(frame.planes, (y, cb, cr), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    pixels = next(iter(read_clip(path))).pixels
    assert pixels.shape == (*size, 3)
    assert np.abs(pixels - wanted).max() <= 2


def test_scale_averages_areas(tmp_path: Path) -> None:
    """A chessboard of single pixels at half the size is even grey, from a file and from a folder."""
    y, x = np.mgrid[0:48, 0:64]
    board = np.where((y + x) % 2 == 0, 255, 0).astype(np.uint8)
    folder = tmp_path / "folder"
    folder.mkdir()
    write_picture(folder / "0.png", board)
    for source in (encoded(tmp_path / "a.mkv", [board], "ffv1", "gray"), folder):
        clip = read_clip(source, scale=0.5)
        pixels = next(iter(clip)).pixels
        assert (clip.width, clip.height, pixels.shape) == (32, 24, (24, 32))
        assert np.abs(pixels.astype(int) - 127.5).max() <= 2


def test_frames_do_not_change_behind_ones_back(tmp_path: Path) -> None:
    """A frame that was kept is the same after all others have been read, and may be written to."""
    path = encoded(tmp_path / "a.mkv", [frame[..., 0] for frame in scene(60)], "ffv1", "gray")
    clip = iter(read_clip(path))
    first = next(clip)
    copy = first.pixels.copy()
    rest = list(clip)
    assert np.array_equal(first.pixels, copy)
    rest[3].pixels[:] = 0
    assert rest[4].pixels.any()


def test_a_clip_can_be_read_again(tmp_path: Path) -> None:
    """Files and folders give the same frames each time."""
    clip = read_clip(encoded(tmp_path / "a.mp4", scene(5), "libx264", "yuv420p"))
    first, second = ([frame.pixels.tobytes() for frame in clip] for _ in range(2))
    assert first == second
    assert len(first) == 5


def test_one_frame_of_one_pixel_is_a_clip(tmp_path: Path) -> None:
    """The smallest clip is read."""
    clip = read_clip(encoded(tmp_path / "a.mkv", [np.full((1, 1, 3), 77, np.uint8)], "ffv1", "bgr0"))
    assert [frame.pixels.tolist() for frame in clip] == [[[[77, 77, 77]]]]


def test_a_folder_is_a_clip_in_natural_order(tmp_path: Path) -> None:
    """Pictures come as numbers count, by folder, pattern and printf's pattern alike."""
    frames = scene(12)
    for n, pixels in enumerate(frames):
        write_picture(tmp_path / f"in{n}.png", pixels)
    (tmp_path / "notes.txt").write_text("no picture")
    for source in (tmp_path, str(tmp_path / "in*.png"), str(tmp_path / "in%d.png")):
        clip = read_clip(source, rate=10)
        found = list(clip)
        assert [(frame.index, frame.time) for frame in found] == [(n, n / 10) for n in range(12)]
        assert all(np.array_equal(a.pixels, b) for a, b in zip(found, frames, strict=True))
        assert clip.count == 12
        assert [frame.index for frame in read_clip(source, rate=10, start=0.35, every=3)] == [6, 9]


def test_a_bad_picture_is_left_out(tmp_path: Path) -> None:
    """A picture that cannot be read is noted in a line, and the others keep their numbers."""
    for n, pixels in enumerate(scene(6)):
        write_picture(tmp_path / f"{n}.png", pixels)
    (tmp_path / "0.png").write_bytes(b"")
    (tmp_path / "3.png").write_bytes(b"\x89PNG\r\n\x1a\n rubbish")
    clip = read_clip(tmp_path)
    assert [frame.index for frame in clip] == [1, 2, 4, 5]
    assert ["0.png" in clip.notes[0], "3.png" in clip.notes[1], len(clip.notes)] == [True, True, 2]
    assert clip.trouble is None


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    """A folder whose pictures differ in size or depth is no clip, and the picture is named."""
    write_picture(tmp_path / "1.png", scene(1)[0])
    write_picture(tmp_path / "2.png", scene(1)[0][..., 0])
    write_picture(tmp_path / "3.png", scene(1, 20, 30)[0])
    clip = iter(read_clip(tmp_path))
    assert [next(clip).pixels.shape for _ in range(2)] == [(48, 64, 3)] * 2
    with pytest.raises(FileError, match=r"30 × 20 .* in 3\.png"):
        next(clip)


class Piped:
    """Standard input that gives some bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)
        self.buffer.seekable = lambda: False  # type: ignore[method-assign]

    def isatty(self) -> bool:
        """A pipe is none."""
        return False


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "fragmented.mp4"])
def test_standard_input_may_be_a_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What can be read as it comes is read from a pipe, once, and from a later start too."""
    codec = "libx264"
    muxing = {"movflags": "frag_keyframe+empty_moov"} if name.endswith("mp4") else {}
    data = encoded(tmp_path / name, scene(50), codec, "yuv420p", muxing=muxing, options={"g": "10"}).read_bytes()
    monkeypatch.setattr(sys, "stdin", Piped(data))
    clip = read_clip("-", start=1.0)
    assert clip.live
    assert [frame.index for frame in clip] == list(range(25, 50))
    with pytest.raises(InputError, match="live"):
        iter(clip)


@pytest.mark.parametrize(("layout", "shape", "dtype"), [("rgb24", (4, 6, 3), "u1"), ("gray16", (4, 6), "<u2")])
def test_raw_frames_need_a_size(monkeypatch: pytest.MonkeyPatch, layout: str, shape: Any, dtype: str) -> None:
    """Raw frames on standard input are cut by their size; a rest at the end is told."""
    frames = np.random.default_rng(0).integers(0, 255, (5, *shape)).astype(dtype)
    monkeypatch.setattr(sys, "stdin", Piped(frames.tobytes() + b"rest"))
    clip = read_clip("-", size=(6, 4), pixel_format=layout, rate=5, every=2)
    assert all(np.array_equal(frame.pixels, frames[frame.index]) for frame in clip)
    assert clip.trouble == "broke off at frame 5: the stream ended within it"


def test_inspection_tells_what_the_file_says(tmp_path: Path) -> None:
    """Size, rate, frames, duration, codec and sound."""
    record = inspected_clip(str(encoded(tmp_path / "a.mp4", scene(50), "libx264", "yuv420p", sound=True))).record()
    assert {key: record[key] for key in ("codec", "width", "height", "rate", "frames", "seconds", "sound")} == {
        "codec": "h264",
        "width": 64,
        "height": 48,
        "rate": 25.0,
        "frames": 50,
        "seconds": 2.0,
        "sound": "aac",
    }


def test_a_picture_is_a_clip_of_one_frame(tmp_path: Path) -> None:
    """A single picture file has one frame."""
    PIL.Image.fromarray(scene(1)[0]).save(tmp_path / "a.png")
    assert [frame.pixels.shape for frame in read_clip(tmp_path / "a.png")] == [(48, 64, 3)]


@pytest.mark.parametrize(
    "wishes",
    [
        {"start": -1},
        {"start": 2, "stop": 1},
        {"every": 0},
        {"scale": 0},
        {"scale": float("nan")},
        {"rate": 0},
        {"size": (0, 4)},
        {"size": 3},
        {"pixel_format": "nv12"},
        {"start": "1"},
    ],
)
def test_bad_wishes_are_refused(tmp_path: Path, wishes: dict[str, Any]) -> None:
    """Arguments that cannot be worked with are refused before anything is opened."""
    with pytest.raises(InputError, match="expected"):
        read_clip(tmp_path, **wishes)


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    """Going through a clip holds a few frames at a time, however many there are."""
    import tracemalloc

    path = encoded(tmp_path / "a.avi", scene(200), "rawvideo", "bgr24")
    tracemalloc.start()
    try:
        for frame in read_clip(path):
            assert frame.pixels.size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 48 * 64 * 3
