"""Damaged clips: all frames up to the damage, then one line about it; and nothing is said elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from made_clips import encoded, scene

from gmmseg import FileError, InputError, read_clip

KINDS = {
    "fast.mp4": ("libx264", "yuv420p", {"movflags": "faststart"}),
    "fragmented.mp4": ("libx264", "yuv420p", {"movflags": "frag_keyframe+empty_moov"}),
    "a.mkv": ("libx264", "yuv420p", {}),
    "raw.avi": ("rawvideo", "bgr24", {}),
    "a.webm": ("libvpx-vp9", "yuv420p", {}),
    "a.mov": ("mjpeg", "yuvj420p", {"movflags": "faststart"}),
}


def made(folder: Path, name: str) -> bytes:
    codec, pixel_format, muxing = KINDS[name]
    random = np.random.default_rng(0)
    frames = [frame + random.integers(0, 40, frame.shape, dtype=np.uint8) for frame in scene(40)]
    return encoded(
        folder / f"whole-{name}", frames, codec, pixel_format, muxing=muxing, options={"g": "10"}
    ).read_bytes()


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_file_gives_what_there_is(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that is cut short gives the frames up to there, the same as the whole file's, and says so."""
    data = made(tmp_path, name)
    whole = list(read_clip(tmp_path / f"whole-{name}"))
    for share in (0.5, 0.9):
        (tmp_path / name).write_bytes(data[: int(len(data) * share)])
        clip = read_clip(tmp_path / name)
        found = list(clip)
        assert 40 * share - 12 < len(found) < 40
        assert clip.trouble is not None
        assert clip.trouble.startswith(f"broke off at frame {len(found)}: ")
        assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(found, whole, strict=False))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", KINDS)
def test_rubbish_anywhere_raises_nothing_else(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever bytes are wrong, frames come up to some point or one line says that none can be read."""
    data = bytearray(made(tmp_path, name))
    random = np.random.default_rng(1)
    told = []
    for _ in range(12):
        bad = data.copy()
        place = int(random.integers(0, len(bad)))
        bad[place : place + 60] = random.bytes(len(bad[place : place + 60]))
        (tmp_path / name).write_bytes(bad)
        try:
            with read_clip(tmp_path / name) as clip:
                assert all(frame.pixels.shape == (clip.height, clip.width, 3) for frame in clip)
        except FileError as error:
            told.append(str(error))
    assert all("\n" not in line for line in told)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an empty file"),
        (b"hello, this is a text\n" * 50, "text file|another kind|no video"),
        (bytes(5000), "another kind|no video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "another kind|no video|damaged"),
    ],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.txt", "a"])
def test_what_is_no_clip_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """A file without video is refused in one line."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=message):
        read_clip(tmp_path / name)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    """A file that has sound and no pictures is no clip."""
    import av

    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), "fltp", "mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(FileError, match="sound alone"):
        read_clip(tmp_path / "a.mp4")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """Missing files, empty folders and patterns without a match each have their line."""
    for source in (tmp_path / "no.mp4", tmp_path, str(tmp_path / "*.jpg"), str(tmp_path / "%06d.jpg"), "a\0b.mp4"):
        with pytest.raises(FileError, match="cannot read"):
            read_clip(source)
    with pytest.raises(InputError, match="expected a clip"):
        read_clip(3)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform != "linux", reason="cameras are files on Linux alone")
def test_a_camera_that_is_not_there_is_refused() -> None:
    """The message says which cameras there are."""
    with pytest.raises(FileError, match="camera 77: expected a camera"):
        read_clip("camera:77")


def test_a_server_that_is_not_there_is_refused_without_its_password() -> None:
    """Nobody listens on port 9: one line says so, and does not tell the password."""
    with pytest.raises(FileError, match="rtsp://127") as refusal:
        read_clip("rtsp://user:secret@127.0.0.1:9/stream")
    assert "secret" not in str(refusal.value)
