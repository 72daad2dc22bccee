"""Rows drawn from models."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

import gmmseg
from gmmseg import FileError, InputError
from gmmseg.albums import CollectionModel
from gmmseg.albums.projection import Projection
from gmmseg.archives import encoded
from gmmseg.arrays import Doubles
from gmmseg.features import FeatureSpec
from gmmseg.lessons import sample
from gmmseg.mixture import Mixture
from gmmseg.segmentation import Model
from gmmseg.tables import TableModel
from gmmseg.video import BackgroundModel


@pytest.fixture
def colours() -> Model:
    """A model of two colours, dark red and light blue."""
    mixture = Mixture(
        np.array([0.25, 0.75]), np.array([[30.0, 40.0, 25.0], [75.0, -5.0, -30.0]]), np.full((2, 3), 9.0), "diag"
    )
    return Model(mixture, FeatureSpec.parse("lab"), np.zeros((2, 3), np.uint8))


def test_shares_and_moments_are_the_models(truth: Mixture) -> None:
    """Of many rows, the shares of components and their means and covariances are the model's."""
    n = 60_000
    drawn = sample(truth, n, seed=5)
    counts = np.bincount(drawn.components)
    np.testing.assert_allclose(counts / n, truth.weights, atol=4 * np.sqrt(0.25 / n))
    for c in range(3):
        own = drawn.rows[drawn.components == c]
        np.testing.assert_allclose(own.mean(axis=0), truth.means[c], atol=0.06)
        np.testing.assert_allclose(np.cov(own.T), truth.covariances[c], atol=0.09)


def test_same_seed_same_rows(truth: Mixture) -> None:
    """The same model and seed give the same rows, and another seed others; they are those of Mixture.sample."""
    one = sample(truth, 50, seed=1)
    rows, components = truth.sample(50, 1)
    assert np.array_equal(one.rows, rows)
    assert np.array_equal(one.components, components)
    assert not np.array_equal(one.rows, sample(truth, 50, seed=2).rows)


def test_models_of_all_kinds(truth: Mixture, colours: Model, tmp_path: Path) -> None:
    """Mixtures, models and their files are sampled alike; columns are called what they are."""
    truth.save(tmp_path / "mixture.npz")
    colours.save(tmp_path / "model.npz")
    assert np.array_equal(sample(tmp_path / "mixture.npz").rows, sample(truth).rows)
    assert sample(truth).names == ("x1", "x2", "x3")
    drawn = sample(str(tmp_path / "model.npz"))
    assert np.array_equal(drawn.rows, sample(colours).rows)
    assert drawn.names == ("L*", "a*", "b*")
    table = SimpleNamespace(mixture=truth, columns=("width", "height", "component"))
    assert list(sample(table).table()[0]) == ["component", "width", "height", "component 2"]
    TableModel(truth, ("a", "b", "c"), np.zeros(3)).save(tmp_path / "table.npz")
    assert sample(tmp_path / "table.npz").names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("features", "d", "names"),
    [
        ("patch:2", 4, ("0,0", "0,1", "1,0", "1,1")),
        ("colourpatch:2/2", 12, ("0,0 red", "0,0 green", "0,0 blue", "0,1 red")),
        ("lab,xy:0.5", 5, ("L*", "a*", "b*", "x", "y")),
        ("lab,tone,grain", 20, ("L*", "a*", "b*", "mean L*", "mean a*", "mean b*", "fine grain 0°")),
        ("grey,tone", 2, ("lightness", "mean lightness")),
        ("bands,tone", 4, ("band 1", "band 2", "mean band 1", "mean band 2")),
        ("lab", 5, ("x1", "x2", "x3", "x4", "x5")),
    ],
)
def test_columns_of_features(features: str, d: int, names: tuple[str, ...]) -> None:
    """The columns of models of pictures are called as their features are, or numbered where these do not fit."""
    mixture = Mixture(np.ones(1), np.full((1, d), 50.0), np.ones(1), "spherical")
    drawn = sample(SimpleNamespace(mixture=mixture, spec=FeatureSpec.parse(features)), 3)
    assert drawn.names[: len(names)] == names
    assert len(drawn.names) == len(set(drawn.names)) == d


