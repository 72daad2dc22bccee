"""Colour profiles: pictures in other colour spaces become sRGB, in their own depth; sRGB is left alone."""

from __future__ import annotations

import io
import struct
from dataclasses import replace

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from PIL import ImageCms

from gmmseg.arrays import Doubles
from gmmseg.files import image_of, in_srgb, read, write_picture

P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
WHITE = (0.3127, 0.3290)
RANDOM = np.random.default_rng(3)


def profile_of(primaries: tuple[tuple[float, float], ...], curve: str) -> bytes:
    """A matrix profile of primaries, with sRGB's curve or a power of 2.2."""
    flat = [coordinate for primary in primaries for coordinate in (*primary, 1.0)]
    levels = np.linspace(0, 1, 4096)
    transfer = decoded(levels, curve)
    return bytes(
        imagecodecs.cms_profile(
            "rgb", whitepoint=[*WHITE, 1.0], primaries=flat, transferfunction=transfer.astype(np.float32)
        )
    )


def decoded(values: Doubles, curve: str) -> Doubles:
    if curve == "2.2":
        return np.asarray(values**2.2)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(light: Doubles) -> Doubles:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def to_xyz(primaries: tuple[tuple[float, float], ...]) -> Doubles:
    """The matrix from linear RGB to XYZ (Lindbloom)."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    white = np.array([WHITE[0] / WHITE[1], 1.0, (1 - sum(WHITE)) / WHITE[1]])
    return np.asarray(columns * np.linalg.solve(columns, white))


def truth(values: Doubles, primaries: tuple[tuple[float, float], ...], curve: str) -> Doubles:
    """What sRGB has for values : (..., 3) in 0..1."""
    matrix = np.linalg.inv(to_xyz(SRGB)) @ to_xyz(primaries)
    return encoded(decoded(values, curve) @ matrix.T)


def inside(depth: type, height: int = 40, width: int = 30) -> np.ndarray:
    """Colours that sRGB can show, too."""
    return ((0.3 + 0.4 * RANDOM.random((height, width, 3))) * np.iinfo(depth).max).astype(depth)


@pytest.mark.parametrize(("primaries", "curve"), [(P3, "srgb"), (ADOBE, "2.2")])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_wide_colours_become_srgb(primaries: tuple[tuple[float, float], ...], curve: str, depth: type) -> None:
    """Display P3 and Adobe RGB are converted as the equations say, in 8 and in 16 bits."""
    pixels = inside(depth)
    full = np.iinfo(depth).max
    image = replace(image_of(pixels), profile=profile_of(primaries, curve))
    converted = in_srgb(image)
    assert converted.profile is None
    assert converted.pixels.dtype == depth
    expected = truth(pixels / full, primaries, curve) * full
    assert np.abs(converted.pixels - expected).max() <= (1.5 if depth is np.uint8 else 65)
    assert np.abs(converted.pixels - expected).mean() <= (0.6 if depth is np.uint8 else 20)


def test_16_bits_are_converted_in_16_bits() -> None:
    """A fine ramp keeps its steps."""
    ramp = np.repeat(np.arange(20000, 40000, 5, dtype=np.uint16)[None, :, None], 3, axis=2)
    image = replace(image_of(ramp), profile=profile_of(ADOBE, "2.2"))
    assert len(np.unique(in_srgb(image).pixels)) > 3000


def test_floats_are_converted() -> None:
    """A picture of floats stays one of floats."""
    pixels = inside(np.uint16).astype(np.float32) / np.float32(65535)
    image = replace(image_of(pixels), profile=profile_of(P3, "srgb"))
    converted = in_srgb(image)
    assert converted.pixels.dtype == np.float32
    np.testing.assert_allclose(converted.pixels, truth(pixels.astype(float), P3, "srgb"), atol=0.003)


@pytest.mark.parametrize("made_by", ["pillow", "imagecodecs", "equations"])
def test_srgb_is_left_alone(made_by: str) -> None:
    """Profiles of sRGB by several makers, and no profile at all, give back the very same picture."""
    profiles = {
        "pillow": lambda: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "imagecodecs": lambda: bytes(imagecodecs.cms_profile("srgb")),
        "equations": lambda: profile_of(SRGB, "srgb"),
    }
    for pixels in (inside(np.uint8), inside(np.uint16), inside(np.uint8)[..., 0]):
        image = replace(image_of(pixels), profile=profiles[made_by]())
        assert in_srgb(image) is image
        assert in_srgb(image_of(image)) is image
    bare = image_of(inside(np.uint8))
    assert in_srgb(bare) is bare


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("space", ["gray", "rgb"])
def test_greys(depth: type, space: str) -> None:
    """Greys with a curve of their own become sRGB's greys, also by a profile that was made for RGB."""
    full = int(np.iinfo(depth).max)
    profile = bytes(imagecodecs.cms_profile("gray", gamma=1.0)) if space == "gray" else linear()
    pixels = inside(depth)[..., 0]
    converted = in_srgb(replace(image_of(pixels), profile=profile))
    assert converted.colour == "grey"
    assert converted.profile is None
    expected = encoded(pixels / full) * full
    assert np.abs(converted.pixels[..., 0] - expected).max() <= full / 255 * 1.01


