from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from PIL import Image

import gmmseg
from gmmseg.cli import program
from gmmseg.errors import InputError
from gmmseg.video.plates.climbing import climbed
from gmmseg.video.plates.sampling import sampled

Pixels = NDArray[Any]
GREY = np.array([0.299, 0.587, 0.114])


def scene(height: int = 40, width: int = 60) -> Pixels:
    """A wall of bricks, brighter to the right."""
    y, x = np.mgrid[:height, :width]
    wall = np.where((y % 8 < 1) | ((x + 6 * (y // 8 % 2)) % 12 < 1), 90.0, 150.0) + x
    return np.stack([wall, 0.8 * wall, 0.6 * wall], axis=2)


def stood(count: int = 30, share: float = 0.7) -> tuple[Pixels, Pixels]:
    """Someone stands before the wall for a share of the frames, then goes: the frames, uint8, and the wall."""
    random = np.random.default_rng(0)
    wall = scene()
    frames = np.empty((count, *wall.shape), np.uint8)
    for t in range(count):
        frame = wall + random.normal(0, 2, wall.shape)
        left = 20 if t < share * count else 20 + 8 * (t - int(share * count))
        frame[8:40, left : left + 12] = random.normal((30, 40, 90), 4, frame[8:40, left : left + 12].shape)
        frames[t] = np.clip(np.rint(frame), 0, 255)
    return frames, wall


def off(found: Pixels, truth: Pixels) -> float:
    """The share of pixels that are off by more than 20 levels of grey."""
    return float((np.abs(found @ GREY - truth @ GREY) > 20).mean())


def test_plate_of_one_frame_is_the_frame() -> None:
    """One frame is its own background, and nobody is sure of it."""
    frame = stood(1)[0][0]
    made = gmmseg.plate([frame])
    np.testing.assert_array_equal(made.pixels, frame)
    assert made.confidence.max() <= 0.5
    assert made.frames == 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("channels", [0, 1, 3, 5])
def test_plate_of_identical_frames_is_the_frame(kind: type, channels: int) -> None:
    """Frames that are all alike give that frame, in its type and shape, and certainty."""
    shape = (9, 11, channels) if channels else (9, 11)
    frame: Pixels = (np.random.default_rng(1).random(shape) * (200 if kind is np.uint8 else 3000)).astype(kind)
    made = gmmseg.plate(np.stack([frame] * 12))
    assert made.pixels.dtype == kind
    assert made.pixels.shape == shape
    np.testing.assert_allclose(made.pixels, frame, rtol=1e-7)
    assert (made.share == 1).all()
    assert made.confidence.min() > 0.99


def test_plate_weights_sum_to_one() -> None:
    """The weights of a pixel's modes sum to one, from heavy to light, and the choice is among them."""
    made = gmmseg.plate(stood()[0], modes=4)
    assert made.weights.shape == (4, 40, 60)
    np.testing.assert_allclose(made.weights.sum(axis=0), 1, atol=1e-5)
    assert (np.diff(made.weights, axis=0) <= 0).all()
    assert (np.take_along_axis(made.weights, made.choice[None].astype(np.intp), 0) > 0).all()
    assert (made.variances > 0).all()
    assert made.means.shape == (4, 40, 60, 3)


def test_plate_likelihood_never_falls() -> None:
    """No step of EM makes the samples of a pixel less likely."""
    random = np.random.default_rng(2)
    for _ in range(20):
        samples = (255 * random.random((3, 40)) ** random.uniform(0.5, 3)).astype(np.float32)
        weights, variances = np.full(3, 1 / 3, np.float32), np.full(3, 400, np.float32)
        means = np.ascontiguousarray(samples[:, :3].T)
        trace = np.full(30, np.nan)
        shares, room = np.empty((3, 40), np.float32), np.empty((2, 40), np.float32)
        last = climbed(samples, 3, np.float32(4), weights, means, variances, shares, room, trace)
        steps = trace[np.isfinite(trace)]
        assert (np.diff(steps) > -1e-3).all()
        assert last >= steps[-1] - 1e-3
        np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-5)


def test_plate_of_reversed_frames_is_the_same() -> None:
    """Time may run backwards: but for ties the plate is the same."""
    frames = stood()[0]
    forth, back = gmmseg.plate(frames), gmmseg.plate(frames[::-1])
    assert (np.abs(forth.pixels.astype(int) - back.pixels).max(axis=2) > 1).mean() < 0.002


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_plate_moves_with_brightness(kind: type) -> None:
    """A constant added to all frames is added to the plate."""
    frames: Pixels = (stood()[0] // 2).astype(kind)
    plain, bright = gmmseg.plate(frames), gmmseg.plate(frames + kind(50))
    np.testing.assert_array_equal(plain.pixels + kind(50), bright.pixels)


def test_plate_of_more_bits_is_as_clean() -> None:
    """Samples times sixteen, in sixteen bits most of which are free, give sixteen times the plate but for rounding."""
    frames = stood()[0]
    eight, sixteen = gmmseg.plate(frames), gmmseg.plate(frames.astype(np.uint16) * 16)
    assert sixteen.pixels.dtype == np.uint16
    assert np.abs(sixteen.pixels / 16 - eight.pixels).max() <= 1


def test_plate_does_not_depend_on_threads() -> None:
    """Any number of threads gives the same bits."""
    frames = stood()[0]
    one, many = gmmseg.plate(frames, threads=1), gmmseg.plate(frames, threads=5)
    for name in ("pixels", "confidence", "share", "weights", "means", "variances", "choice"):
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name))


def test_plate_where_the_median_fails() -> None:
    """Who stands in one place for seven tenths of a clip, and walks off, is not in the plate; the median keeps him."""
    frames, wall = stood()
    made = gmmseg.plate(frames)
    assert off(np.median(frames, axis=0), wall) > 0.1
    assert off(made.pixels, wall) < 0.002
    assert np.abs(made.pixels - wall).mean() < 1.5
    assert made.share[20, 25] < 0.4
    assert made.share[4, 4] > 0.95


def test_plate_of_clutter() -> None:
    """Clutter that covers every pixel most of the time, differently in each frame, is not in the plate."""
    random = np.random.default_rng(3)
    wall = scene()
    frames = np.clip(wall + random.normal(0, 2, (40, *wall.shape)), 0, 255)
    for frame in frames:
        for _ in range(26):
            y, x = random.integers(-4, 36), random.integers(-4, 56)
            frame[max(y, 0) : y + 12, max(x, 0) : x + 14] = random.integers(0, 256, 3)
    frames = frames.astype(np.uint8)
    assert off(np.median(frames, axis=0), wall) > 0.2
    assert off(gmmseg.plate(frames).pixels, wall) < 0.03


def test_plate_of_few_frames_of_clutter() -> None:
    """Where every frame of six may show something else at a pixel, what two of them agree on is found."""
    random = np.random.default_rng(7)
    wall = scene()
    frames = np.clip(wall + random.normal(0, 2, (6, *wall.shape)), 0, 255)
    for frame in frames:
        for _ in range(8):
            y, x = random.integers(-4, 36), random.integers(-4, 56)
            frame[max(y, 0) : y + 12, max(x, 0) : x + 14] = random.integers(0, 256, 3)
    frames = frames.astype(np.uint8)
    assert off(gmmseg.plate(frames).pixels, wall) < 0.6 * off(np.median(frames, axis=0), wall)


def test_plate_takes_the_median_of_many_samples() -> None:
    """A shadow over a fifth of many frames does not darken the plate, as it would a mean."""
    frames = np.full((60, 8, 8), 120, np.uint8)
    frames[::5] = 112
    assert (gmmseg.plate(frames, exposure=False).pixels == 120).all()


def test_plate_of_photos_of_different_exposure() -> None:
    """A few photos, each a little darker or brighter, with someone elsewhere in each: the gains are found."""
    random = np.random.default_rng(4)
    wall = scene()
    gains = np.array([1.0, 0.85, 1.1, 0.93, 1.0])
    photos = np.empty((5, *wall.shape), np.uint8)
    for t, gain in enumerate(gains):
        photo = wall * gain + random.normal(0, 1, wall.shape)
        photo[10:38, 2 + 11 * t : 14 + 11 * t] = (20, 30, 60)
        photos[t] = np.clip(np.rint(photo), 0, 255)
    made = gmmseg.plate(photos)
    np.testing.assert_allclose(made.gains, np.broadcast_to(1 / gains[:, None], (5, 3)), atol=0.02)
    assert np.abs(made.pixels - wall).mean() < 2
    assert np.abs(gmmseg.plate(photos, exposure=False).pixels - wall).mean() > 3


def test_plate_of_shifted_photos() -> None:
    """Photos from a hand are moved back by what the hand moved."""
    random = np.random.default_rng(5)
    wide = np.clip(random.normal(120, 40, (60, 80, 1)) + np.zeros(3), 0, 255)
    moves = [(0, 0), (2, -1), (0, 3), (-2, 1), (1, 1)]
    photos = np.stack([wide[8 + y : 48 + y, 8 + x : 68 + x] for y, x in moves]).astype(np.uint8)
    made = gmmseg.plate(photos, align=True, exposure=False)
    np.testing.assert_array_equal(made.shifts, np.array(moves) - moves[2])
    inner = (slice(6, -6), slice(6, -6))
    np.testing.assert_array_equal(made.pixels[inner], photos[2][inner])


def test_plate_of_two_frames_is_unsure_where_they_differ() -> None:
    """Of two frames nobody can tell which shows the background where they differ; elsewhere it is theirs."""
    frames = stood(10)[0][[0, 9]]
    made = gmmseg.plate(frames)
    differ = np.abs(frames[0].astype(int) - frames[1]).max(axis=2) > 40
    assert made.confidence[differ].max() <= 0.5
    assert np.abs(made.pixels.astype(int) - frames[0])[~differ].max() <= 20


def test_plate_of_one_pixel() -> None:
    """A picture of one pixel has a background too."""
    made = gmmseg.plate(np.array([10, 10, 10, 200, 10], np.uint8).reshape(5, 1, 1))
    assert made.pixels.tolist() == [[10]]


def test_plate_of_a_stream() -> None:
    """Frames that come one by one are thinned evenly, and half as many as wanted or more are kept."""
    for count in (1, 7, 16, 17, 40, 100, 333):
        _, kept = sampled((np.full((2, 2), t, np.float32) for t in range(count)), lambda _shape, _size: 16)
        times = kept[:, 0, 0, 0]
        assert min(count, 8) <= len(times) <= 16
        assert len(set(np.diff(times))) <= 1
        assert times[0] == 0
    frames = stood()[0]
    np.testing.assert_array_equal(gmmseg.plate(iter(frames)).pixels, gmmseg.plate(frames).pixels)
    assert gmmseg.plate(frames, limit=7).frames == 7


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        ([], "at least one frame"),
        (np.empty((0, 4, 4, 3), np.uint8), "at least one frame"),
        (iter(()), "at least one frame"),
        (np.zeros((4, 4), np.uint8), "one picture alone"),
        (np.zeros((2, 0, 4), np.uint8), "at least one pixel"),
        ([np.zeros((4, 4), np.uint8), np.zeros((4, 5), np.uint8)], "one size"),
        ([np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint16)], "one size and type"),
        ([np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 4), np.uint8)], "one size"),
        (np.full((3, 4, 4), np.nan, np.float32), "NaN"),
        (np.zeros((3, 4, 4), np.int32), "uint8, uint16 or floats"),
        (np.zeros((3, 4, 4), np.complex128), "uint8, uint16 or floats"),
        ("clip.mp4", "as arrays"),
        (7, "as arrays"),
        ([None], "uint8, uint16 or floats"),
        ([[[1, 2], [3]]], "as an array"),
    ],
    ids=str,
)
def test_plate_refuses_bad_frames(frames: Any, told: str) -> None:
    """What is no row of pictures alike is refused, with a word on what to do."""
    with pytest.raises(InputError, match=told):
        gmmseg.plate(frames)


