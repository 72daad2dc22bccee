"""Pictures clustered as wholes: the shares found are the shares there are, and who is unsure says so."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from albums import made_album, made_photo
from made_albums import purity, written_album
from PIL import Image

import gmmseg
from gmmseg.albums import FEATURES
from gmmseg.errors import FileError, InputError
from gmmseg.mixture import Mixture

Album = tuple[list[np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def album() -> Album:
    """Two hundred photos of three kinds, 60, 25 and 15 of a hundred, in random order."""
    return made_album(200)


def plain(colour: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A picture with this mean colour, and some texture."""
    texture = random.integers(-6, 7, (16, 24, 1))
    return np.asarray(np.clip(np.rint(colour + texture - texture.mean()), 0, 255), np.uint8)


@pytest.mark.parametrize("features", FEATURES)
def test_known_groups_are_found(album: Album, features: str) -> None:
    """Skies, sunsets and forests come apart by every kind of feature, with their shares, the largest first."""
    photos, kinds = album
    found = gmmseg.collection(photos, 3, features=features)
    assert purity(found.labels, kinds) >= 0.97
    assert np.abs(found.shares - (0.60, 0.25, 0.15)).max() <= 0.02
    assert (np.diff(found.mixture.weights) <= 0).all()
    assert found.rows.shape == (200, found.mixture.d)
    assert found.probabilities.shape == (200, 3)
    assert np.allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(found.labels, kinds)  # which are numbered by share too


@pytest.mark.parametrize("features", ["mean", "mean+std", "histogram"])
def test_the_number_of_clusters_is_found(features: str) -> None:
    """Of sixty photos of three kinds, ICL finds the three."""
    photos, kinds = made_album(60, 4)
    found = gmmseg.collection(photos, features=features)
    assert found.k == 3
    assert purity(found.labels, kinds) == 1
    assert found.history is not None
    assert min(found.history.curve, key=lambda one: one.score).k == 3


def test_overlapping_groups_have_their_shares() -> None:
    """Where groups overlap, soft shares are still right, probabilities are the true ones, and doubt is honest."""
    truth = Mixture(
        np.array([0.6, 0.25, 0.15]),
        np.array([[110.0, 150.0, 190.0], [145.0, 143.0, 160.0], [97.0, 126.0, 120.0]]),
        np.array([[[260.0, 90, 40], [90, 220, 80], [40, 80, 300]], np.eye(3) * 210, np.eye(3) * 150]),
    )
    colours, kinds = truth.sample(2400, 5)
    random = np.random.default_rng(6)
    found = gmmseg.collection((plain(colour, random) for colour in colours), 3)
    assert np.abs(found.shares - truth.weights).max() <= 0.02
    right = (found.labels == kinds).mean()
    assert right <= 0.96
    assert abs(right - found.certainty.mean()) <= 0.01
    assert np.abs(found.probabilities - truth.responsibilities(found.means)).mean() <= 0.01


def test_layout_sees_where_colours_are() -> None:
    """Pictures of the same colours upside down are alike to a histogram, and not to a layout."""
    random = np.random.default_rng(1)
    photos = [made_photo("sunset", random) for _ in range(40)]
    photos = [photo[::-1] if number % 2 else photo for number, photo in enumerate(photos)]
    kinds = np.arange(40) % 2
    assert purity(gmmseg.collection(photos, 2, features="layout").labels, kinds) == 1
    assert purity(gmmseg.collection(photos, 2, features="histogram").labels, kinds) < 0.8


def test_spread_tells_calm_from_busy() -> None:
    """Pictures of one mean colour come apart by how much they vary."""
    random = np.random.default_rng(2)
    kinds = np.arange(40) % 2
    photos = [
        np.clip(np.rint(random.normal(120, 3) + random.normal(0, 5 + 30 * kind, (40, 60, 3))), 0, 255).astype(np.uint8)
        for kind in kinds
    ]
    assert purity(gmmseg.collection(photos, 2, features="mean+std").labels, kinds) == 1


def test_golden_values(album: Album) -> None:
    """What is found of the made album stays what it was."""
    found = gmmseg.collection(album[0], 3, features="mean+std")
    assert found.mixture.means[0] == pytest.approx([126.9, 168.8, 219.3, 40.6, 30.1, 13.4], rel=0.01)
    assert found.mixture.means[2] == pytest.approx([68.1, 113.4, 44.1, 15.5, 23.3, 9.6], rel=0.01)
    assert found.colors.tolist() == [[127, 169, 219], [161, 87, 64], [68, 113, 44]]


