"""The parts that footage is made of: names, regions, growing texts, tallies, run lengths, states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gmmseg.errors import FileError, InputError
from gmmseg.files import write_picture
from gmmseg.footage import planned, stem_of
from gmmseg.footage.growing import Growing
from gmmseg.footage.kinds import chosen, formats_of
from gmmseg.footage.region import region_of
from gmmseg.footage.seen import Seen
from gmmseg.footage.state import Position, completed, is_unfinished, position_of
from gmmseg.footage.tables import Boxes, Coco, Frames, run_lengths
from gmmseg.footage.tally import Tally
from gmmseg.outputs.runs import compressed, runs_of
from gmmseg.video import Foreground
from gmmseg.video.blobs import blobs_of


class Still:
    """A frame of a clip."""

    def __init__(self, pixels: NDArray[np.uint8], index: int) -> None:
        self.pixels, self.index, self.time = pixels, index, index / 25


def seen(index: int, mask: NDArray[np.bool_]) -> Seen:
    frame: Any = Still(np.full((*mask.shape, 3), index % 256, np.uint8), index)
    found = Foreground(mask, mask.astype(np.float32), np.zeros_like(mask))
    return Seen(frame, found, blobs_of(mask, found.probability))


def noise(seed: int, shape: tuple[int, int] = (20, 30)) -> NDArray[np.bool_]:
    random = np.random.default_rng(seed)
    return random.random(shape) < random.random() ** 2


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("walk.mp4", "walk"),
        ("below/a walk.2.avi", "a walk.2"),
        ("camera:0", "camera-0"),
        ("rtsp://user:secret@host.net:554/live?x=1", "host-net-554-live-x-1"),
        ("-", "stdin"),
        ("frames/*.png", "frames"),
        ("*.png", "clip"),
        ("frames/day*.png", "day"),
    ],
)
def test_stems(source: str, stem: str) -> None:
    """Outputs are called after the clip, whatever kind of address it has."""
    assert stem_of(source) == stem


def test_folder_of_frames_is_its_own_stem(tmp_path: Path) -> None:
    """A folder gives its whole name, with its dots."""
    (tmp_path / "night.raw").mkdir()
    assert stem_of(tmp_path / "night.raw") == "night.raw"


def test_names() -> None:
    """Every kind has a name of its own, and PNG is a folder."""
    every = planned(tuple(chosen("mask,overlay,background,csv,boxes,coco,report,state")), "out", "walk")
    assert len(set(every.values())) == len(every)
    assert every["mask"] == Path("out/walk.mask.mkv")
    assert planned("mask", "out", "walk", "png")["mask"] == Path("out/walk.mask")
    assert planned(["mask", "overlay"], "o", "w", {"overlay": "gif"})["overlay"] == Path("o/w.overlay.gif")


@pytest.mark.parametrize("formats", ["avi", {"mask": "xyz"}, {"boxes": "png"}])
def test_formats_that_are_none(formats: Any) -> None:
    """Formats nobody knows, and formats of what is no clip, are refused."""
    with pytest.raises(InputError, match="format"):
        formats_of(formats)
    with pytest.raises(InputError, match="kinds of output"):
        chosen("masks")


def test_region_of_a_box() -> None:
    """A box is in pixels of the clip, and scaled with it."""
    region = region_of((10, 20, 30, 8), (50, 60), 1.0)
    assert region is not None
    assert region[20:28, 10:40].all()
    assert region.sum() == 240
    half = region_of((10, 20, 30, 8), (25, 30), 0.5)
    assert half is not None
    assert half[10:14, 5:20].all()
    assert half.sum() == 60
    assert region_of(None, (5, 5), 1.0) is None


def test_region_of_a_picture(tmp_path: Path) -> None:
    """A picture counts where it is not black, at the clip's size or at the size that is worked on."""
    picture = np.zeros((40, 60), np.uint8)
    picture[:20] = 255
    write_picture(tmp_path / "roi.png", picture)
    for shape, scale in (((40, 60), 1.0), ((20, 30), 0.5), ((13, 20), 1 / 3)):
        region = region_of(tmp_path / "roi.png", shape, scale)
        assert region is not None
        assert region.shape == shape
        assert region[0].all()
        assert not region[-1].any()
    np.testing.assert_array_equal(region_of(picture, (40, 60), 0.5), picture > 0)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((70, 0, 5, 5), "within"),
        ((0, 0, -1, 5), "within"),
        ((0, 0, np.nan, 5), "x, y"),
        ((1, 2, 3), "x, y"),
        (np.zeros((40, 60)), "some pixels"),
        (np.ones((10, 10)), "clip's size"),
        (np.ones(5), "numbers"),
    ],
)
def test_regions_that_cannot_be(given: Any, told: str) -> None:
    """Regions without a pixel, or of another clip, are refused."""
    with pytest.raises(InputError, match=told):
        region_of(given, (40, 60), 1.0)


def test_text_grows_and_is_cut_back(tmp_path: Path) -> None:
    """A text has its name when it is finished; an earlier one is continued behind the bytes that count."""
    path = tmp_path / "a.csv"
    first = Growing(path)
    first.write("one\n")
    mark = first.safe()
    first.write("lost\n")
    first.abandon(keep=True)
    assert not path.exists()
    again = Growing(path, mark)
    again.write("two\n")
    again.finish()
    assert path.read_text() == "one\ntwo\n"
    third = Growing(path, mark)
    third.write("three\n")
    third.finish()
    assert path.read_text() == "one\nthree\n"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileError, match="at least 99 bytes"):
        Growing(path, 99)


