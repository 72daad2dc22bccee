"""The background model as a whole: frames of every kind, regions, files, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gmmseg import BackgroundModel, FileError, Foreground, InputError
from gmmseg.files.archives import write_npz

SHAPE = (40, 120)
PRESETS = ("default", "classic")


def clip(frames: int = 30, channels: int = 3, seed: int = 0) -> list[NDArray[np.uint8]]:
    """A wall with noise, and a bright block that walks by; as large as it is, smoothing leaves it as it is."""
    random = np.random.default_rng(seed)
    shape = (*SHAPE, channels)[: 3 if channels > 1 else 2]
    wall = random.uniform(50, 150, shape)
    made = []
    for t in range(frames):
        frame = wall + random.normal(0, 2, shape)
        if t >= 5:
            frame[10:24, 3 * t : 3 * t + 16] = 240
        made.append(frame.clip(0, 255).round().astype(np.uint8))
    return made


def same(one: Foreground, other: Foreground) -> None:
    for name in ("mask", "probability", "shadow"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def same_models(one: BackgroundModel, other: BackgroundModel, frames: list[NDArray[Any]]) -> None:
    for frame in frames:
        same(one.apply(frame), other.apply(frame))
    np.testing.assert_array_equal(one.background, other.background)
    np.testing.assert_array_equal(one.uncertainty, other.uncertainty)
    assert one.frames == other.frames


@pytest.fixture(params=PRESETS)
def preset(request: pytest.FixtureRequest) -> str:
    """The models that there are."""
    return str(request.param)


def test_what_passes_by_is_foreground(preset: str) -> None:
    """A block that walks by is foreground, and the background has no trace of it."""
    model = BackgroundModel(preset)
    frames = clip()
    for frame in frames:
        found = model.apply(frame)
    expected = np.zeros(SHAPE, np.bool_)
    expected[10:24, 87:103] = True
    assert (found.mask == expected).mean() > 0.98
    assert found.mask.dtype == np.bool_
    assert found.probability.dtype == np.float32
    assert model.background.dtype == np.uint8
    assert model.background.shape == frames[0].shape
    assert (model.background.max(axis=-1) < 170).mean() > 0.99
    assert model.uncertainty.shape == SHAPE
    assert model.frames == 30
    assert model.shape == (*SHAPE, 3)


class Shown:
    """Something that is an array when asked."""

    def __init__(self, pixels: NDArray[Any]) -> None:
        self.pixels = pixels

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self.pixels if dtype is None else self.pixels.astype(dtype)


def test_frames_in_any_guise(preset: str) -> None:
    """Frames that are views, or things with pixels, or have one channel, are read like plain arrays."""
    frames = clip(10, 1)
    guises = (
        lambda f: f[:, :, None],
        lambda f: np.repeat(f, 2, axis=1)[:, ::2],
        np.asfortranarray,
        Shown,
    )
    for guise in guises:
        plain, other = BackgroundModel(preset), BackgroundModel(preset)
        for frame in frames:
            same(plain.apply(frame), other.apply(guise(frame)))
        assert other.background.shape == SHAPE


def test_sixteen_bits_are_eight_bits_in_steps(preset: str) -> None:
    """A clip in 16 bits, its levels given, has the foreground of the clip in 8 bits, and a background in 16."""
    eight, sixteen = BackgroundModel(preset), BackgroundModel(preset, levels=(0, 65535))
    floats = BackgroundModel(preset)
    for frame in clip():
        expected = eight.apply(frame)
        found = sixteen.apply(frame.astype(np.uint16) * 257)
        unit = floats.apply(frame / 255)
        for other in (found, unit):
            assert (other.mask == expected.mask).mean() > 0.999
            np.testing.assert_allclose(other.probability, expected.probability, atol=0.01)
    assert sixteen.background.dtype == np.uint16
    np.testing.assert_allclose(sixteen.background / 257, eight.background, atol=0.51)
    assert floats.background.dtype == np.float64
    np.testing.assert_allclose(floats.background * 255, eight.background, atol=0.51)


def test_big_endian_frames(preset: str) -> None:
    """The order of a sample's bytes does not matter."""
    frames = [frame.astype(np.uint16) * 257 for frame in clip(5, 1)]
    same_models(BackgroundModel(preset), BackgroundModel(preset), frames)
    one, other = BackgroundModel(preset), BackgroundModel(preset)
    for frame in frames:
        same(one.apply(frame), other.apply(frame.astype(">u2")))


