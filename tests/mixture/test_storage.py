"""Model files: what is saved is what is loaded, and nothing else is loaded."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from gmmseg import FileError
from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, fit
from gmmseg.mixture.families import FAMILIES


@pytest.mark.parametrize("covariance", FAMILIES)
def test_saved_and_loaded_is_the_same(covariance: str, rows: Doubles, tmp_path: Path) -> None:
    """A loaded mixture has the bits and the answers of the saved one."""
    mixture = fit(rows, 3, covariance=covariance).mixture
    path = tmp_path / "a model"
    mixture.save(path)
    loaded = Mixture.load(path)
    assert loaded.covariance == covariance
    for name in ("weights", "means", "covariances"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(mixture, name))
    np.testing.assert_array_equal(loaded.responsibilities(rows), mixture.responsibilities(rows))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a model"]


@pytest.fixture
def saved(truth: Mixture, tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    truth.save(path)
    return path


def test_every_truncation_is_refused(saved: Path) -> None:
    """A file cut short anywhere is refused in one line that names it."""
    whole = saved.read_bytes()
    for size in [0, 1, 3, 50, len(whole) // 2, len(whole) - 30, len(whole) - 1]:
        saved.write_bytes(whole[:size])
        with pytest.raises(FileError) as caught:
            Mixture.load(saved)
        assert "model.npz" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_flipped_bytes_are_refused_or_harmless(saved: Path) -> None:
    """A damaged byte never raises anything but FileError."""
    whole = bytearray(saved.read_bytes())
    random = np.random.default_rng(0)
    for place in random.integers(len(whole), size=200):
        damaged = whole.copy()
        damaged[place] ^= 0xFF
        saved.write_bytes(damaged)
        with suppress(FileError):
            Mixture.load(saved)


def written(path: Path, **arrays: object) -> Path:
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    return path


def header(**fields: object) -> np.ndarray:
    return np.frombuffer(json.dumps(fields).encode(), np.uint8)


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    """Text, pickles, other archives, files from the future and models that are none get a FileError each."""
    one = {"weights": np.ones(1), "means": np.zeros((1, 2)), "covariances": np.eye(2)[None]}
    good = {"format": "gmmseg mixture", "version": 1, "covariance": "full"}
    other = tmp_path / "other"
    other.write_text("a picture of a cat")
    text = other
    pickled = tmp_path / "pickle"
    pickled.write_bytes(pickle.dumps(one))
    array = tmp_path / "array"
    buffer = io.BytesIO()
    np.save(buffer, np.ones(3))
    array.write_bytes(buffer.getvalue())
    archive = tmp_path / "zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("header.npy", b"nothing")
    bad = [
        text,
        pickled,
        array,
        archive,
        written(tmp_path / "no header", **one),
        written(tmp_path / "objects", header=np.array([{"a": 1}], dtype=object), **one),
        written(tmp_path / "list", header=np.frombuffer(b"[1]", np.uint8), **one),
        written(tmp_path / "not json", header=np.frombuffer(b"{", np.uint8), **one),
        written(tmp_path / "other format", header=header(**{**good, "format": "x"}), **one),
        written(tmp_path / "family", header=header(**{**good, "covariance": "round"}), **one),
        written(tmp_path / "type", header=header(**good), **{**one, "means": np.zeros((1, 2), np.float32)}),
        written(tmp_path / "shape", header=header(**good), **{**one, "means": np.zeros((2, 2))}),
        written(tmp_path / "nan", header=header(**good), **{**one, "means": np.full((1, 2), np.nan)}),
        tmp_path / "missing",
        tmp_path,
    ]
    for path in bad:
        with pytest.raises(FileError) as caught:
            Mixture.load(path)
        assert isinstance(caught.value, OSError)
    future = written(tmp_path / "future", header=header(**{**good, "version": 2}), **one)
    with pytest.raises(FileError, match="newer gmmseg"):
        Mixture.load(future)


def test_failed_save_leaves_the_old_file(truth: Mixture, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half-way, the file that was there stays, and no draft remains."""
    before = saved.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        truth.save(saved)
    assert saved.read_bytes() == before
    assert [entry.name for entry in saved.parent.iterdir()] == ["model.npz"]


def test_save_into_nowhere(truth: Mixture, tmp_path: Path) -> None:
    """A folder that does not exist is named in the error."""
    with pytest.raises(FileError, match="nowhere"):
        truth.save(tmp_path / "nowhere" / "model.npz")
