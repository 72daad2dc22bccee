"""A made-up data set in the layout of BSDS500: read, evaluated, and told in records and a table."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.io import savemat

from gmmseg import FileError, InputError
from gmmseg.evaluate import Annotated, Evaluation, annotated, evaluate_segments, region_boundaries, text_table

Labels = NDArray[np.int64]
SHAPE = (30, 60)  # two to five stripes are equally wide


def stripes(count: int, shape: tuple[int, int] = SHAPE) -> Labels:
    """Upright stripes, numbered from 1."""
    row = np.arange(shape[1]) * count // shape[1] + 1
    return np.broadcast_to(row, shape).astype(np.int64)


def write_truth(path: Path, truths: list[Labels]) -> None:
    """A file as MATLAB writes a 1×n cell of structs."""
    cells = np.empty((1, len(truths)), object)
    for i, labels in enumerate(truths):
        cells[0, i] = {
            "Segmentation": labels.astype(np.uint16),
            "Boundaries": region_boundaries(labels).astype(np.uint8),
        }
    savemat(path, {"groundTruth": cells}, do_compression=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos with two annotators each, who drew two to five stripes."""
    for part in ("images", "groundTruth"):
        (tmp_path / part / "val").mkdir(parents=True)
    (tmp_path / "images" / "train").mkdir()
    (tmp_path / "images" / "val" / "Thumbs.db").write_bytes(b"")
    for number in range(3):
        Image.new("RGB", SHAPE[::-1]).save(tmp_path / "images" / "val" / f"10{number}.jpg")
        write_truth(tmp_path / "groundTruth" / "val" / f"10{number}.mat", [stripes(2 + number), stripes(3 + number)])
    return tmp_path


@pytest.fixture
def photos(folder: Path) -> tuple[Annotated, ...]:
    return annotated(folder, "val")


def test_data_set_is_read_back(photos: tuple[Annotated, ...], folder: Path) -> None:
    """Photos come in the order of their names, with the regions and boundaries that were written."""
    assert [photo.name for photo in photos] == ["100", "101", "102"]
    assert photos[1].path == folder / "images" / "val" / "101.jpg"
    truths = photos[1].truths()
    assert [truth.dtype for truth in truths] == [np.int32, np.int32]
    np.testing.assert_array_equal(truths, [stripes(3), stripes(4)])
    np.testing.assert_array_equal(photos[1].boundaries(), [region_boundaries(stripes(k)) for k in (3, 4)])


def test_missing_folder_is_refused(folder: Path) -> None:
    """A folder that is not a data set is refused with what is missing."""
    with pytest.raises(FileError, match="got no 'images'"):
        annotated(folder / "nowhere", "val")


@pytest.mark.parametrize("split", ["test", ""])
def test_unknown_split_is_refused(folder: Path, split: str) -> None:
    """A split that is not there is refused with those that are."""
    with pytest.raises(FileError, match="one of the splits train, val"):
        annotated(folder, split)


def test_split_without_photos_is_refused(folder: Path) -> None:
    """An empty split is refused."""
    with pytest.raises(FileError, match="expected photos"):
        annotated(folder, "train")


def test_photo_without_annotations_is_refused(folder: Path) -> None:
    """A photo that nobody annotated is named."""
    (folder / "groundTruth" / "val" / "101.mat").unlink()
    with pytest.raises(FileError, match=r"the annotations of 101\.jpg"):
        annotated(folder, "val")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a MATLAB file at all",
        {"other": np.eye(2)},
        {"groundTruth": np.eye(2)},
        {"groundTruth": np.array([[np.eye(2), np.eye(2)]], object)[:, :0]},
        {"groundTruth": np.array([[{"Other": 1}, {"Other": 2}]], object)},
        {"groundTruth": np.array([[{"Segmentation": "text"}]], object)},
        {"groundTruth": np.array([[{"Segmentation": np.eye(2)}, {"Segmentation": np.eye(3)}]], object)},
    ],
)
def test_damaged_annotations_are_refused(
    photos: tuple[Annotated, ...], content: bytes | dict[str, NDArray[np.float64]]
) -> None:
    """A file that holds something else is refused in one line that names it."""
    if isinstance(content, bytes):
        photos[0].truth.write_bytes(content)
    else:
        savemat(photos[0].truth, content)
    with pytest.raises(FileError, match=r"100\.mat") as caught:
        photos[0].truths()
    assert "\n" not in str(caught.value)


def test_every_truncation_of_annotations_is_refused(photos: tuple[Annotated, ...]) -> None:
    """A file cut short anywhere raises nothing but FileError."""
    whole = photos[0].truth.read_bytes()
    for size in range(0, len(whole), 97):
        photos[0].truth.write_bytes(whole[:size])
        with pytest.raises(FileError):
            photos[0].truths()


SETTINGS = {f"{count} stripes": count for count in (1, 3, 4)}


def evaluated(photos: tuple[Annotated, ...], jobs: int = 1) -> Evaluation:
    segmenters = {name: lambda _path, count=count: stripes(count) for name, count in SETTINGS.items()}
    return evaluate_segments(photos, segmenters, boundaries=True, jobs=jobs)