def linear() -> bytes:
    flat = [coordinate for primary in SRGB for coordinate in (*primary, 1.0)]
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=[*WHITE, 1.0], primaries=flat, gamma=1.0))


def test_broken_profiles_are_ignored() -> None:
    """A profile that is garbage, cut short or of another colour space changes nothing and raises nothing."""
    good = profile_of(P3, "srgb")
    damaged = bytearray(good)
    damaged[150:] = RANDOM.bytes(len(good) - 150)
    for profile in (b"", b"garbage", good[:200], bytes(damaged), bytes(imagecodecs.cms_profile("gray", gamma=1.0))):
        image = replace(image_of(inside(np.uint8)), profile=profile)
        assert in_srgb(image) is image
    bands = replace(image_of(inside(np.uint8)), profile=good, colour="bands")
    assert in_srgb(bands) is bands


def test_flipped_bytes_of_a_profile_raise_nothing() -> None:
    """Whatever a damaged profile says, a picture comes back."""
    good = profile_of(P3, "srgb")
    image = image_of(inside(np.uint8, 3, 3))
    for _ in range(100):
        damaged = bytearray(good)
        damaged[RANDOM.integers(len(good))] ^= int(RANDOM.integers(1, 256))
        assert in_srgb(replace(image, profile=bytes(damaged))).pixels.shape == (3, 3, 3)


def test_profiles_travel_through_files() -> None:
    """A profile that was embedded is read, kept and applied."""
    profile = profile_of(P3, "srgb")
    pixels = inside(np.uint8)
    for kind in ("png", "tiff", "jpeg", "webp"):
        file = io.BytesIO()
        write_picture(file, pixels, format=kind, profile=profile, quality=100)
        image = read(file.getvalue())
        assert image.profile == profile
        assert np.abs(in_srgb(image).pixels - truth(image.pixels / 255, P3, "srgb") * 255).max() <= 1.5


def press() -> bytes:
    """A CMYK profile whose table has the lightness 100, less 60 for black and 10 for each other ink; no colour."""
    grid = np.stack(np.meshgrid(*[[0, 1]] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    lightness = 100 - grid @ [10, 10, 10, 60]
    table = np.stack([lightness * 255 / 100, *[np.full(16, 128)] * 2], axis=-1).round().astype(np.uint8)
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if place % 4 == 0 else 0 for place in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + table.tobytes() + ramp * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags = struct.pack(">I4sII4sII", 2, b"wtpt", 156, len(white), b"A2B0", 156 + len(white), len(lut))
    body = tags + white + lut
    header = bytearray(128)
    struct.pack_into(">I4sI4s4s4s", header, 0, 128 + len(body), b"lcms", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    header[36:40] = b"acsp"
    struct.pack_into(">3i", header, 68, 63190, 65536, 54061)
    return bytes(header) + body


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_follow_their_profile(kind: str) -> None:
    """A CMYK picture becomes the sRGB that its profile means, not what the plain formula says."""
    inks = PIL.Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    inks.paste((0, 0, 0, 0), (0, 0, 8, 16))
    file = io.BytesIO()
    inks.save(file, kind, icc_profile=press())
    image = read(file.getvalue())
    assert image.profile is None
    assert image.pixels[4, 2].tolist() == pytest.approx([255, 255, 255], abs=2)
    assert image.pixels[4, 13].tolist() == pytest.approx([226, 226, 226], abs=8)  # L* = 90, black point mapped


def test_inks_without_a_usable_profile() -> None:
    """A CMYK picture whose profile cannot be used is converted by the plain formula."""
    for profile in (profile_of(P3, "srgb"), press()[:200], b"x" * 300):
        inks = PIL.Image.new("CMYK", (8, 8), (255, 0, 0, 0))
        file = io.BytesIO()
        inks.save(file, "TIFF", icc_profile=profile)
        image = read(file.getvalue())
        assert image.pixels[0, 0].tolist() == [0, 255, 255]
        assert image.profile is None