def test_a_thermal_camera(preset: str) -> None:
    """A thermal clip that uses few of its values finds its own levels and keeps them."""
    random = np.random.default_rng(0)
    wall = random.uniform(7000, 7600, SHAPE)
    model = BackgroundModel(preset)
    for t in range(40):
        frame = wall + random.normal(0, 5, SHAPE)
        left = 3 * (39 - t)
        frame[10:24, left : left + 16] = 8200
        found = model.apply(frame.round().astype(np.uint16))
        if t == 0:
            levels = model.levels
            assert levels is not None
            assert 6000 < levels[0] < 7000
            assert 8200 < levels[1] < 9000
    assert model.levels == levels
    assert found.mask[12:22, left : left + 14].all()
    assert found.mask.mean() < 0.08
    background = model.background
    assert background.dtype == np.uint16
    assert np.abs(background - wall).mean() < 10


def test_a_flat_first_frame_has_levels_around_it(preset: str) -> None:
    """A first frame of one value in 16 bits leaves room above and below."""
    model = BackgroundModel(preset)
    model.apply(np.full(SHAPE, 7000, np.uint16))
    levels = model.levels
    assert levels is not None
    assert levels[0] < 7000 < levels[1]
    assert (model.background == 7000).all()


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros(SHAPE, np.bool_),
        np.zeros(SHAPE, np.int64),
        np.zeros(SHAPE, complex),
        np.zeros((0, 5), np.uint8),
        np.zeros((5, 0, 3), np.uint8),
        np.zeros(5, np.uint8),
        np.zeros((4, 5, 2), np.uint8),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((1, 4, 5, 3), np.uint8),
        np.full(SHAPE, np.nan, np.float32),
        np.full(SHAPE, np.inf, np.float32),
        np.full(SHAPE, 128.0),
        np.full(SHAPE, -1.0),
        None,
        "a frame",
        [[1, 2], [3]],
    ],
)
def test_frames_that_are_none_are_refused(frame: Any) -> None:
    """What is not a frame is refused, and the model is as before."""
    model = BackgroundModel()
    with pytest.raises(InputError, match="expected"):
        model.apply(frame)
    assert model.frames == 0
    model.apply(clip(1)[0])


def test_frames_unlike_the_first_are_refused(preset: str) -> None:
    """Another size, type or number of channels is refused in words that tell both."""
    model = BackgroundModel(preset)
    model.apply(clip(1)[0])
    for other in (
        np.zeros((40, 121, 3), np.uint8),
        np.zeros((120, 40, 3), np.uint8),
        np.zeros((40, 120), np.uint8),
        np.zeros((40, 120, 3), np.uint16),
        np.zeros((40, 120, 3), np.float32),
    ):
        with pytest.raises(InputError, match="120×40 colour uint8; got "):
            model.apply(other)
    assert model.frames == 1


@pytest.mark.parametrize("rate", [-1, 1.5, float("nan"), True, "fast"])
def test_rates_that_cannot_be_are_refused(rate: Any) -> None:
    """A learning rate is a number from 0 to 1."""
    with pytest.raises(InputError, match="learning_rate from 0 to 1"):
        BackgroundModel().apply(clip(1)[0], rate)


def test_unknown_words_are_refused() -> None:
    """Unknown presets and settings are refused, and the known ones named."""
    with pytest.raises(InputError, match="classic"):
        BackgroundModel("nonsense")
    with pytest.raises(InputError, match=r"history.*got speed"):
        BackgroundModel("classic", speed=1)
    with pytest.raises(InputError, match="history"):
        BackgroundModel("classic", history=-1)
    for levels in (5, (1,), (3, 3), (4, 2), ("a", "b"), (0, float("nan"))):
        with pytest.raises(InputError, match="levels"):
            BackgroundModel(levels=levels)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="threads"):
        BackgroundModel(threads=0)


def test_nothing_is_known_before_the_first_frame(preset: str) -> None:
    """Before the first frame there is no background, and it says so."""
    model = BackgroundModel(preset)
    with pytest.raises(InputError, match="seen a frame"):
        _ = model.background
    with pytest.raises(InputError, match="seen a frame"):
        _ = model.uncertainty
    assert model.shape is None
    assert model.frames == 0
    assert model.levels is None
    assert "no frame" in repr(model)


def test_frozen_models_learn_nothing(preset: str) -> None:
    """A frozen model gives the same answer to the same frame for ever, and learns again when thawed."""
    frames = clip()
    model, other = BackgroundModel(preset), BackgroundModel(preset)
    for frame in frames[:20]:
        same(model.apply(frame), other.apply(frame))
    model.freeze()
    assert model.frozen
    strange = 255 - frames[0]
    first = model.apply(strange)
    for _ in range(5):
        same(model.apply(strange, 0.5), first)
    model.thaw()
    for frame in frames[20:]:
        same(model.apply(frame), other.apply(frame))


