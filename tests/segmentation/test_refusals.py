"""What a segmentation and a model refuse, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gmmseg
from gmmseg import FileError, GmmsegError, InputError, Model
from gmmseg.mixture import Mixture

NOISE = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)


@pytest.mark.parametrize(
    "options",
    [
        {"smooth": -1},
        {"smooth": np.nan},
        {"smooth": 100},
        {"smooth": "much"},
        {"min_area": 2},
        {"min_area": "little"},
        {"join": -0.1},
        {"join": True},
        {"features": "colour"},
        {"features": 3},
        {"covariance": "round"},
        {"start": "anywhere"},
        {"seed": "x"},
        {"mask": np.ones((3, 3))},
        {"mask": np.zeros((12, 16))},
        {"page": 2},
        {"page": 0},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    """A wrong option is an error of gmmseg that says what was expected."""
    with pytest.raises(GmmsegError, match="expected"):
        gmmseg.segment(NOISE, 2, **options)


@pytest.mark.parametrize("source", [None, 7, "missing.jpg", np.zeros((0, 4, 3)), np.full((3, 3), np.nan), [[["a"]]]])
def test_what_is_no_picture_is_refused(source: Any) -> None:
    """What cannot be read as a picture is an error of gmmseg in one line."""
    with pytest.raises(GmmsegError) as refused:
        gmmseg.segment(source)
    assert "\n" not in str(refused.value)


def test_fitting_nothing_is_refused() -> None:
    """A model of no pictures is an error."""
    with pytest.raises(InputError, match="at least one picture"):
        gmmseg.fit([])


def test_pictures_with_different_numbers_of_bands_are_not_fitted_together() -> None:
    """Pictures must have the same features to share a model."""
    bands = [np.random.default_rng(0).random((5, 5, c)).astype(np.float32) * 9 for c in (4, 6)]
    with pytest.raises(InputError, match="same number"):
        gmmseg.fit(bands, 2)


def test_a_model_of_bands_is_not_applied_to_colours() -> None:
    """A model refuses pictures that have other features than it knows."""
    model = gmmseg.segment(np.random.default_rng(0).random((8, 8, 5)).astype(np.float32) * 9, 2).model
    with pytest.raises(InputError, match="5 features"):
        model.apply(NOISE)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    """Truncated files, files of another kind and plain mixtures are no models, and the error says so."""
    path = tmp_path / "m.npz"
    model = gmmseg.segment(NOISE, 2).model
    model.save(path)
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"text"):
        path.write_bytes(damaged)
        with pytest.raises(FileError, match="cannot read"):
            Model.load(path)
    model.mixture.save(path)
    with pytest.raises(FileError, match="gmmseg model"):
        Model.load(path)
    model.save(path)
    with pytest.raises(FileError, match="gmmseg mixture"):
        Mixture.load(path)
    with pytest.raises(FileError):
        Model.load(tmp_path / "missing.npz")


def test_a_model_of_other_contents_is_refused(tmp_path: Path) -> None:
    """A model whose parts do not fit together is refused, whatever part it is."""
    path = tmp_path / "m.npz"
    gmmseg.segment(NOISE, 2).model.save(path)
    with np.load(path) as archive:
        arrays = dict(archive)
    wrong = {"colors": arrays["colors"][:1], "weights": arrays["weights"] * 2, "means": arrays["means"][:, :0]}
    for name, array in wrong.items():
        np.savez(path, **{**arrays, name: array})
        with pytest.raises(FileError, match=r"fit together|colours"):
            Model.load(path)


def test_nothing_is_written_where_it_cannot_be(tmp_path: Path) -> None:
    """Saving to a place that does not exist is an error and leaves nothing."""
    with pytest.raises(FileError, match="cannot write"):
        gmmseg.segment(NOISE, 2).model.save(tmp_path / "no" / "m.npz")
    assert list(tmp_path.iterdir()) == []
