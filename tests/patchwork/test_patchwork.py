"""Patches in clusters: what they are, what they look like, what is written of them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_patches import directions, quarters
from PIL import Image as Pillow

import gmmseg
from gmmseg import InputError, Patches
from gmmseg.patchwork import KINDS, USUAL, compared
from gmmseg.patchwork.drawing import beside, clustered, drawn_dictionary

PHOTO = Path(__file__).resolve().parents[2] / "images" / "coffee.jpg"


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Three directions and a plain : (80, 80) uint8."""
    return directions()


@pytest.fixture(scope="module")
def found(picture: np.ndarray) -> Patches:
    """Its patches in four clusters."""
    return gmmseg.patches(picture, 4, size=6)


@pytest.fixture(scope="module")
def colours() -> np.ndarray:
    """A piece of a photo : (40, 50, 3) uint8."""
    with Pillow.open(PHOTO) as photo:
        return np.asarray(photo.convert("RGB"))[100:140, 200:250]


def test_directions_are_clusters(found: Patches) -> None:
    """Stripes of each direction, and the plain, are clusters of their own."""
    truth = quarters()
    inside = truth >= 0
    accuracy = max((np.array(names)[found.labels] == truth)[inside].mean() for names in permutations(range(4)))
    assert accuracy > 0.96
    assert found.count == 75 * 75
    assert (found.k, found.part.size, found.part.stride) == (4, 6, 1)


def test_the_dictionary_is_the_mixture(found: Patches) -> None:
    """Means, principal patches and deviations make up the means and covariances again."""
    dictionary, mixture = found.dictionary, found.mixture
    np.testing.assert_array_equal(dictionary.means.reshape(4, -1), mixture.means)
    axes = dictionary.patches.reshape(4, 36, 36)
    made = np.swapaxes(axes * dictionary.deviations[..., None] ** 2, 1, 2) @ axes
    np.testing.assert_allclose(made, mixture.covariances, atol=1e-6 * mixture.covariances.max())
    assert (np.diff(dictionary.deviations, axis=1) <= 1e-9).all()
    np.testing.assert_allclose(axes @ np.swapaxes(axes, 1, 2), np.tile(np.eye(36), (4, 1, 1)), atol=1e-9)


def test_stripes_have_stripes_for_principal_patches(found: Patches) -> None:
    """The principal patches of upright stripes change from column to column, and hardly from line to line."""
    upright = int(np.bincount(found.labels[8:30, 8:30].ravel()).argmax())
    waves = found.dictionary.patches[upright, :3, ..., 0]
    assert (waves.std(axis=1).mean(axis=1) < 0.2 * waves.std(axis=2).mean(axis=1)).all()


def test_noise_is_the_least_deviation(picture: np.ndarray, found: Patches) -> None:
    """With noise given no cluster is narrower, and the dictionary has only what is above it."""
    noisy = gmmseg.patches(picture, 4, size=6, noise=4.0)
    assert noisy.noise == 4
    least = np.linalg.eigvalsh(noisy.mixture.covariances).min()
    assert least > 15.99
    assert found.dictionary.deviations.min() > 0
    assert noisy.dictionary.deviations.min() < 0.1


@pytest.mark.parametrize("steps", [1, 3])
def test_iterations_are_exactly_so_many(picture: np.ndarray, steps: int) -> None:
    """Max_iterations is the number of steps, all of them on all patches."""
    few = gmmseg.patches(picture, 5, size=4, max_iterations=steps)
    assert few.fit is not None
    assert few.fit.iterations == steps
    assert len(few.fit.trace) == steps + 1
    assert few.segmentation.history is not None
    assert few.segmentation.history.pixels == few.count


@pytest.mark.parametrize("start", ["directional", "auto", "kmeans", "random"])
def test_the_same_input_gives_the_same_bits(picture: np.ndarray, start: str) -> None:
    """Threads and a second time change no bit, and auto is directional."""
    one = gmmseg.patches(picture, 3, size=5, stride=2, start=start, max_iterations=3)
    other = gmmseg.patches(
        picture, 3, size=5, stride=2, start=start.replace("auto", "directional"), max_iterations=3, threads=1
    )
    np.testing.assert_array_equal(one.mixture.covariances, other.mixture.covariances)
    np.testing.assert_array_equal(one.labels, other.labels)


def test_colour_patches(colours: np.ndarray) -> None:
    """Patches in colour have three channels, in the labels' mixture and in the dictionary."""
    found = gmmseg.patches(colours, 3, size=4, colour=True)
    assert found.mixture.d == 48
    assert found.dictionary.means.shape == (3, 4, 4, 3)
    assert drawn_dictionary(found).shape[2] == 3


def test_k_may_be_chosen(picture: np.ndarray) -> None:
    """K = auto takes the number of clusters of least ICL and keeps the curve."""
    found = gmmseg.patches(picture, "auto", size=3)
    assert 2 <= found.k <= 12
    assert found.segmentation.history is not None
    assert len(found.segmentation.history.curve) > 1


