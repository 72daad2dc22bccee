"""Reading from where pictures come from: files, streams, arrays, masks; and what is refused."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from made_pictures import COLOURS, DEEP, GREYS, saved, tiff

from gmmseg import FileError, InputError
from gmmseg.files import Image, Source, image_of, read


@pytest.mark.parametrize("colour", ["grey", "rgb"])
def test_floats_between_0_and_1_are_colours(colour: str) -> None:
    """A float TIFF whose values all lie in 0..1 is a picture."""
    pixels = (COLOURS if colour == "rgb" else GREYS).astype(np.float32) / 255
    image = read(tiff(pixels, photometric="rgb" if colour == "rgb" else "minisblack"))
    assert image.colour == colour
    np.testing.assert_array_equal(image.pixels.squeeze(), pixels)


def test_mask_from_a_file(tmp_path: Path) -> None:
    """A mask can be a file; a mask of another shape is refused with both shapes."""
    path = tmp_path / "mask.png"
    path.write_bytes(saved((GREYS > 99), "PNG"))
    np.testing.assert_array_equal(read(COLOURS, mask=path).valid, GREYS > 99)
    with pytest.raises(InputError, match=r"\(7, 10\).*\(7, 9, 1\)"):
        read(COLOURS, mask=GREYS[:, 1:])


def test_sources_of_every_kind(tmp_path: Path) -> None:
    """A path, text, bytes, an open file, a Source, an array, a Pillow image and an Image give the same picture."""
    data = saved(COLOURS, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    image = PIL.Image.open(path)
    sources = [path, str(path), data, bytearray(data), io.BytesIO(data), Source(path, Path("a.png")), COLOURS, image]
    for source in [*sources, read(path)]:
        np.testing.assert_array_equal(read(source).pixels, COLOURS)
    image.close()
    with pytest.raises(FileError, match="no such luck"):
        read(Source(path, Path("a.png"), "no such luck"))


def test_standard_input() -> None:
    """A picture can be piped in."""
    code = "from gmmseg.files import read; image = read('-'); print(image.name, image.pixels.sum())"
    run = subprocess.run([sys.executable, "-c", code], input=saved(COLOURS, "PNG"), check=True, capture_output=True)
    assert run.stdout.decode().strip() == f"standard input {COLOURS.sum()}"


def test_terminal_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading from a terminal is refused at once rather than waited for."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
    with pytest.raises(InputError, match="terminal"):
        read("-")


def test_arrays() -> None:
    """Shape and dtype of an array say what it shows."""
    expected: list[tuple[Any, str, Any]] = [
        (GREYS, "grey", np.uint8),
        (GREYS[..., None], "grey", np.uint8),
        (COLOURS, "rgb", np.uint8),
        (DEEP, "rgb", np.uint16),
        (DEEP.astype(">u2"), "rgb", np.uint16),
        (GREYS > 9, "grey", np.uint8),
        (GREYS / 255, "grey", np.float32),
        (COLOURS / 255, "rgb", np.float32),
        (COLOURS / 25, "bands", np.float32),
        (COLOURS.astype(np.int64), "bands", np.float32),
        (np.zeros((2, 3, 4)), "bands", np.float32),
        (np.zeros((2, 3, 5), np.uint8), "bands", np.uint8),
        ([[0, 1], [2, 3]], "bands", np.float32),
    ]
    for array, colour, dtype in expected:
        image = image_of(array)
        assert (image.colour, image.pixels.dtype) == (colour, dtype)
        assert image.valid.all()
        assert not image.pixels.flags.writeable
    veiled = image_of(np.dstack([COLOURS, GREYS]))
    assert veiled.alpha is not None
    np.testing.assert_array_equal(veiled.valid, GREYS > 0)
    masked = image_of(np.ma.array(COLOURS, mask=COLOURS < 20))
    np.testing.assert_array_equal(masked.valid, (COLOURS >= 20).all(axis=2))
    holed = GREYS / 255
    holed[3, 4] = np.nan
    image = image_of(holed)
    assert image.colour == "grey"
    assert image.pixels[3, 4, 0] == 0
    assert np.argwhere(~image.valid).tolist() == [[3, 4]]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(3),
        np.zeros((0, 4)),
        np.zeros((2, 2, 2, 2)),
        np.zeros((2, 2), complex),
        np.array([["a"]]),
        7,
        None,
        [[1], [1, 2]],
    ],
)
def test_arrays_that_are_no_pictures(array: Any) -> None:
    """Arrays of other shapes and types are refused with what they are."""
    with pytest.raises(InputError, match="expected a picture"):
        read(array)


def test_images_are_checked() -> None:
    """An Image of wrong parts cannot be made."""
    good = image_of(COLOURS)
    for wrong in (
        {"pixels": GREYS},
        {"pixels": COLOURS.astype(float)},
        {"colour": "grey"},
        {"colour": "pink"},
        {"valid": np.ones((7, 9), np.bool_)},
        {"valid": GREYS},
        {"alpha": GREYS[1:]},
    ):
        with pytest.raises(InputError):
            replace(good, **wrong)
    assert isinstance(good, Image)
    assert (good.height, good.width) == (7, 10)


@pytest.mark.parametrize("options", [{"page": 0}, {"page": 1.5}, {"page": True}, {"max_pixels": 0}])
def test_options_are_checked(options: dict[str, Any]) -> None:
    """Pages and limits that cannot be are refused."""
    with pytest.raises(InputError):
        read(saved(COLOURS, "PNG"), **options)
    with pytest.raises(InputError, match="page"):
        read(COLOURS, page=2)


def test_import_is_light() -> None:
    """Importing the room brings in no decoder."""
    code = "import sys, gmmseg.files; print(*sorted({'PIL', 'tifffile', 'imagecodecs', 'scipy'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