def test_text_that_is_abandoned(tmp_path: Path) -> None:
    """What is not finished goes, or stays to be taken up again."""
    for keep in (False, True):
        text = Growing(tmp_path / "a.csv")
        text.write("one\n")
        text.abandon(keep=keep)
        assert (tmp_path / "a.part.csv").exists() == keep
    with pytest.raises(FileError, match="cannot write"):
        Growing(tmp_path / "missing" / "a.csv")


@pytest.mark.parametrize("seed", range(20))
def test_run_lengths_are_coco_s(seed: int) -> None:
    """The run lengths of every blob are those of its pixels alone."""
    blobs = blobs_of(noise(seed, (1 + seed, 24 - seed)))
    labels = blobs.labels()
    for blob, counts in enumerate(run_lengths(blobs)):
        expected = runs_of((labels == blob).astype(np.int16)).counts(1)
        assert compressed(counts) == compressed(expected)


def test_tables(tmp_path: Path) -> None:
    """Boxes have a line for each blob and frames one each; COCO has the same numbers."""
    masks = [np.zeros((20, 30), np.bool_), noise(3), noise(4)]
    tally = Tally()
    boxes, frames = Boxes(tmp_path / "b.csv", None), Frames(tmp_path / "f.csv", None)
    coco = Coco(tmp_path / "c.json", None, name="walk", shape=(20, 30), count=0)
    for n, mask in enumerate(masks):
        one = seen(5 * n, mask)
        tally.add(one)
        for table in (boxes, frames, coco):
            table.write(one)
    for table in (boxes, frames, coco):
        table.finish(tally)
    lines = (tmp_path / "b.csv").read_text().splitlines()[1:]
    record = json.loads((tmp_path / "c.json").read_text())
    assert len(lines) == len(record["annotations"]) == sum(tally.counts)
    assert sum(int(line.split(",")[7]) for line in lines) == sum(int(mask.sum()) for mask in masks)
    assert [image["frame"] for image in record["images"]] == [0, 5, 10]
    assert {one["image_id"] for one in record["annotations"]} <= {image["id"] for image in record["images"]}
    rows = (tmp_path / "f.csv").read_text().splitlines()
    assert rows[1] == "0,0.000000,0.000000,0.000000,0,0"
    assert float(rows[2].split(",")[2]) == pytest.approx(masks[1].mean(), abs=1e-6)


def test_coco_without_a_blob(tmp_path: Path) -> None:
    """A clip in which nothing moves is valid JSON too."""
    coco = Coco(tmp_path / "c.json", None, name="walk", shape=(20, 30), count=0)
    coco.finish(Tally())
    assert json.loads((tmp_path / "c.json").read_text())["annotations"] == []


@pytest.mark.parametrize("count", [0, 1, 11, 12, 13, 60, 333])
def test_samples_are_spread(count: int) -> None:
    """However long a clip is, up to twelve samples are kept, all over it, each the fullest frame of its stretch."""
    tally = Tally(np.zeros((6, 8), np.uint32))
    shares = []
    for n in range(count):
        mask = np.zeros((6, 8), np.bool_)
        mask.ravel()[: (n * 7) % 31] = True
        shares.append(mask.mean())
        tally.add(seen(n, mask))
    assert len(tally.samples) <= 12
    for place, sample in tally.samples.items():
        assert sample.number // tally.stride == place
        assert sample.share == max(shares[place * tally.stride : (place + 1) * tally.stride])
    if count > 60:
        assert len(tally.chosen(6)) == 6
        assert tally.chosen(6)[0].number < count / 3
        assert tally.chosen(6)[-1].number > count * 0.6
    assert tally.activity is not None
    assert tally.activity.sum() == round(sum(shares) * 48)


def test_tally_is_what_was_packed() -> None:
    """A tally that was stored goes on as one that was not."""
    whole, halved = Tally(np.zeros((20, 30), np.uint32)), Tally(np.zeros((20, 30), np.uint32))
    for n in range(50):
        whole.add(seen(n, noise(n)))
        halved.add(seen(n, noise(n)))
        if n == 23:
            record, arrays = halved.packed()
            halved = Tally.unpacked(json.loads(json.dumps(record)), arrays)
    first, second = whole.packed(), halved.packed()
    assert first[0] == second[0]
    for name, array in first[1].items():
        np.testing.assert_array_equal(array, second[1][name])


def test_state_beside_a_model(tmp_path: Path) -> None:
    """A state is added to any model's file, and read back; a model alone, or a broken file, is none."""
    path = tmp_path / "walk.state.npz"
    np.savez(path, weights=np.arange(3))
    assert position_of(path) is None
    assert not is_unfinished(path)
    tally = Tally()
    tally.add(seen(7, noise(1)))
    completed(path, Position({"every": 2}, {"boxes": 99}, 3, 1.5), tally)
    found = position_of(path)
    assert found is not None
    assert found[0] == Position({"every": 2}, {"boxes": 99}, 3, 1.5)
    assert list(found[1].indices) == [7]
    assert is_unfinished(path)
    with np.load(path) as archive:
        assert archive["weights"].tolist() == [0, 1, 2]
    with pytest.raises(InputError, match="every 2"):
        found[0].check({"every": 3}, path)
    for wrong in (path.read_bytes()[:300], b"", b"no archive"):
        path.write_bytes(wrong)
        with pytest.raises(FileError, match="damaged"):
            position_of(path)
        assert not is_unfinished(path)
