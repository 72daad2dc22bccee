"""Models of collections: saved, read again, and applied to pictures to come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from albums import made_album
from made_albums import purity

import gmmseg
from gmmseg.albums import FEATURES
from gmmseg.errors import FileError, InputError


@pytest.fixture(scope="module")
def photos() -> list[np.ndarray]:
    return made_album(90)[0]


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("covariance", ["full", "tied"])
def test_a_saved_model_does_the_same(photos: list[np.ndarray], tmp_path: Path, features: str, covariance: str) -> None:
    """A model that was saved and read gives the same pictures the same bits, one by one too."""
    found = gmmseg.collection(photos, 3, features=features, covariance=covariance)
    found.model.save(tmp_path / "m.npz")
    again = gmmseg.collection(photos, model=tmp_path / "m.npz")
    assert np.array_equal(again.rows, found.rows)
    assert np.array_equal(again.probabilities, found.probabilities)
    assert np.array_equal(again.colors, found.colors)
    assert again.history is None
    alone = gmmseg.collection(photos[7], model=gmmseg.CollectionModel.load(tmp_path / "m.npz"))
    assert np.array_equal(alone.rows[0], found.rows[7])
    assert alone.labels[0] == found.labels[7]


@pytest.mark.parametrize("features", FEATURES)
def test_new_pictures_join_their_clusters(photos: list[np.ndarray], features: str) -> None:
    """Photos that the model has not seen go where their kind is, and their shares are their own."""
    model = gmmseg.collection(photos, 3, features=features).model
    new, kinds = made_album(60, 8, (0.2, 0.3, 0.5))
    found = gmmseg.collection(new, model=model)
    assert purity(found.labels, kinds) >= 0.97
    assert np.abs(found.shares - (0.2, 0.3, 0.5)).max() <= 0.02


def test_a_model_has_the_last_word(photos: list[np.ndarray]) -> None:
    """What is asked for beside a model must be what it has."""
    model = gmmseg.collection(photos, 3).model
    assert gmmseg.collection(photos[:5], 3, features="mean", covariance="full", model=model).k == 3
    given: dict[str, Any]
    for given in ({"k": 4}, {"features": "layout"}, {"covariance": "diag"}):
        with pytest.raises(InputError, match="as the model has it"):
            gmmseg.collection(photos[:5], model=model, **given)
    with pytest.raises(InputError, match="got int"):
        gmmseg.collection(photos[:5], model=3)  # type: ignore[arg-type]


def test_bad_model_files(photos: list[np.ndarray], tmp_path: Path) -> None:
    """Files that are no such model, are damaged, or do not fit together are refused in one line."""
    found = gmmseg.collection(photos, 3, features="layout")
    found.model.save(tmp_path / "good.npz")
    whole = (tmp_path / "good.npz").read_bytes()
    found.mixture.save(tmp_path / "mixture.npz")
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.npz").write_bytes(b"")
    with np.load(tmp_path / "good.npz") as archive:
        arrays = dict(archive)
    np.savez(tmp_path / "axes.npz", **{**arrays, "axes": arrays["axes"][:5]})
    np.savez(tmp_path / "nan.npz", **{**arrays, "centre": arrays["centre"] * np.nan})
    np.savez(tmp_path / "colours.npz", **{**arrays, "colors": arrays["colors"][:2]})
    np.savez(tmp_path / "means.npz", **{**arrays, "means": arrays["means"][:2]})
    gmmseg.collection(photos, 3).model.save(tmp_path / "plain.npz")
    with np.load(tmp_path / "plain.npz") as archive:
        np.savez(tmp_path / "short.npz", **{**archive, "header": archive["header"], "means": archive["means"][:, :2]})
    bad = ("mixture", "cut", "empty", "axes", "nan", "colours", "means", "short", "missing")
    for name in bad:
        with pytest.raises(FileError, match=f"cannot read .*{name}.npz") as caught:
            gmmseg.CollectionModel.load(tmp_path / f"{name}.npz")
        assert "\n" not in str(caught.value)
    assert gmmseg.CollectionModel.load(tmp_path / "good.npz").features == "layout"
