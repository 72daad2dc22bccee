"""What is chosen, where it goes, and what happens when it cannot."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_segments import cut, holed, whole

from gmmseg import FileError, InputError, segment
from gmmseg.outputs import KINDS, USUAL, planned, present, save, write, writers

MANY = {"masks", "cutouts"}


def test_usual_outputs(tmp_path: Path) -> None:
    """Without a wish there are labels, an overlay and a table, named after the picture."""
    names = ["coffee-labels.png", "coffee-overlay.jpg", "coffee-segments.csv"]
    paths = whole().save(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == names
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == names


def test_all_outputs_in_the_order_asked_for(tmp_path: Path) -> None:
    """Everything can be written at once, is there afterwards where it was planned, and nothing else is."""
    kinds = list(KINDS)[::-1]
    assert not present(kinds, tmp_path, "a")
    paths = save(holed(), tmp_path, kinds, stem="a")
    assert all(path.is_file() for path in paths)
    assert present(kinds, tmp_path, "a")
    places = planned(kinds, tmp_path, "a")
    seen = list(dict.fromkeys(path if path.parent == tmp_path else path.parent for path in paths))
    assert tuple(seen) == places
    assert {path.name for path in tmp_path.iterdir()} == {place.name for place in places}
    assert len(set(places)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_presence_is_of_each_kind(tmp_path: Path, kind: str) -> None:
    """A kind is present when its own files are, also beside others, and names of other pictures do not count."""
    save(whole(), tmp_path, kind, stem="photo")
    assert present(kind, tmp_path, "photo")
    assert not present(kind, tmp_path, "other")
    others = [other for other in KINDS if other != kind]
    assert not any(present(other, tmp_path, "photo") for other in others)
    assert not present(f"{kind},{others[0]}", tmp_path, "photo")


def test_labels_in_a_tiff_are_present(tmp_path: Path) -> None:
    """Whether labels are a PNG or a TIFF does not matter."""
    write(whole(), "labels", tmp_path / "labels.tif")
    assert present("labels", tmp_path, "")


def test_empty_folder_is_no_output(tmp_path: Path) -> None:
    """A folder without masks does not count as masks."""
    (tmp_path / "a-masks").mkdir()
    assert not present("masks", tmp_path, "a")


def test_arrays_have_no_name(tmp_path: Path) -> None:
    """Outputs of an array are called by their kind alone."""
    seg = segment(cut().pixels[:30, :30], 2)
    names = [path.relative_to(tmp_path).as_posix() for path in save(seg, tmp_path, "labels,masks,model")]
    assert names == ["labels.png", "masks/0.png", "masks/1.png", "model.npz"]


@pytest.mark.parametrize("kinds", ["label", "", "labels,,csv", [3], [], ["labels", "Masks"]])
def test_unknown_kinds(tmp_path: Path, kinds: Any) -> None:
    """What is no kind is refused with a list of those that are, before anything is written."""
    with pytest.raises(InputError, match=r"among labels, overlay, csv.*got"):
        save(whole(), tmp_path, kinds)
    with pytest.raises(InputError, match="among"):
        planned(kinds, tmp_path, "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wish", [{"palette": "bright"}, {"depth": 12}, {"depth": True}])
def test_unknown_wishes(tmp_path: Path, wish: Any) -> None:
    """Palettes and depths that do not exist are refused."""
    with pytest.raises(InputError, match="expected a"):
        save(whole(), tmp_path, "labels", **wish)


@pytest.mark.parametrize("kind", ["masks", "cutouts", "labels,csv", "nothing"])
def test_streams_take_one_file(kind: str) -> None:
    """What is many files cannot go into one stream."""
    with pytest.raises(InputError, match="kind"):
        write(whole(), kind, io.BytesIO())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - MANY))
def test_streams_get_what_files_get(tmp_path: Path, kind: str) -> None:
    """A stream gets the very bytes of the file."""
    (path,) = save(holed(), tmp_path, kind)
    stream = io.BytesIO()
    write(holed(), kind, stream)
    if kind != "model":  # an archive by NumPy, with the time in it
        assert stream.getvalue() == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_file_in_the_way_of_the_folder(tmp_path: Path, kind: str) -> None:
    """Where the folder cannot be made, the error says so."""
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(FileError, match="in the way"):
        save(whole(), tmp_path / "out", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_obstacle_in_the_way_of_the_output(tmp_path: Path, kind: str) -> None:
    """Where an output cannot take its place, the error says so, and no draft stays behind."""
    (place,) = planned(kind, tmp_path, "coffee")
    if kind in MANY:
        place.write_text("in the way")
    else:
        place.mkdir()
    with pytest.raises(FileError, match="coffee"):
        save(whole(), tmp_path, kind)
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not stop this user")
def test_folder_without_permission(tmp_path: Path) -> None:
    """A folder that must not be written to is an error of files."""
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="cannot write"):
        save(whole(), tmp_path, USUAL)


@pytest.mark.parametrize("kind", sorted(MANY))
def test_folders_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """When the second file of a folder fails, the folder is not there, and an older one is as it was."""

    def failing(path: Path, *_: Any, **__: Any) -> None:
        if path.stem == "1":
            raise FileError("cannot write: the disk is full")
        path.write_bytes(b"new")

    module = sys.modules[writers.FOLDERS[kind].__module__]
    monkeypatch.setattr(module, "write_picture", failing)
    with pytest.raises(FileError, match="full"):
        save(whole(), tmp_path, kind)
    assert list(tmp_path.iterdir()) == []
    (place,) = planned(kind, tmp_path, "coffee")
    place.mkdir()
    (place / "0.png").write_bytes(b"old")
    with pytest.raises(FileError, match="full"):
        save(whole(), tmp_path, kind)
    assert (place / "0.png").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]


def test_one_failure_leaves_the_others(tmp_path: Path) -> None:
    """When one output fails, those beside it are whole."""
    (tmp_path / "coffee-overlay.jpg").mkdir()
    with pytest.raises(FileError, match=r"coffee-overlay\.jpg"):
        save(whole(), tmp_path, USUAL)
    assert present("labels,csv", tmp_path, "coffee")


def test_kinds_are_known_without_heavy_modules() -> None:
    """A command line can list the kinds without waiting for arrays and compilers."""
    code = "import sys, gmmseg.outputs; print(*sorted({'numba', 'numpy', 'PIL', 'tifffile'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""


def test_segmentation_is_not_changed(tmp_path: Path) -> None:
    """Saving twice gives the same bytes."""
    kinds = sorted(set(KINDS) - {"model"})
    first = save(holed(), tmp_path / "a", kinds)
    second = save(holed(), tmp_path / "b", kinds)
    assert [a.read_bytes() for a in first] == [b.read_bytes() for b in second]
    assert holed().labels.dtype == np.int16