def test_nothing_outside_the_region_is_foreground(preset: str) -> None:
    """Outside of a region nothing is found, whether it is the model's or the frame's, set early or late."""
    region = np.zeros(SHAPE, np.bool_)
    region[:, 20:50] = True
    other = np.zeros(SHAPE, np.bool_)
    other[:20] = True
    model = BackgroundModel(preset, region=region)
    for t, frame in enumerate(clip()):
        found = model.apply(frame, region=other if t >= 20 else None)
        inside = region & other if t >= 20 else region
        assert not found.mask[~inside].any()
        assert not found.probability[~inside].any()
    assert (model.background[~region] == 0).all()
    assert (model.uncertainty[~region] == 1).all()
    model.region = None
    assert model.apply(frame).probability[~region].any()
    region[:] = False
    model.region = region
    assert not model.apply(frame).probability.any()


def test_never_is_modelled_and_never_foreground(preset: str) -> None:
    """Where foreground is ruled out the background is learnt all the same."""
    never = np.zeros(SHAPE, np.bool_)
    never[:17] = True
    model, other = BackgroundModel(preset), BackgroundModel(preset)
    model.never = never
    for frame in clip():
        found, expected = model.apply(frame), other.apply(frame)
        np.testing.assert_array_equal(found.mask, expected.mask & ~never)
        assert not found.probability[never].any()
        assert not found.shadow[never].any()
    assert expected.mask[never].any()
    np.testing.assert_array_equal(model.background, other.background)


def test_regions_that_do_not_fit_are_refused(preset: str) -> None:
    """Regions are flags of the frames' size."""
    frame = clip(1)[0]
    wrong = np.ones((3, 3), np.bool_)
    for bad in (np.ones(SHAPE, np.uint8), np.ones((*SHAPE, 1), np.bool_), 5):
        with pytest.raises(InputError, match="bool"):
            BackgroundModel(preset, region=bad)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="region of the frames' shape"):
        BackgroundModel(preset, region=wrong).apply(frame)
    model = BackgroundModel(preset)
    model.apply(frame)
    with pytest.raises(InputError, match="never of the frames' shape"):
        model.never = wrong
    with pytest.raises(InputError, match="region of the frames' shape"):
        model.apply(frame, region=wrong)
    with pytest.raises(InputError, match="region of the frames' shape"):
        model.reset(wrong)
    assert model.frames == 1


def test_a_region_given_is_copied() -> None:
    """A region that its owner writes to later is what it was."""
    region = np.ones(SHAPE, np.bool_)
    model = BackgroundModel(region=region)
    region[:] = False
    assert model.region is not None
    assert model.region.all()