@pytest.mark.parametrize(
    ("features", "likelihood"), [("mean", -9.919), ("mean+std", -15.766), ("histogram", 12.595), ("layout", -7.724)]
)
def test_golden_likelihoods(album: Album, features: str, likelihood: float) -> None:
    """The made album is described as well as it was."""
    history = gmmseg.collection(album[0], 3, features=features).history
    assert history is not None
    assert history.fit.log_likelihood / 200 == pytest.approx(likelihood, rel=0.01)


def test_threads_change_nothing(album: Album) -> None:
    """One thread or four give the same bits."""
    for features in FEATURES:
        one, four = (gmmseg.collection(album[0][:50], 3, features=features, threads=n) for n in (1, 4))
        assert np.array_equal(one.rows, four.rows)
        assert np.array_equal(one.probabilities, four.probabilities)
        assert one.thumbnails == four.thumbnails


def test_order_of_pictures_is_kept(album: Album) -> None:
    """Rows and probabilities go with the pictures, whatever the order they come in."""
    photos = album[0][:60]
    there, back = (gmmseg.collection(order, 3) for order in (photos, photos[::-1]))
    assert np.array_equal(there.rows, back.rows[::-1])
    assert np.allclose(there.probabilities, back.probabilities[::-1], atol=1e-3)


def test_a_file_and_its_array_are_one(tmp_path: Path, album: Album) -> None:
    """Files are described as the arrays in them are."""
    for number, photo in enumerate(album[0][:10]):
        Image.fromarray(photo).save(tmp_path / f"{number}.png")
    for features in ("mean", "layout"):
        of_files = gmmseg.collection(tmp_path, 2, features=features)
        assert np.array_equal(of_files.rows, gmmseg.collection(album[0][:10], 2, features=features).rows)
    assert [path.name for path in of_files.files] == [f"{number}.png" for number in range(10)]


def test_the_mean_is_the_mean(album: Album) -> None:
    """Each row of `mean` is the picture's mean red, green and blue."""
    found = gmmseg.collection(album[0][:20], 2)
    assert np.allclose(found.rows, [photo.mean(axis=(0, 1)) for photo in album[0][:20]], atol=0.5)
    assert np.array_equal(found.rows, found.means)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_few_pictures(features: str, n: int) -> None:
    """One picture is one cluster, as many clusters as pictures work, and all numbers are finite."""
    photos = made_album(7, 3)[0][:n]
    for k in ("auto", 1, n):
        found = gmmseg.collection(photos, k, features=features)
        assert 1 <= found.k <= n
        assert np.isfinite(found.probabilities).all()
        assert np.isfinite(found.mixture.means).all()
    assert any("prior" in note for note in found.notes)


@pytest.mark.parametrize("features", FEATURES)
def test_copies_of_one_picture(features: str) -> None:
    """Many copies of one picture are one cluster, and two are refused in words."""
    photos = [made_photo("sky", np.random.default_rng(0))] * 12
    assert gmmseg.collection(photos, features=features).k == 1
    with pytest.raises(InputError, match="pictures that differ; got k = 2, and 1 of 12 pictures"):
        gmmseg.collection(photos, 2, features=features)


@pytest.mark.parametrize("features", FEATURES)
def test_odd_pictures(features: str) -> None:
    """Single pixels, lines, black, white and half transparent pictures are described like others."""
    half = np.full((9, 9, 4), 200, np.uint8)
    half[:5, :, 3] = 0
    odd = [np.full((h, w, 3), level, np.uint8) for h, w, level in ((1, 1, 0), (1, 300, 255), (300, 2, 90), (3, 3, 7))]
    found = gmmseg.collection([*odd, half, np.zeros((5, 5), np.uint8)], features=features)
    assert found.n == 6
    assert np.isfinite(found.rows).all()
    assert found.thumbnail(4).shape == (9, 9, 3)


