"""The adaptive background model at the bounds: frames, settings and files of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_streets import kept, made, same_memory, scene_of, street, taught

from gmmseg import BackgroundModel, FileError, InputError
from gmmseg.files.archives import write_npz
from gmmseg.video.adaptive import Adaptive

SIZES = [(1, 1), (1, 7), (9, 1), (3, 3), (1, 1025), (2000, 1), (8, 8), (5, 300), (33, 31), (17, 61)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_frames_of_every_size(size: tuple[int, int], channels: int, tmp_path: Path) -> None:
    """Frames of one pixel, one row or one column, and of sizes that fill no block, are learnt like any other."""
    random = np.random.default_rng(0)
    shape = size if channels == 1 else (*size, 3)
    wall = random.uniform(60, 120, shape)
    model = BackgroundModel(threads=2)
    for t in range(45):
        frame = (wall + random.normal(0, 1, shape)).round().astype(np.uint8)
        found = model.apply(frame)
        assert not found.mask.any(), t
        assert found.mask.shape == found.probability.shape == found.shadow.shape == size
    assert np.abs(model.background - wall).mean() < 2
    assert model.apply(np.full(shape, 250, np.uint8)).mask.all()
    model.save(tmp_path / "model.npz")
    other = BackgroundModel.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(model.apply(frame).probability, other.apply(frame).probability)


@pytest.mark.parametrize("value", [0, 1, 128, 254, 255])
def test_constant_frames(value: int) -> None:
    """A frame of one value for ever is background, and known as it is."""
    frame = np.full((30, 40, 3), value, np.uint8)
    model = BackgroundModel()
    for _ in range(60):
        found = model.apply(frame)
        assert not found.mask.any()
        assert not found.shadow.any()
    assert (model.background == value).all()
    assert np.isfinite(model.uncertainty).all()


def test_a_camera_that_shows_black_at_first() -> None:
    """Frames that are black before the camera is there are forgotten soon, and those in between change little."""
    model = BackgroundModel()
    model.apply(np.zeros((120, 160, 3), np.uint8))
    frames = made("ghost", 90)
    for frame in frames[:80]:
        found = model.apply(frame)
    assert found.mask.mean() < 0.01
    assert np.abs(model.background.astype(int) - frames[79]).mean() < 4
    for t in range(5):
        assert model.apply(np.zeros((120, 160, 3), np.uint8)).mask.mean() > 0.5
        assert model.apply(frames[80 + t]).mask.mean() < 0.01


def test_a_frame_of_nan_is_refused_and_nothing_changes() -> None:
    """A frame with a number that is none is refused, and the model is as before."""
    frames = [frame.astype(np.float32) / 255 for frame in street(20)]
    model = BackgroundModel()
    for frame in frames:
        model.apply(frame)
    before = kept(model)
    bad = frames[0].copy()
    bad[3, 4, 1] = np.nan
    with pytest.raises(InputError, match="finite"):
        model.apply(bad)
    same_memory(before, kept(model))


def test_nothing_drifts() -> None:
    """After thousands of frames of noise the background is the wall, nothing is foreground, and nothing has grown."""
    random = np.random.default_rng(0)
    wall = random.uniform(20, 230, (30, 40, 3))
    noise = random.normal(0, 4, (40, 30, 40, 3))
    model = BackgroundModel(threads=1)
    sizes = set()
    for t in range(5000):
        found = model.apply((wall + noise[random.integers(40)]).clip(0, 255).round().astype(np.uint8))
        if t % 1000 == 999:
            sizes.add(sum(array.nbytes for array in kept(model).values()))
            assert np.abs(model.background - wall).mean() < 1
            assert found.mask.mean() < 0.01
            assert np.isfinite(model.uncertainty).all()
    assert len(sizes) == 1
    assert all(np.isfinite(array).all() for array in kept(model).values())


@pytest.mark.parametrize(
    "changes",
    [
        {"modes": 2},
        {"modes": 8},
        {"radius": 255},
        {"radius": 1},
        {"tightness": 0.1},
        {"tightness": 1000},
        {"share": 0},
        {"share": 1},
        {"rate": 0},
        {"rate": 1},
        {"slow_rate": 0},
        {"slow_rate": 1},
        {"pace": 0},
        {"pace": 1},
        {"warm_up": 1},
        {"warm_up": 10**400},
        {"restlessness": 1},
        {"restlessness": 4},
        {"shadows": 0},
        {"shadows": 1},
        {"modes": np.int64(3), "rate": np.float32(0.25), "align": np.True_},
        {
            "modes": 2,
            "radius": 1,
            "tightness": 0.1,
            "share": 0,
            "rate": 1,
            "slow_rate": 1,
            "pace": 1,
            "restlessness": 4,
        },
    ],
)
def test_settings_at_their_bounds(changes: dict[str, Any], tmp_path: Path) -> None:
    """Any setting within its bounds gives masks, a background of levels, and a model that is saved and goes on."""
    model = BackgroundModel(threads=1, **changes)
    random = np.random.default_rng(0)
    for frame in [*street(30), *(random.integers(0, 256, (48, 70, 3), np.uint8) for _ in range(15))]:
        found = model.apply(frame)
    assert np.isfinite(found.probability).all()
    assert np.isfinite(model.uncertainty).all()
    assert model.uncertainty.min() >= 0
    assert scene_of(model).arrays()["reach"].max() <= 250
    model.save(tmp_path / "model.npz")
    other = BackgroundModel.load(tmp_path / "model.npz", threads=1)
    assert other.settings == model.settings
    np.testing.assert_array_equal(model.apply(frame).probability, other.apply(frame).probability)
    same_memory(kept(model), kept(other))


@pytest.mark.parametrize(
    "changes",
    [
        {"modes": 1},
        {"modes": 9},
        {"modes": 2.5},
        {"modes": True},
        {"modes": 10**400},
        {"radius": 0},
        {"radius": 256},
        {"radius": 10**400},
        {"radius": "far"},
        {"rate": -0.1},
        {"rate": float("nan")},
        {"slow_rate": 2},
        {"share": None},
        {"restlessness": 4.1},
        {"warm_up": 0},
        {"align": 1},
        {"clean": "yes"},
    ],
)
def test_settings_beyond_their_bounds_are_refused(changes: dict[str, Any]) -> None:
    """A setting that cannot be is refused by name."""
    with pytest.raises(InputError, match=f"expected {next(iter(changes))}"):
        BackgroundModel(**changes)


def damage(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    with np.load(path) as archive:
        arrays = dict(archive)
    change(arrays)
    write_npz(path, **arrays)


@pytest.mark.parametrize("name", ["means", "weights", "others", "reach", "points", "sways", "colours", "trail", "past"])
@pytest.mark.parametrize("how", ["gone", "short", "wide", "kind"])
def test_memories_of_another_shape_are_refused(name: str, how: str, tmp_path: Path) -> None:
    """An array that is missing, or of another shape or type, is a FileError."""
    taught(street(3)).save(tmp_path / "model.npz")

    def change(arrays: dict[str, Any]) -> None:
        given = arrays[f"scene_{name}"]
        arrays[f"scene_{name}"] = {
            "gone": None,
            "short": given[:-1],
            "wide": np.stack([given, given]),
            "kind": given.astype(np.float64),
        }[how]
        if how == "gone":
            del arrays[f"scene_{name}"]

    damage(tmp_path / "model.npz", change)
    with pytest.raises(FileError, match=r"model\.npz"):
        BackgroundModel.load(tmp_path / "model.npz")


@pytest.mark.parametrize("seed", range(4))
def test_memories_of_noise_do_no_harm(seed: int, tmp_path: Path) -> None:
    """A file whose arrays are filled at random is refused, or works on like a model that has learnt nonsense."""
    path = tmp_path / "model.npz"
    frames = street(12)
    taught(frames).save(path)
    random = np.random.default_rng(seed)

    def change(arrays: dict[str, Any]) -> None:
        for name, array in arrays.items():
            if name == "scene_points" and seed < 3:
                array[...] = random.integers(-5, 40 * 60, array.shape)
            elif name in {"scene_colours", "scene_totals"}:
                array[...] = random.uniform(0, 1e30, array.shape)
            elif array.dtype == np.bool_:
                array[...] = random.random(array.shape) < 0.5
            elif name != "header" and array.dtype.kind in "ui" and array.ndim:
                array[...] = random.integers(0, np.iinfo(array.dtype).max, array.shape, array.dtype, endpoint=True)

    damage(path, change)
    if seed == 3:
        with pytest.raises(FileError, match="points"):
            BackgroundModel.load(path)
        return
    model = BackgroundModel.load(path, threads=1)
    for frame in frames:
        found = model.apply(frame)
    assert found.mask.shape == (48, 70)
    assert np.isfinite(model.uncertainty).all()


def test_a_header_with_settings_of_another_memory_is_refused(tmp_path: Path) -> None:
    """Settings that would need other arrays than there are, are a FileError."""
    path = tmp_path / "model.npz"
    taught(street(3)).save(path)
    for settings in ({"modes": 4}, {"sway": False}, {"ghosts": False}, {"warm_up": 1e300}, {"radius": 10**400}):

        def change(arrays: dict[str, Any], settings: dict[str, Any] = settings) -> None:
            header = json.loads(bytes(arrays["header"]))
            header["settings"].update(settings)
            arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)

        taught(street(3)).save(path)
        damage(path, change)
        with pytest.raises(FileError, match=r"model\.npz"):
            BackgroundModel.load(path)


def test_a_long_thin_picture_takes_little_memory() -> None:
    """The memory of a picture is a few dozen bytes a pixel and some megabytes, whatever its shape."""
    for shape in ((1, 60000, 3), (60000, 1, 3), (240, 320, 3)):
        scene = Adaptive().scene(shape, np.dtype(np.uint8))
        held = sum(array.nbytes for array in scene.arrays().values())
        assert held < 40 * shape[0] * shape[1] + 12e6