def test_forgetting(preset: str) -> None:
    """A model that forgot everything is a fresh one; one that forgot a region is as before elsewhere."""
    frames = clip()
    model = BackgroundModel(preset)
    for frame in frames:
        model.apply(frame)
    before = model.background
    region = np.zeros(SHAPE, np.bool_)
    region[:, :7] = True
    model.reset(region)
    assert (model.uncertainty[region] == 1).all()
    np.testing.assert_array_equal(model.background[~region], before[~region])
    changed = np.where(region[..., None], frames[0] // 2, frames[0])
    model.apply(changed)
    np.testing.assert_array_equal(model.background[region], changed[region])
    model.reset()
    assert model.frames == 0
    same_models(model, BackgroundModel(preset), frames)
    model.reset()
    model.apply(np.zeros((4, 4), np.uint8))  # of another kind


@pytest.mark.parametrize("kind", ["colour", "grey", "thermal", "floats"])
def test_saved_in_midstream_and_taken_up_again(preset: str, kind: str, tmp_path: Path) -> None:
    """A model that was saved and loaded goes on to the bit as one that was not."""
    frames: list[Any] = clip(40, 3 if kind == "colour" else 1)
    if kind == "thermal":
        frames = [7000 + 3 * frame.astype(np.uint16) for frame in frames]
    if kind == "floats":
        frames = [(frame / 255).astype(np.float32) for frame in frames]
    model = BackgroundModel(preset)
    model.never = np.zeros(SHAPE, np.bool_)
    model.region = np.ones(SHAPE, np.bool_)
    for frame in frames[:20]:
        model.apply(frame)
    path = tmp_path / "model.npz"
    model.save(path)
    loaded = BackgroundModel.load(path, threads=1)
    assert loaded.settings == model.settings
    assert loaded.preset == model.preset
    assert loaded.levels == model.levels
    np.testing.assert_array_equal(loaded.never, model.never)
    same_models(model, loaded, frames[20:])
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.npz"]
    again = tmp_path / "again.npz"
    model.save(path)
    loaded.save(again)
    assert path.read_bytes() == again.read_bytes()


def test_a_fresh_model_is_saved_too(preset: str, tmp_path: Path) -> None:
    """A model that has seen nothing, or is frozen, is that when loaded."""
    model = BackgroundModel(preset, modes=3, levels=(0, 1000))
    model.freeze()
    model.save(tmp_path / "model")
    loaded = BackgroundModel.load(tmp_path / "model")
    assert loaded.settings == model.settings
    assert loaded.frozen
    assert loaded.levels == (0, 1000)
    assert loaded.frames == 0


@pytest.fixture
def saved(preset: str, tmp_path: Path) -> Path:
    model = BackgroundModel(preset)
    for frame in clip(5):
        model.apply(frame)
    model.save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def test_damaged_files_are_refused(saved: Path) -> None:
    """A file cut short, or with a byte changed where it matters, is a FileError or harmless."""
    whole = saved.read_bytes()
    for size in (0, 1, 50, len(whole) // 2, len(whole) - 1):
        saved.write_bytes(whole[:size])
        with pytest.raises(FileError, match=r"model\.npz"):
            BackgroundModel.load(saved)
    random = np.random.default_rng(0)
    for place in random.integers(len(whole), size=100):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        saved.write_bytes(changed)
        with suppress(FileError):
            BackgroundModel.load(saved)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preset", "nonsense"),
        ("settings", {"history": -1}),
        ("settings", {"speed": 1}),
        ("settings", 5),
        ("settings", {"modes": 4}),
        ("shape", [120, 67, 3]),
        ("shape", [10**9, 10**9]),
        ("shape", [0, 0]),
        ("shape", [20]),
        ("shape", "wide"),
        ("dtype", "nonsense"),
        ("frames", -1),
        ("frozen", 3),
        ("levels", [2, 1]),
        ("arrays", ["scene_front"]),
        ("arrays", ["nonsense"]),
        ("arrays", 7),
        ("version", 99),
        ("format", "gmmseg model"),
    ],
)
def test_headers_that_lie_are_refused(name: str, value: Any, saved: Path) -> None:
    """A header that does not fit its arrays is a FileError."""
    with np.load(saved) as archive:
        arrays = dict(archive)
    header = json.loads(bytes(arrays.pop("header")))
    header[name] = value
    write_npz(saved, header=np.frombuffer(json.dumps(header).encode(), np.uint8), **arrays)
    with pytest.raises(FileError, match=r"model\.npz"):
        BackgroundModel.load(saved)


def test_memories_that_cannot_be_are_refused(preset: str, saved: Path) -> None:
    """Places that would lead out of the arrays, and numbers that are none, are a FileError."""
    with np.load(saved) as archive:
        arrays = dict(archive)
    wrong: dict[str, list[tuple[str, float]]] = {
        "classic": [("depths", 200), ("depths", 0), ("front", np.nan), ("frames", -5)],
        "default": [
            *(("points", 40 * 120), ("points", 2**31 - 1), ("usual", np.nan), ("usual", -1), ("worth", 0)),
            *(("worth", 1e300), ("totals", np.inf), ("colours", np.nan), ("frames", -5), ("frames", 2**62)),
        ],
    }
    for name, value in wrong[preset]:
        changed = {key: array.copy() for key, array in arrays.items()}
        changed[f"scene_{name}"][...] = value
        write_npz(saved, **changed)
        with pytest.raises(FileError, match="do not fit together"):
            BackgroundModel.load(saved)


def test_files_that_cannot_be(tmp_path: Path) -> None:
    """Where nothing can be read or written, it is a FileError that says where."""
    with pytest.raises(FileError, match="missing"):
        BackgroundModel.load(tmp_path / "missing")
    with pytest.raises(FileError, match="nowhere"):
        BackgroundModel().save(tmp_path / "nowhere" / "model")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to try")
def test_a_full_disk(tmp_path: Path) -> None:
    """A disk that is full is a FileError."""
    with pytest.raises(FileError, match="/dev/full"):
        BackgroundModel().save("/dev/full")
    assert not list(tmp_path.iterdir())


def test_threads_come_and_go(preset: str) -> None:
    """A model can be closed, by itself or as a context, and works on."""
    frames = clip()
    with BackgroundModel(preset, threads=2) as model:
        for frame in frames[:10]:
            model.apply(frame)
    other = BackgroundModel(preset, threads=1)
    for frame in frames[:10]:
        other.apply(frame)
    same_models(model, other, frames[10:])
    model.close()
    model.close()


def test_settings_are_a_record_of_json() -> None:
    """The settings of every preset can be written as JSON and read back."""
    from gmmseg.video import PRESETS

    for name in PRESETS:
        settings: Any = BackgroundModel(name).settings
        assert type(settings)(**json.loads(json.dumps(asdict(settings)))) == settings
