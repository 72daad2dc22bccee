"""The outputs of a collection, and its files sorted into folders."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from albums import made_photo
from made_albums import written_album
from PIL import Image

import gmmseg
from gmmseg.albums import KINDS, Collection
from gmmseg.albums.kinds import present
from gmmseg.errors import FileError


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hundred photos."""
    folder = tmp_path_factory.mktemp("album")
    written_album(folder, 100)
    return folder


@pytest.fixture(scope="module")
def found(album: Path) -> Collection:
    return gmmseg.collection(album, 3)


def tree(folder: Path) -> dict[str, tuple[bytes, int, bool]]:
    """The bytes, the time of change and whether it is a link, of every file below a folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()]
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.lstat().st_mtime_ns, path.is_symlink())
        for path in paths
    }


def test_all_outputs(found: Collection, tmp_path: Path) -> None:
    """Every kind of output is written where it was planned, and nothing else."""
    written = found.save(tmp_path / "out")
    names = {str(path.relative_to(tmp_path / "out")) for path in written}
    sheets = {f"sheets/cluster-{n}.jpg" for n in range(3)}
    assert names == {"overview.jpg", "pictures.csv", "collection.json", "model.npz", *sheets}
    assert set(tree(tmp_path / "out")) == names
    assert len(present(None, tmp_path / "out")) == len(KINDS)
    assert found.save(tmp_path / "less", "csv") == (tmp_path / "less" / "pictures.csv",)


def test_tables(found: Collection, album: Path, tmp_path: Path) -> None:
    """CSV and JSON have every picture with its probabilities, and the clusters with their shares."""
    found.save(tmp_path, ["csv", "json"], command="gmmseg collection album")
    with (tmp_path / "pictures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "cluster", "certainty", "p_0", "p_1", "p_2"]
    assert [row["file"] for row in rows] == [str(album / f"{n:03d}.jpg") for n in range(100)]
    assert [int(row["cluster"]) for row in rows] == found.labels.tolist()
    assert np.allclose([[float(row[f"p_{c}"]) for c in range(3)] for row in rows], found.probabilities, atol=1e-6)
    record = json.loads((tmp_path / "collection.json").read_text())
    assert record["settings"] == {"features": "mean", "covariance": "full", "dimensions": 3, "seed": 0}
    assert record["command"] == "gmmseg collection album"
    assert [one["pictures"] for one in record["clusters"]] == [60, 25, 15]
    assert np.allclose([one["share"] for one in record["clusters"]], found.shares, atol=1e-5)
    assert set(record["clusters"][0]["mean"]) == {"red", "green", "blue"}
    assert record["files"] == found.table()


def test_sheets_show_the_cluster(found: Collection, tmp_path: Path) -> None:
    """Sheets have the colours of their clusters; those of clusters that are no more go, and other files stay."""
    (tmp_path / "sheets").mkdir()
    for name in ("cluster-3.jpg", "cluster-12.jpg", "cluster.jpg", "mine.jpg"):
        (tmp_path / "sheets" / name).write_bytes(b"x")
    found.save(tmp_path, "sheets")
    assert {path.name for path in (tmp_path / "sheets").iterdir()} == {
        "cluster-0.jpg",
        "cluster-1.jpg",
        "cluster-2.jpg",
        "cluster.jpg",
        "mine.jpg",
    }
    with Image.open(tmp_path / "sheets" / "cluster-2.jpg") as sheet:
        assert sheet.width > 800
        pixels = np.asarray(sheet).astype(int)
    green = (pixels[..., 1] > pixels[..., 0] + 20) & (pixels[..., 1] > pixels[..., 2] + 20)
    assert green.mean() > 0.2


def test_copies_are_the_files(found: Collection, album: Path, tmp_path: Path) -> None:
    """Every picture is copied into its cluster's folder with its time, and the originals stay as they are."""
    before = tree(album)
    steps: list[int] = []
    placed = found.into(tmp_path / "sorted", progress=lambda done, _total: steps.append(done))
    assert tree(album) == before
    assert steps == list(range(1, 101))
    assert (len(placed.paths), placed.there, placed.failures) == (100, 0, ())
    for source, label, path in zip(found.files, found.labels, placed.paths, strict=True):
        assert path == tmp_path / "sorted" / f"cluster-{label}" / source.name
        assert path.read_bytes() == source.read_bytes()
        assert abs(path.stat().st_mtime - source.stat().st_mtime) < 1e-3


@pytest.mark.parametrize("how", ["copy", "link", "hardlink"])
def test_doing_it_again_changes_nothing(found: Collection, tmp_path: Path, how: str) -> None:
    """A second time finds everything there."""
    found.into(tmp_path, how)
    before = tree(tmp_path)
    again = found.into(tmp_path, how)
    assert again.there == 100
    assert tree(tmp_path) == before