def test_bad_pictures_are_left_out(tmp_path: Path) -> None:
    """What cannot be read is told of as soon as it is known, and the others are clustered."""
    written_album(tmp_path, 12)
    (tmp_path / "003.jpg").write_bytes(b"no picture")
    (tmp_path / "005.jpg").write_bytes((tmp_path / "006.jpg").read_bytes()[:700])
    told: list[str] = []
    steps: list[tuple[int, int | None]] = []
    found = gmmseg.collection(
        tmp_path,
        2,
        troubled=lambda path, reason: told.append(f"{path.name}|{reason}"),
        progress=lambda done, total: steps.append((done, total)),
    )
    assert found.n == 10
    assert [trouble.path.name for trouble in found.failures] == ["003.jpg", "005.jpg"]
    assert [line.split("|")[0] for line in told] == ["003.jpg", "005.jpg"]
    assert all("cannot read" in line and "\n" not in line for line in told)
    assert steps == [(n, 12) for n in range(1, 13)]


def test_nothing_to_read(tmp_path: Path) -> None:
    """No pictures, or none that can be read, is an error that says so."""
    with pytest.raises(FileError, match="expected pictures in this folder"):
        gmmseg.collection(tmp_path)
    with pytest.raises(FileError, match=r"nothing by this name; check it; so with 1 more"):
        gmmseg.collection([tmp_path / "a.png", tmp_path / "b.png"])
    with pytest.raises(InputError, match="at least one picture"):
        gmmseg.collection([])


def test_what_cannot_be_asked_for(album: Album, tmp_path: Path) -> None:
    """Arguments that make no sense are refused before or after reading, in words."""
    photos = album[0][:4]
    refused: list[tuple[dict[str, object], str]] = [
        ({"k": 5}, "no more clusters than pictures"),
        ({"k": 0}, "at least 1"),
        ({"k": "many"}, "auto"),
        ({"features": "smell"}, "among mean"),
        ({"covariance": "round"}, "covariance"),
        ({"threads": 0}, "threads"),
    ]
    for given, told in refused:
        with pytest.raises(InputError, match=told):
            gmmseg.collection(photos, **given)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="got int"):
        gmmseg.collection(5)
    found = gmmseg.collection(photos, 2)
    with pytest.raises(InputError, match="from 0 to 3"):
        found.thumbnail(4)
    with pytest.raises(InputError, match="kinds of output among"):
        found.save(tmp_path, "sheet")
    with pytest.raises(InputError, match="how among copy"):
        found.into(tmp_path, "move")


def test_sources_of_many_kinds(tmp_path: Path, album: Album) -> None:
    """Folders, globs, files, bytes, arrays and Pillow images may come mixed, and one picture alone."""
    written_album(tmp_path / "some", 3)
    written_album(tmp_path / "some" / "below", 2, 9)
    assert gmmseg.collection(tmp_path / "some").n == 3
    assert gmmseg.collection(tmp_path / "some", recursive=True).n == 5
    assert gmmseg.collection(str(tmp_path / "**" / "*.jpg")).n == 5
    data = (tmp_path / "some" / "000.jpg").read_bytes()
    mixed = [tmp_path / "some", data, io.BytesIO(data), album[0][0], Image.fromarray(album[0][1])]
    found = gmmseg.collection(mixed)
    assert found.n == 7
    assert str(found.files[5]) == "picture-5"
    for one in (tmp_path / "some" / "001.jpg", data, album[0][0], Image.fromarray(album[0][1])):
        assert gmmseg.collection(one).n == 1


def test_few_pictures_are_in_memory() -> None:
    """Pictures are taken from an iterator as they are needed, a few ahead."""
    random = np.random.default_rng(0)
    taken, ahead = [0], [0]

    def pictures() -> Iterator[np.ndarray]:
        for number in range(100):
            taken[0] = number + 1
            yield plain(np.array([number, 2 * number, 90.0]), random)

    gmmseg.collection(pictures(), 1, threads=2, progress=lambda done, _total: ahead.append(taken[0] - done))
    assert max(ahead) <= 8


def test_progress_may_end_the_work(tmp_path: Path) -> None:
    """What progress raises comes out at once, and no thread stays behind."""
    written_album(tmp_path, 30)

    class Enough(BaseException):
        pass

    def enough(done: int, _total: int | None) -> None:
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        gmmseg.collection(tmp_path, 2, progress=enough)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("gmmseg-look")]


def test_ranks(album: Album) -> None:
    """The pictures of a cluster come from the most certain on, each once."""
    found = gmmseg.collection(album[0], 4, features="histogram")
    ranks = [found.ranked(cluster) for cluster in range(found.k)]
    assert np.array_equal(np.sort(np.concatenate(ranks)), np.arange(200))
    for cluster, own in enumerate(ranks):
        assert (found.labels[own] == cluster).all()
        assert (np.diff(np.round(found.certainty[own], 3)) <= 1e-6).all()