@pytest.mark.parametrize("words", [{"modes": 0}, {"modes": 9}, {"modes": 2.5}, {"limit": 1}, {"threads": 0}])
def test_plate_refuses_bad_options(words: dict[str, Any]) -> None:
    """Options out of range are refused."""
    with pytest.raises(InputError, match="expected"):
        gmmseg.plate(stood(3)[0], **words)


def command(*words: str | Path) -> Any:
    return CliRunner().invoke(program, ["plate", *map(str, words)], catch_exceptions=False)


def photos(folder: Path, count: int = 8) -> Path:
    folder.mkdir()
    for t, frame in enumerate(stood(count, 0.5)[0]):
        Image.fromarray(frame).save(folder / f"photo{t}.png")
    return folder


def test_plate_verb_on_a_folder(tmp_path: Path) -> None:
    """A folder of photos becomes the plate and what else is asked for, all beside it."""
    out = tmp_path / "made" / "wall.png"
    result = command(photos(tmp_path / "in"), "-o", out, "--save", "plate,confidence,share,npz", "--json")
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert record["frames"] == 8
    assert (record["width"], record["height"]) == (60, 40)
    names = {"wall.png", "wall-confidence.png", "wall-share.png", "wall.npz"}
    assert {Path(path).name for path in record["outputs"]} == names == {path.name for path in out.parent.iterdir()}
    with np.load(out.with_suffix(".npz")) as arrays, Image.open(out) as picture:
        np.testing.assert_array_equal(arrays["plate"], np.asarray(picture))
        assert arrays["weights"].shape == (8, 40, 60)
    assert off(np.asarray(Image.open(out)), scene()) < 0.02