def test_links_lead_to_the_files(found: Collection, album: Path, tmp_path: Path) -> None:
    """Links are relative, lead to the originals, and move with them."""
    placed = found.into(album.parent / "linked", "link")
    for source, path in zip(found.files, placed.paths, strict=True):
        assert path.is_symlink()
        assert not os.path.isabs(path.readlink())  # noqa: PTH117 - a link's text is no path yet
        assert path.resolve() == source.resolve()
    moved = tmp_path / "moved"
    shutil.copytree(album, moved / album.name)
    shutil.copytree(album.parent / "linked", moved / "linked", symlinks=True)
    assert all(path.exists() for path in (moved / "linked").rglob("*.jpg"))


def test_hard_links_are_the_files(found: Collection, tmp_path: Path) -> None:
    """Hard links are the originals under another name."""
    placed = found.into(tmp_path, "hardlink")
    assert all(path.samefile(source) for source, path in zip(found.files, placed.paths, strict=True))


def test_a_link_does_not_stand_for_a_copy(found: Collection, tmp_path: Path) -> None:
    """Copies are made beside links, which would not outlive the originals; links are not made beside copies."""
    found.into(tmp_path, "link")
    placed = found.into(tmp_path, "copy")
    assert placed.there == 0
    assert not any(path.is_symlink() for path in placed.paths)
    copied = found.into(tmp_path / "other", "copy")
    assert found.into(tmp_path / "other", "link").paths == copied.paths


def test_names_do_not_clash(tmp_path: Path) -> None:
    """Files of one name from several folders all arrive, under names that say where from, and nothing is replaced."""
    random = np.random.default_rng(0)
    for name in ("a/x.png", "b/x.png", "b/X.PNG", "c/b/x.png"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(made_photo("sky", random)).save(path)
    own = tmp_path / "out" / "cluster-0" / "x.png"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"somebody's own")
    found = gmmseg.collection(tmp_path / "in", 1, recursive=True)
    placed = found.into(tmp_path / "out")
    assert own.read_bytes() == b"somebody's own"
    assert len({path.name.casefold() for path in placed.paths}) == 4
    assert [path.read_bytes() for path in placed.paths] == [path.read_bytes() for path in found.files]
    assert placed.paths[0].name == "a-x.png"
    before = tree(tmp_path / "out")
    assert found.into(tmp_path / "out").there == 4
    assert tree(tmp_path / "out") == before


def test_twins_both_arrive(tmp_path: Path) -> None:
    """Two files of one name and the same bytes are two files."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8), (9, 9, 9)).save(tmp_path / name / "x.png")
    found = gmmseg.collection([tmp_path / "a", tmp_path / "b"], 1)
    for there in (0, 2):
        placed = found.into(tmp_path / "out")
        assert placed.there == there
        assert sorted(path.name for path in placed.paths) == ["b-x.png", "x.png"]


def test_what_cannot_be_placed(found: Collection, album: Path, tmp_path: Path) -> None:
    """A file that has gone, and a picture that was none, are told of; the others are placed."""
    shutil.copytree(album, tmp_path / "album")
    own = gmmseg.collection([*(tmp_path / "album" / f"{n:03d}.jpg" for n in range(5)), found.thumbnail(3)], 1)
    (tmp_path / "album" / "002.jpg").unlink()
    placed = own.into(tmp_path / "out")
    assert len(placed.paths) == 4
    assert [trouble.path.name for trouble in placed.failures] == ["002.jpg", "picture-5"]
    assert all(trouble.reason.startswith("cannot copy ") for trouble in placed.failures)


def test_a_full_disk_ends_it(found: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, one error says so, and no half file is left."""
    kept = shutil.copy2
    count = [0]

    def full(source: Path, target: Path) -> None:
        count[0] += 1
        if count[0] == 4:
            Path(target).write_bytes(b"half")
            raise OSError(28, "No space left on device")
        kept(source, target)

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(FileError, match="No space left on device"):
        found.into(tmp_path)
    assert len(tree(tmp_path)) == 3
    assert not [name for name in tree(tmp_path) if "/." in name]


def test_folders_that_cannot_be(found: Collection, tmp_path: Path) -> None:
    """A file in the place of a folder is one error."""
    (tmp_path / "file").write_bytes(b"")
    for write in (lambda: found.into(tmp_path / "file"), lambda: found.save(tmp_path / "file")):
        with pytest.raises(FileError, match="a file is in the way"):
            write()