def test_beside_each_other(picture: np.ndarray, found: Patches) -> None:
    """The photo is on the left, and on the right one colour for each cluster."""
    sheet = beside([found])
    assert sheet.shape == (80, 163, 3)
    np.testing.assert_array_equal(sheet[:, :80], np.repeat(picture[..., None], 3, axis=2))
    assert len(np.unique(sheet[:, 83:].reshape(-1, 3), axis=0)) == 4
    assert len(np.unique(clustered(found, "mean").reshape(-1, 3), axis=0)) <= 4


def test_what_is_left_out_is_hatched(picture: np.ndarray) -> None:
    """Pixels that a mask leaves out have no cluster and are drawn in grey stripes."""
    mask = np.ones(picture.shape, np.uint8)
    mask[20:40, 20:40] = 0
    found = gmmseg.patches(picture, 3, size=4, mask=mask)
    assert ((found.labels == -1) == (mask == 0)).all()
    assert set(np.unique(clustered(found)[mask == 0])) == {140, 168}
    assert found.count == 77 * 77 - 23 * 23


def test_several_numbers_of_clusters(picture: np.ndarray, found: Patches) -> None:
    """Several k are each what they are alone, once each, and one sheet shows all."""
    several = compared(picture, [2, 4, 2], size=6)
    assert several.ks == (2, 4)
    np.testing.assert_array_equal(several.several[1].labels, found.labels)
    sheet = beside(several.several)
    assert sheet.shape[1] == 3 * 80 + 2 * 3


def test_saving(picture: np.ndarray, found: Patches, tmp_path: Path) -> None:
    """All kinds of a segmentation are written, and those of patches; a few of them unless others are asked for."""
    written = found.save(tmp_path / "usual", stem="a")
    assert [path.name for path in written] == ["a-labels.png", "a-patches.png", "a-dictionary.png"]
    assert len(written) == len(USUAL)
    some = found.save(tmp_path / "some", "masks,side-by-side,csv,model,report", stem="", palette="mean", depth=16)
    assert {path.name for path in some} >= {"patches.png", "segments.csv", "model.npz", "report.html"}
    assert all(path.is_file() for path in some)
    assert set(KINDS) > {"dictionary", "side-by-side", *("labels", "coco")}
    model = gmmseg.Model.load(tmp_path / "some" / "model.npz")
    np.testing.assert_array_equal(model.apply(picture).labels, found.labels)
    with pytest.raises(InputError, match="kinds of output among side-by-side"):
        found.save(tmp_path, "labels,nothing")


def test_saving_several(picture: np.ndarray, tmp_path: Path) -> None:
    """Outputs of several k have it in their names, but the one sheet of all."""
    several = compared(picture, [2, 3], size=4, stride=4, max_iterations=1)
    written = several.save(tmp_path, "side-by-side,labels,csv", stem="a")
    names = ["a-patches.png", "a-k2-labels.png", "a-k2-segments.csv", "a-k3-labels.png", "a-k3-segments.csv"]
    assert [path.name for path in written] == names
    assert [path.name for path in several.save(tmp_path / "b", "side-by-side", stem="")] == ["patches.png"]


@pytest.mark.parametrize(
    "options",
    [
        {"k": 0},
        {"k": [2, 3]},
        {"k": "many"},
        {"k": 2.5},
        {"size": 1},
        {"size": 17},
        {"size": 6.5},
        {"size": True},
        {"stride": 0},
        {"stride": 9},
        {"start": "path"},
        {"noise": 0},
        {"noise": -1},
        {"noise": np.nan},
        {"noise": "auto "},
        {"max_iterations": 0},
        {"max_iterations": 1.5},
        {"seed": -1},
        {"threads": 0},
        {"mask": np.zeros((80, 80))},
        {"page": 2},
    ],
    ids=str,
)
def test_options_that_make_no_sense_are_refused(picture: np.ndarray, options: dict[str, Any]) -> None:
    """A wrong option is an error that says what was expected."""
    with pytest.raises(gmmseg.GmmsegError, match="expected"):
        gmmseg.patches(picture, **{"k": 2, **options})


@pytest.mark.parametrize("ks", ["19", [], 5, None])
def test_several_that_are_none_are_refused(picture: np.ndarray, ks: Any) -> None:
    """Numbers to compare come as a list."""
    with pytest.raises(InputError, match="several numbers of clusters"):
        compared(picture, ks)


def test_pictures_with_little_in_them() -> None:
    """One pixel, one colour and fewer patches than clusters end in one clear error; one patch is one cluster."""
    with pytest.raises(InputError, match="smaller patches"):
        gmmseg.patches(np.zeros((1, 1), np.uint8), 1)
    with pytest.raises(InputError, match="different rows"):
        gmmseg.patches(np.full((20, 20), 7, np.uint8), 2)
    with pytest.raises(InputError, match="different rows"):
        gmmseg.patches(np.arange(90, dtype=np.uint8).reshape(9, 10), 8)
    one = gmmseg.patches(np.full((8, 8), 7, np.uint8), 1)
    assert (one.labels == 0).all()
    assert drawn_dictionary(one).ndim == 3
    assert gmmseg.patches(np.full((20, 20), 7, np.uint8), "auto").k == 1