def test_plate_verb_takes_every_other_photo(tmp_path: Path) -> None:
    """Photos are thinned by --every and --frames."""
    folder = photos(tmp_path / "in")
    out = tmp_path / "plate.png"
    for words, frames in ((["--every", "2"], 4), (["--frames", "3"], 3)):
        result = command(folder, "-o", out, "--json", *words)
        assert json.loads(result.stdout)["frames"] == frames


def test_plate_verb_on_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip is read frame by frame, with the piece and scale asked for."""
    import gmmseg.files

    asked: dict[str, Any] = {}

    class Clip:
        def __enter__(self) -> Iterator[Any]:
            return iter([SimpleNamespace(pixels=frame) for frame in stood(12)[0]])

        def __exit__(self, *_: object) -> None:
            asked["closed"] = True

    def read_clip(source: Path, **words: Any) -> Clip:
        asked.update(words, source=source)
        return Clip()

    monkeypatch.setattr(gmmseg.files, "read_clip", read_clip, raising=False)
    out = tmp_path / "plate.png"
    words = ["--from", "1", "--to", "2.5", "--every", "2", "--scale", "0.5"]
    result = command(tmp_path / "clip.mp4", "-o", out, *words)
    assert result.exit_code == 0
    assert "60×40 of 12 frames" in result.stdout
    assert asked == {
        "start": 1.0, "stop": 2.5, "every": 2, "scale": 0.5, "source": tmp_path / "clip.mp4", "closed": True
    }  # fmt: skip
    assert out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--modes", "0"],
        ["--modes", "9"],
        ["--frames", "1"],
        ["--every", "0"],
        ["--scale", "0"],
        ["--scale", "nan"],
        ["--save", "plate,mask"],
        ["--from", "1"],
        ["-o", "."],
        ["-o", "plate.xyz"],
    ],
    ids=" ".join,
)
def test_plate_verb_refuses(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong option ends the command, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    photos(tmp_path / "in", 3)
    result = command("in", *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"in"}


def test_plate_verb_names_what_it_cannot_read(tmp_path: Path) -> None:
    """Empty folders, damaged pictures and those of another size are named in one line."""
    (tmp_path / "empty").mkdir()
    folder = photos(tmp_path / "in", 3)
    Image.new("RGB", (9, 9)).save(folder / "photo7.png")
    other = photos(tmp_path / "other", 3)
    (other / "photo1.png").write_bytes((other / "photo1.png").read_bytes()[:300])
    for place, told in ((tmp_path / "empty", "pictures in this folder"), (folder, "photo7.png"), (other, "photo1.png")):
        result = command(place, "-o", tmp_path / "plate.png")
        assert result.exit_code == 1
        assert told in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "plate.png").exists()