def test_models_of_collections_are_drawn(tmp_path: Path) -> None:
    """Rows of a collection's model look like its pictures: a colour, or a colour for each place."""
    means = Mixture(np.ones(1), np.array([[200.0, 40.0, 10.0]]), np.full(1, 4.0), "spherical")
    CollectionModel(means, "mean", np.zeros((1, 3), np.uint8)).save(tmp_path / "mean.npz")
    drawn = sample(tmp_path / "mean.npz", 30)
    assert drawn.names == ("red", "green", "blue")
    np.testing.assert_allclose(drawn.picture()[10, 10], [200, 40, 10], atol=12)
    light = np.tile([50.0, 0.0, 0.0], 16)
    axes = np.zeros((48, 1))
    axes[0] = 1  # how light the first place is
    one = Mixture(np.ones(1), np.array([[40.0]]), np.full(1, 1.0), "spherical")
    layout = CollectionModel(one, "layout", np.zeros((1, 3), np.uint8), Projection(light, axes))
    tile = sample(layout, 1).picture()
    assert sample(layout, 1).names == ("x1",)
    assert tile[5, 5, 0] > tile[-5, -5, 0] + 60
    histogram = CollectionModel(
        one, "histogram", np.zeros((1, 3), np.uint8), Projection(np.zeros(360), np.zeros((360, 1)))
    )
    assert sample(histogram, 20).picture().shape[0] > 300  # a plot


def test_csv_has_the_component_first(truth: Mixture, tmp_path: Path) -> None:
    """In the table of a sample the component comes first, then the row, to the last digit."""
    drawn = sample(truth, 20)
    drawn.save(tmp_path / "s.csv")
    with (tmp_path / "s.csv").open() as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == ["component", "x1", "x2", "x3"]
    assert [int(row["component"]) for row in read] == drawn.components.tolist()
    found: Doubles = np.array([[float(row[name]) for name in drawn.names] for row in read])
    assert np.array_equal(found, drawn.rows)
    stream = io.BytesIO()
    drawn.save(stream)
    assert stream.getvalue() == (tmp_path / "s.csv").read_bytes()


def test_colours_are_drawn_as_colours(colours: Model, tmp_path: Path) -> None:
    """The picture of a model of colours shows them: here reds above, light blues below."""
    drawn = sample(colours, 100)
    drawn.save(tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as picture:
        pixels = np.asarray(picture).astype(int)
    above, below = pixels[4:20, 4:20].mean(axis=(0, 1)), pixels[-20:-4, 4:20].mean(axis=(0, 1))
    assert above[0] > above[2] + 40
    assert below[2] > below[0] + 20


def test_others_are_drawn_as_a_plot(truth: Mixture, tmp_path: Path) -> None:
    """What has no colours is plotted, with the same bytes each time; vector formats always are plots."""
    for name in ("a.png", "a.svg", "a.pdf", "a.jpg"):
        sample(truth, 30).save(tmp_path / name)
        sample(truth, 30).save(tmp_path / f"b{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"b{name}").read_bytes()
    one = Mixture(np.ones(1), np.zeros((1, 1)), np.ones(1), "spherical")
    assert sample(one, 10).picture().ndim == 3


@pytest.mark.parametrize(
    ("model", "options", "word"),
    [
        ("none.npz", {}, "none.npz"),
        (3, {}, "model"),
        (np.zeros(3), {}, "model"),
        ("truth", {"n": 0}, "n as a whole number"),
        ("truth", {"n": 10**9}, "at most"),
        ("truth", {"seed": -1}, "seed"),
    ],
)
def test_sampling_refusals(truth: Mixture, model: Any, options: dict[str, Any], word: str) -> None:
    """What cannot be sampled is refused in one line."""
    with pytest.raises((InputError, FileError), match=word) as refusal:
        sample(truth if isinstance(model, str) and model == "truth" else model, **options)
    assert "\n" not in str(refusal.value)


def test_files_that_are_no_models(tmp_path: Path, truth: Mixture) -> None:
    """Damaged files, files of other kinds and files from the future are refused in one line."""
    (tmp_path / "text.npz").write_text("no archive")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    header = encoded({"format": "gmmseg mixture", "version": 99, "covariance": "full"})
    np.savez(
        tmp_path / "future.npz", header=header, weights=truth.weights, means=truth.means, covariances=truth.covariances
    )
    header = encoded({"format": "gmmseg something", "version": 1})
    np.savez(tmp_path / "strange.npz", header=header, weights=truth.weights)
    BackgroundModel().save(tmp_path / "background.npz")
    header = encoded({"format": "gmmseg mixture", "version": 1, "covariance": "full"})
    np.savez(
        tmp_path / "wrong.npz",
        header=header,
        weights=truth.weights,
        means=truth.means[:2],
        covariances=truth.covariances,
    )
    truth.save(tmp_path / "cut.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "cut.npz").read_bytes()[:200])
    for name, word in (
        ("text", "expected a gmmseg model"),
        ("other", "expected a"),
        ("future", "version"),
        ("wrong", "3 weights"),
        ("strange", "another kind"),
        ("background", "got a gmmseg background model; use gmmseg background --model for it"),
        ("cut", "damaged"),
    ):
        with pytest.raises(FileError, match=word) as refusal:
            sample(tmp_path / f"{name}.npz")
        assert "\n" not in str(refusal.value)
    with pytest.raises(InputError, match="ends in"):
        sample(truth).save(tmp_path / "s.txt")


def test_sample_is_public() -> None:
    """Sampling is there under the package's own name."""
    assert gmmseg.sample is sample