def test_evaluation_has_every_setting_on_every_image(photos: tuple[Annotated, ...]) -> None:
    """Scores come image by image and setting by setting, with regions and boundaries counted."""
    found = evaluated(photos)
    assert [(s.image, s.setting) for s in found.scores] == [(p.name, name) for p in photos for name in SETTINGS]
    assert [s.regions for s in found.scores[:3]] == [1, 3, 4]
    assert not found.failures
    one, three, four = found.fixed()
    # Photo 100 has 2 and 3 stripes, 101 has 3 and 4, 102 has 4 and 5: the whole covers 1/k of each
    # and lacks log₂ k bits.
    assert one.agreement.covering == pytest.approx((1 / 2 + 1 / 3 + 1 / 3 + 1 / 4 + 1 / 4 + 1 / 5) / 6)
    assert one.agreement.voi == pytest.approx(np.log2([2, 3, 3, 4, 4, 5]).mean())
    assert one.boundary is not None
    assert one.boundary.f == 0
    assert three.regions == 3
    assert four.images == 3


def test_choosing_per_image_is_no_worse_than_one_setting(photos: tuple[Annotated, ...]) -> None:
    """The best per image is at least as good as the best setting, which is at least as good as each."""
    found = evaluated(photos)
    best, each = found.best_setting(), found.best_per_image()
    assert best is not None
    assert each is not None
    for fixed in found.fixed():
        assert fixed.agreement.pri <= best.agreement.pri <= each.agreement.pri
        assert fixed.agreement.voi >= best.agreement.voi >= each.agreement.voi
        assert fixed.agreement.covering <= best.agreement.covering <= each.agreement.covering
    # Photo 100 is best in 3 stripes, 101 in 3 or 4, 102 in 4: choosing pays.
    assert each.agreement.covering > best.agreement.covering


def test_number_of_jobs_changes_nothing(photos: tuple[Annotated, ...]) -> None:
    """One job or three give the same scores in the same order."""

    def told(found: Evaluation) -> list[dict[str, object]]:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in found.records()]

    assert told(evaluated(photos, 1)) == told(evaluated(photos, 3))


def test_failing_image_does_not_stop_the_rest(photos: tuple[Annotated, ...]) -> None:
    """A setting that fails on an image gives an error there; it is not compared with settings that did not."""

    def picky(path: Path) -> Labels:
        if path.stem == "101":
            raise InputError("expected another photo")
        return stripes(2 if path.stem == "100" else 5)

    segmenters = {"picky": picky, "plain": lambda _path: stripes(3), "small": lambda _path: stripes(3, (30, 61))}
    photos[2].truth.write_bytes(b"damaged")
    found = evaluate_segments(photos, segmenters)
    assert [(s.image, s.setting) for s in found.scores] == [("100", "picky"), ("100", "plain"), ("101", "plain")]
    assert [(f.image, f.setting) for f in found.failures] == [
        ("100", "small"),
        ("101", "picky"),
        ("101", "small"),
        ("102", "picky"),
        ("102", "plain"),
        ("102", "small"),
    ]
    assert found.failures[1].reason == "expected another photo"
    assert "(30, 61)" in found.failures[0].reason
    best = found.best_setting()
    assert best is not None
    assert best.images == 2
    assert best.agreement == found.fixed()[1].agreement
    assert found.records()[-1].keys() == {"setting", "image", "error"}


def test_nothing_but_failures_has_no_best(photos: tuple[Annotated, ...]) -> None:
    """Where nothing was scored there is no summary, and no error either."""
    found = evaluate_segments(photos, {"flat": lambda _path: np.zeros((3, 3), int)})
    assert found.best_setting() is None
    assert found.best_per_image() is None
    assert found.summary() == []
    assert len(found.records()) == 3


def test_mistake_in_a_segmenter_is_not_hidden(photos: tuple[Annotated, ...]) -> None:
    """An exception that is no GmmsegError comes through."""

    def broken(_path: Path) -> Labels:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        evaluate_segments(photos, {"broken": broken}, jobs=2)


def test_progress_is_told_in_the_calling_thread(photos: tuple[Annotated, ...]) -> None:
    """Progress counts the images one by one and never from another thread."""
    calls = []
    evaluate_segments(
        photos,
        {"flat": lambda _path: np.zeros(SHAPE, int)},
        jobs=2,
        progress=lambda done, total: calls.append((done, total, threading.current_thread())),
    )
    assert calls == [(done, 3, threading.main_thread()) for done in (1, 2, 3)]


def test_empty_evaluations_are_refused(photos: tuple[Annotated, ...]) -> None:
    """No images, no segmenters and no jobs are refused."""
    with pytest.raises(InputError, match="0 images"):
        evaluate_segments([], {"flat": lambda _path: np.zeros(SHAPE, int)})
    with pytest.raises(InputError, match="0 segmenters"):
        evaluate_segments(photos, {})
    with pytest.raises(InputError, match="at least one job"):
        evaluated(photos, 0)


def test_records_are_plain_and_the_table_shows_them(photos: tuple[Annotated, ...]) -> None:
    """Records go through JSON unchanged, and the table has a line for each."""
    found = evaluated(photos)
    assert json.loads(json.dumps(found.records())) == found.records()
    rows = found.summary()
    assert json.loads(json.dumps(rows)) == rows
    assert [row["setting"] for row in rows] == [*SETTINGS, "best setting", "best per image"]
    lines = text_table(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    assert lines[0].split() == [
        *("setting", "images", "pri", "voi", "covering", "precision", "recall", "f", "regions", "seconds")
    ]


def test_table_lines_up() -> None:
    """Text stands to the left, numbers to the right, and what is missing is blank."""
    table = text_table([{"name": "a", "value": 1.0}, {"name": "long name", "value": None, "count": 12}])
    assert table.splitlines() == [
        "name       value  count",
        "a          1.000",
        "long name            12",
    ]
    assert text_table([]) == ""


def test_import_is_light() -> None:
    """Importing the room brings in neither SciPy nor Numba nor scikit-image."""
    code = "import sys, gmmseg.evaluate; print(*sorted({'numba', 'scipy', 'skimage'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
