"""One model of several pictures, applied to others, and looked at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo

from gmmseg.mixture import Mixture
from gmmseg.segmentation import Model
from gmmseg.segmentation import fit as fitted


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three small photos in the folder in which we are."""
    monkeypatch.chdir(tmp_path)
    return [str(small_photo(Path(f"{name}.png"), 100 + 60 * n)) for n, name in enumerate("abc")]


def test_fit_and_apply(photos: list[str]) -> None:
    """A model of two photos segments a third as the library does, with the same number of segments."""
    said = gmmseg("fit", *photos[:2], "-k", "3", "--smooth", "0.5", "-o", "models/m.npz")
    assert said.exit_code == 0
    assert said.stdout.startswith("models/m.npz  3 components of 2 pictures  lab, full  ")
    model = Model.load("models/m.npz")
    assert np.array_equal(model.mixture.means, fitted(photos[:2], 3, smooth=0.5).mixture.means)
    assert model.space.smooth == 0.5
    applied = gmmseg("apply", "models/m.npz", photos[2], "-o", "cli", "--save", "labels,csv,model")
    assert applied.exit_code == 0
    assert "3 segments" in applied.stdout
    model.apply(photos[2]).save("library", "labels,csv,model")
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_fit_tells_json(photos: list[str]) -> None:
    """The record of a fit names the model and its pictures."""
    record = json.loads(gmmseg("fit", *photos, "-k", "2", "--covariance", "diag", "-o", "m.npz", "--json").stdout)
    assert record.pop("seconds") > 0
    assert record == {"model": "m.npz", "pictures": photos, "k": 2, "features": "lab", "covariance": "diag"}


def test_a_bad_picture_means_no_model(photos: list[str]) -> None:
    """A model is of all pictures or of none."""
    result = gmmseg("fit", *photos, "missing.png", "other.png", "-o", "m.npz")
    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()][:2] == [
        " cannot read missing.png",
        " cannot read other.png",
    ]
    assert not Path("m.npz").exists()


def test_fit_is_refused_a_place_before_work(photos: list[str]) -> None:
    """A model file that cannot be written is noticed first."""
    assert gmmseg("fit", *photos, "-o", "a.png/m.npz").stderr.startswith("gmmseg: cannot write to the folder a.png")
    assert gmmseg("fit", *photos, "-o", ".").exit_code == 2


def test_apply_refuses_what_is_no_model(photos: list[str]) -> None:
    """A model file that is none, or not there, is one line and nothing is written."""
    for name in (photos[0], "missing.npz"):
        result = gmmseg("apply", name, photos[1])
        assert result.exit_code == 1
        assert result.stderr.startswith(f"gmmseg: cannot read {name}")
        assert result.stderr.count("\n") == 1
    assert not Path("segments").exists()


def test_apply_reports_pictures_of_other_bands(photos: list[str]) -> None:
    """A picture that does not suit the model is named, and the others go on."""
    gmmseg("fit", photos[0], "-k", "2", "--features", "bands", "-o", "m.npz")
    np_grey = small_photo(Path("grey.png"))
    from PIL import Image

    with Image.open(np_grey) as photo:
        photo.convert("L").save("grey.png")
    result = gmmseg("apply", "m.npz", "grey.png", photos[1])
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: cannot segment grey.png: expected a picture with 3 features")
    assert len(result.stdout.splitlines()) == 1


def test_info_of_models(photos: list[str]) -> None:
    """A model file is told with its components; a mixture alone has no colours."""
    gmmseg("fit", *photos, "-k", "3", "-o", "m.npz")
    model = Model.load("m.npz")
    model.mixture.save("mixture.npz")
    told, bare = (json.loads(line) for line in gmmseg("info", "m.npz", "mixture.npz", "--json").stdout.splitlines())
    assert (told["kind"], told["features"], told["k"], told["join"]) == ("model", "lab", 3, model.space.join)
    assert [one["color"] for one in told["components"]] == [
        "#{:02x}{:02x}{:02x}".format(*color) for color in model.colors
    ]
    assert np.allclose([one["mean"] for one in bare["components"]], Mixture.load("mixture.npz").means)
    assert "color" not in bare["components"][0]
    text = gmmseg("info", "m.npz").stdout
    assert told["components"][0]["color"] in text
    assert "component" in text
