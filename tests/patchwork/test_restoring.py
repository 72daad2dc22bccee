"""Pictures without their noise, and with their gaps filled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import gmmseg
from gmmseg import InputError
from gmmseg.crew import Crew
from gmmseg.files import image_of
from gmmseg.patchwork.restoring import noise_of, restored
from gmmseg.patchwork.restoring.filling import spread
from gmmseg.patchwork.restoring.groups import groups_of
from gmmseg.patchwork.restoring.overlapping import cut, put_back
from gmmseg.patchwork.restoring.refining import refined
from gmmseg.patchwork.restoring.scales import fused, halved

PHOTO = Path(__file__).resolve().parents[2] / "images" / "coffee.jpg"


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """A piece of a photo : (160, 160, 3) float64."""
    with Pillow.open(PHOTO) as picture:
        return np.asarray(picture.convert("RGB"), np.float64)[120:280, 200:360]


@pytest.fixture(scope="module")
def grey(photo: np.ndarray) -> np.ndarray:
    """The same in grey : (160, 160) float64."""
    return photo @ [0.299, 0.587, 0.114]


def bytes_of(values: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


def noisy(values: np.ndarray, noise: float, seed: int = 0) -> np.ndarray:
    return bytes_of(values + np.random.default_rng(seed).normal(0, noise, values.shape))


def peak_ratio(found: np.ndarray, truth: np.ndarray) -> float:
    """PSNR in dB."""
    return float(10 * np.log10(255**2 / np.mean((np.float64(found).reshape(truth.shape) - truth) ** 2)))


# Golden PSNR in dB; a change may cost no more than a hundredth of what is gained over the noisy picture.
@pytest.mark.parametrize(("noise", "golden"), [(10, 36.33), (25, 31.18), (50, 26.15)])
def test_noise_is_taken_away(grey: np.ndarray, noise: float, golden: float) -> None:
    """A grey photo with noise comes back as near to the clean one as it ever did."""
    given = noisy(grey, noise)
    found = peak_ratio(restored(image_of(given), noise).pixels, grey)
    assert found > golden - 0.01 * (golden - peak_ratio(given, grey))


def test_colours_help_each_other(photo: np.ndarray) -> None:
    """A colour photo gains more than its channels one by one."""
    given = noisy(photo, 25)
    together = restored(image_of(given), 25).pixels
    apart = np.concatenate([restored(image_of(given[..., c]), 25).pixels for c in range(3)], axis=2)
    assert peak_ratio(together, photo) > peak_ratio(apart, photo) + 0.5
    assert peak_ratio(together, photo) > peak_ratio(given, photo) + 9


def test_light_is_shifted_with_the_picture(grey: np.ndarray) -> None:
    """A brighter picture gives a brighter result and no other."""
    plane = (0.5 * grey[:96, :96] + np.random.default_rng(1).normal(0, 8, (96, 96)))[..., None].astype(np.float32)
    with Crew() as crew:
        dark = refined(plane, plane, 8, 8, crew)
        light = refined(plane + 64, plane + 64, 8, 8, crew)
    np.testing.assert_allclose(light - 64, dark, atol=0.02)


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_do_not_matter(photo: np.ndarray, threads: int) -> None:
    """Any number of threads gives the same bytes."""
    wide = np.tile(noisy(photo[:64], 20), (1, 4, 1))
    one = restored(image_of(wide), 20, threads=1)
    assert (restored(image_of(wide), 20, threads=threads).pixels == one.pixels).all()


def test_black_stays_black() -> None:
    """Noise that a file cuts off at black and white leaves no haze there."""
    truth = np.full((64, 96), 4.0)
    truth[:, 32:64], truth[:, 64:] = 128, 252
    found = restored(image_of(noisy(truth, 30)), 30).pixels[..., 0].astype(float)
    for columns in (slice(4, 28), slice(36, 60), slice(68, 92)):
        assert abs((found - truth)[:, columns].mean()) < 3


def test_black_without_noise_is_not_darkened() -> None:
    """Dark parts that have less noise than the rest, and so no sample at black, stay as they are."""
    random = np.random.default_rng(0)
    truth = np.full((64, 96), 12.0)
    truth[:, 48:] = 150
    given = bytes_of(truth + random.normal(0, np.where(truth < 50, 1.5, 25)))
    found = restored(image_of(given), 25).pixels[..., 0].astype(float)
    assert abs((found - truth)[:, :40].mean()) < 1.5


@pytest.mark.parametrize("noise", [5, 12, 25])
def test_noise_is_measured(photo: np.ndarray, noise: float) -> None:
    """The noise of a photo is found within a twentieth, in grey, in colour, and with gaps."""
    random = np.random.default_rng(2)
    values = 0.5 * photo + 64 + random.normal(0, noise, photo.shape)
    assert noise_of(image_of(bytes_of(values))) == pytest.approx(noise, rel=0.05)
    assert noise_of(image_of(bytes_of(values[..., 1]))) == pytest.approx(noise, rel=0.05)
    gaps = np.zeros(photo.shape[:2], np.bool_)
    gaps[::9] = True
    values[gaps] = 0
    assert noise_of(image_of(bytes_of(values)), missing=gaps) == pytest.approx(noise, rel=0.06)


def test_a_plain_picture_has_no_noise() -> None:
    """Where all pixels are alike there is no noise, and taking some away changes nothing."""
    plain = image_of(np.full((40, 50), 77, np.uint8))
    assert noise_of(plain) == 0
    assert (restored(plain, 10).pixels == 77).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 5), (8, 8), (9, 40, 3), (33, 31)])
def test_small_pictures(shape: tuple[int, ...]) -> None:
    """Pictures smaller than a patch, or than the number of clusters needs, are restored too."""
    given = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    missing = np.zeros(shape[:2], np.bool_)
    missing[0, 0] = given.size > 1
    found = restored(image_of(given), 30, missing=missing)
    assert found.pixels.shape[:2] == shape[:2]
    assert noise_of(image_of(given)) >= 0


@pytest.mark.parametrize("kind", ["uint16", "float", "alpha", "bands"])
def test_depth_and_transparency_stay(photo: np.ndarray, kind: str) -> None:
    """16 bits stay 16 bits, floats floats, bands bands, and what is left out stays as it was."""
    values = noisy(photo[:64, :64], 20).astype(np.float64)
    kinds: dict[str, np.ndarray] = {
        "uint16": np.rint(values * 257).astype(np.uint16),
        "float": (values / 255).astype(np.float32),
        "alpha": np.concatenate([bytes_of(values), np.full((64, 64, 1), 255, np.uint8)], axis=2),
        "bands": np.concatenate([bytes_of(values), bytes_of(values[..., :2])], axis=2),
    }
    given = kinds[kind]
    if kind == "alpha":
        given[:9, :9, 3] = 0
    image = image_of(given)
    found = restored(image, 20)
    assert found.pixels.dtype == image.pixels.dtype
    assert (found.pixels[~image.valid] == image.pixels[~image.valid]).all()
    full = {"uint16": 65535.0, "float": 1.0}.get(kind, 255.0)
    shown = found.pixels[..., :3][image.valid] * (255 / full)
    assert peak_ratio(shown, photo[:64, :64][image.valid]) > 25


def test_gaps_are_filled(photo: np.ndarray) -> None:
    """Missing pixels are guessed well and known ones do not change, whether gaps are many or thin."""
    random = np.random.default_rng(3)
    scattered = random.random(photo.shape[:2]) < 0.5
    lines = np.zeros_like(scattered)
    lines[:, 20::40] = lines[:, 21::40] = lines[30:33] = True
    for missing, golden in ((scattered, 33.54), (lines, 42.96)):
        given = bytes_of(photo)
        given[missing] = 255
        found = restored(image_of(given), 0, missing=missing).pixels
        assert (found[~missing] == given[~missing]).all()
        guess = spread(given.astype(np.float32), ~missing)
        assert peak_ratio(found, photo) > 0.99 * golden
        assert peak_ratio(found, photo) > peak_ratio(guess, photo) + 1.8


def test_a_hole_larger_than_a_patch(photo: np.ndarray) -> None:
    """The rim of a cup goes on through a hole that was cut into it."""
    missing = np.zeros(photo.shape[:2], np.bool_)
    missing[60:90, 60:90] = True
    given = bytes_of(photo)
    given[missing] = 0
    found = restored(image_of(given), 0, missing=missing).pixels.astype(float)
    assert np.abs(found - photo)[missing].mean() < 15


def test_all_or_nothing_missing(photo: np.ndarray) -> None:
    """A mask of all pixels is refused; one of none leaves the picture as it is."""
    given = bytes_of(photo[:32, :32])
    with pytest.raises(InputError, match="leaves some known"):
        gmmseg.patches(given, 2, size=4, missing=np.ones((32, 32)))
    found = gmmseg.patches(given, 2, size=4, missing=np.zeros((32, 32)))
    assert (found.restored.pixels == given).all()


def test_patches_restore(grey: np.ndarray) -> None:
    """Patches with noise have a restored picture, those without have none."""
    given = noisy(grey[:64, :64], 20)
    found = gmmseg.patches(given, 3, size=6, noise="auto")
    assert found.noise == pytest.approx(20, rel=0.2)
    assert peak_ratio(found.restored.pixels, grey[:64, :64]) > peak_ratio(given, grey[:64, :64]) + 4
    with pytest.raises(InputError, match="neither"):
        _ = gmmseg.patches(given, 3, size=6).restored


@pytest.mark.parametrize("noise", [0, -1, float("nan"), True, "much"])
def test_noise_that_is_none(grey: np.ndarray, noise: object) -> None:
    """Noise is a number above 0, or auto."""
    with pytest.raises(InputError, match="expected noise"):
        gmmseg.patches(bytes_of(grey), 2, noise=noise)  # type: ignore[arg-type]


def test_patches_cut_and_put_back() -> None:
    """Overlapping patches average to the plane that they were cut from."""
    plane = np.random.default_rng(0).random((21, 17)).astype(np.float32)
    weights = np.random.default_rng(1).random((14 * 10,)).astype(np.float32) + 1
    total, share = put_back(cut(plane, 8), weights, (21, 17), 8)
    np.testing.assert_allclose(total / share, plane, rtol=1e-5)


@pytest.mark.parametrize("n", [1, 7, 40, 1001])
def test_groups_hold_all_points(n: int) -> None:
    """Every point is in a group, and groups are of one size that is no more than was asked for."""
    points = np.random.default_rng(0).normal(size=(n, 5)).astype(np.float32)
    groups = groups_of(points, 30)
    assert groups.shape[1] <= 30
    assert set(groups.ravel()) == set(range(n))
    assert groups.size < n + len(groups)


def test_groups_are_of_neighbours() -> None:
    """Two clouds that are far apart share no group."""
    points = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
    points[::2] += 100
    groups = groups_of(points, 16)
    assert all(len(set(group % 2)) == 1 for group in groups)


def test_half_the_size_and_back() -> None:
    """A picture with its own low frequencies put back is itself, and at half its size noise is half as much."""
    planes = np.random.default_rng(0).normal(0, 10, (64, 48, 2)).astype(np.float32)
    small, factor = halved(planes)
    assert small.shape == (32, 24, 2)
    assert factor == 0.5
    np.testing.assert_allclose(fused(planes, small), planes, atol=1e-4)
    assert small.std() == pytest.approx(5, rel=0.05)


@pytest.mark.parametrize("most", [1e20, 1e37])
def test_samples_too_large_for_squares(most: float) -> None:
    """Measurements whose squares float32 cannot add up are refused in one line."""
    samples = np.random.default_rng(0).random((20, 20)).astype(np.float32) * np.float32(most)
    with pytest.raises(InputError, match="divide them by a power of 10"):
        gmmseg.patches(samples, 2, size=4, noise="auto")
