"""Clips through the background model: the same whatever happens on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from array import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_footage import RATE, frames_of, moving, written
from PIL import Image

from gmmseg import subtract_background
from gmmseg.errors import FileError, InputError
from gmmseg.footage import KINDS, Summary
from gmmseg.footage.state import is_unfinished
from gmmseg.video import BackgroundModel
from gmmseg.video.blobs import blobs_of

EVERYTHING = ",".join(kind for kind in KINDS if kind != "state")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A short clip in which a block crosses the view."""
    return written(tmp_path / "walk.mkv", moving())


def masks_by_hand(clip: Path, min_area: int = 0) -> np.ndarray:
    """What a plain loop finds."""
    model = BackgroundModel()
    found = [model.apply(frame) for frame in frames_of(clip)]
    return np.stack([blobs_of(one.mask, one.probability, min_area=min_area).mask for one in found])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def decoded(folder: Path) -> dict[str, Any]:
    """What all outputs hold, reports aside, which tell the time it took."""
    held: dict[str, Any] = {}
    for path in folder.iterdir():
        if path.suffix in {".mkv", ".mp4"}:
            held[path.name] = frames_of(path)
        elif path.suffix != ".html":
            held[path.name] = path.read_bytes()
    return held


def same(first: dict[str, Any], second: dict[str, Any], *, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert first.keys() == second.keys()
    for name, value in first.items():
        if name not in but:
            np.testing.assert_array_equal(value, second[name], err_msg=name)


def test_masks_are_those_of_a_plain_loop(clip: Path, tmp_path: Path) -> None:
    """The stages side by side write what a loop over the frames would."""
    summary = subtract_background(clip, tmp_path / "out", save="mask", min_area=20)
    expected = masks_by_hand(clip, 20)
    np.testing.assert_array_equal(frames_of(tmp_path / "out" / "walk.mask.mkv") > 0, expected)
    np.testing.assert_allclose(summary.foreground, expected.mean(axis=(1, 2)))
    assert summary.outputs == (tmp_path / "out" / "walk.mask.mkv",)
    assert (summary.frames, summary.width, summary.height, summary.interrupted) == (40, 64, 48, False)
    assert names(tmp_path / "out") == {"walk.mask.mkv"}


def test_the_block_is_found(clip: Path, tmp_path: Path) -> None:
    """Where something crosses the view there is a blob about as large, and none before."""
    subtract_background(clip, tmp_path, save="boxes", min_area=60)
    rows = np.genfromtxt(tmp_path / "walk.boxes.csv", delimiter=",", names=True)
    assert {10, 15, 20, 25, 30} <= set(rows["frame"].astype(int))
    late = rows[(rows["frame"] >= 12) & (rows["frame"] < 30)]
    assert np.median(np.abs(late["height"] - 12)) <= 3


def test_everything_at_once(clip: Path, tmp_path: Path) -> None:
    """All kinds of output are there, whole, and agree with each other."""
    out = tmp_path / "out"
    progress: list[tuple[int, int | None]] = []
    summary = subtract_background(
        clip, out, save=EVERYTHING, boxed=True, progress=lambda done, count: progress.append((done, count))
    )
    assert set(summary.outputs) == set(out.iterdir())
    assert progress == [(n + 1, 40) for n in range(40)]
    for kind, suffix in (("mask", "mkv"), ("overlay", "mp4"), ("foreground", "mp4"), ("probability", "mkv")):
        assert len(frames_of(out / f"walk.{kind}.{suffix}")) == 40
    masks = frames_of(out / "walk.mask.mkv") > 0
    areas = [int(line.split(",")[7]) for line in (out / "walk.boxes.csv").read_text().splitlines()[1:]]
    record = json.loads((out / "walk.coco.json").read_text())
    assert sum(areas) == masks.sum() == sum(one["area"] for one in record["annotations"])
    assert len(areas) == summary.boxes
    with Image.open(out / "walk.background.png") as plate:
        assert np.abs(np.asarray(plate).astype(int) - frames_of(clip)[0]).mean() < 12
    page = (out / "walk.report.html").read_text()
    assert "40 frames" in page


@pytest.mark.parametrize("formats", ["png", "gif", "webp", {"mask": "mp4", "overlay": "mkv"}])
def test_formats(clip: Path, tmp_path: Path, formats: Any) -> None:
    """Clips come in the formats that are asked for, with as many frames."""
    for _ in range(2):  # the second time in the place of the first
        summary = subtract_background(clip, tmp_path / "out", formats=formats)
    assert names(tmp_path / "out") == {path.name for path in summary.outputs}
    for path in summary.outputs:
        there = len(list(path.iterdir()) if path.is_dir() else frames_of(path))
        assert there == 40 or (path.suffix == ".webp" and there >= 30)  # frames alike are one
    if formats == "png":
        with Image.open(sorted((tmp_path / "out" / "walk.mask").iterdir())[20]) as mask:
            np.testing.assert_array_equal(np.asarray(mask) > 0, masks_by_hand(clip)[20])


def test_parts_of_a_clip(clip: Path, tmp_path: Path) -> None:
    """Times, steps and sizes are those that are asked for."""
    summary = subtract_background(clip, tmp_path, save="csv,mask", start=0.4, stop=1.2, every=2, scale=0.5)
    assert summary.times.tolist() == pytest.approx([n / 25 for n in range(10, 30, 2)])
    assert (summary.width, summary.height) == (32, 24)
    rows = (tmp_path / "walk.frames.csv").read_text().splitlines()
    assert [int(row.split(",")[0]) for row in rows[1:]] == list(range(10, 30, 2))


def test_region(clip: Path, tmp_path: Path) -> None:
    """Outside of the region nothing is found."""
    subtract_background(clip, tmp_path, save="mask", region=(0, 0, 30, 48))
    masks = frames_of(tmp_path / "walk.mask.mkv") > 0
    assert masks[:, :, :30].any()
    assert not masks[:, :, 30:].any()


def test_grey_and_deep_frames(tmp_path: Path) -> None:
    """Grey clips, and pictures of 16 bits, go through as well."""
    clip = written(tmp_path / "grey.mkv", moving(20, colour=False))
    assert subtract_background(clip, tmp_path / "out", save=EVERYTHING).frames == 20
    from gmmseg.files import write_picture

    (tmp_path / "deep").mkdir()
    for n, frame in enumerate(moving(20)):
        write_picture(tmp_path / "deep" / f"{n}.png", frame.astype(np.uint16) * 257)
    assert subtract_background(tmp_path / "deep", tmp_path / "out", save=EVERYTHING).frames == 20


def test_one_pixel_one_frame(tmp_path: Path) -> None:
    """The smallest clip has a report too."""
    (tmp_path / "dot").mkdir()
    Image.new("RGB", (1, 1)).save(tmp_path / "dot" / "0.png")
    summary = subtract_background(tmp_path / "dot", tmp_path / "out", save=EVERYTHING, formats="png")
    assert summary.frames == 1
    assert all(path.exists() for path in summary.outputs)


def stopping(at: int, pause: float = 0.003) -> tuple[Any, Any]:
    """Progress, with a pause after each frame, and a question that stop a clip once so many frames are done."""
    done = array("q", [0])

    def progress(count: int, _total: int | None) -> None:
        done[0] = count
        time.sleep(pause)

    return progress, lambda: done[0] >= at


@pytest.mark.parametrize("at", [1, 9, 70, 199])
def test_resumed_is_unbroken(tmp_path: Path, at: int) -> None:
    """Interrupted anywhere and taken up again, the outputs are those of a run in one go."""
    clip = written(tmp_path / "walk.mkv", moving(200))
    kinds = "mask,overlay,probability,background,boxes,coco,csv,report"
    whole = subtract_background(clip, tmp_path / "whole", save=kinds)
    progress, stopped = stopping(at)
    first = subtract_background(clip, tmp_path / "out", save=kinds, progress=progress, stopped=stopped)
    if first.interrupted:
        assert is_unfinished(tmp_path / "out" / "walk.state.npz")
        assert first.frames < 200
        for path in first.outputs:
            if path.suffix in {".mkv", ".mp4"}:
                assert len(frames_of(path)) == first.frames
        json.loads((tmp_path / "out" / "walk.coco.json").read_text())
    second = subtract_background(clip, tmp_path / "out", save=kinds, resume=True)
    assert not second.interrupted
    assert second.frames == whole.frames
    np.testing.assert_array_equal(second.foreground, whole.foreground)
    same(decoded(tmp_path / "whole"), decoded(tmp_path / "out"), but={"walk.overlay.mp4"})
    assert names(tmp_path / "out") == names(tmp_path / "whole")
    drawn, expected = (frames_of(tmp_path / place / "walk.overlay.mp4").astype(int) for place in ("out", "whole"))
    assert np.abs(drawn - expected).mean() < 3


def test_resumed_after_a_kill(tmp_path: Path) -> None:
    """A process that was killed leaves clips that play and a state from which the rest is as in one go."""
    clip = written(tmp_path / "walk.mkv", moving(400))
    kinds = "mask,overlay,boxes,csv"
    code = (
        "import os, sys, gmmseg\nfrom gmmseg.footage import run\nrun._INTERVAL = run._BURDEN = 0\n"
        "end = lambda done, _: os._exit(9) if done == 330 else None\n"
        f"gmmseg.subtract_background({str(clip)!r}, {str(tmp_path / 'out')!r}, save={kinds!r}, progress=end)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=False, timeout=300
    )
    assert run.returncode == 9
    assert is_unfinished(tmp_path / "out" / "walk.state.npz")
    assert len(frames_of(tmp_path / "out" / "walk.overlay.part.mp4")) > 200
    summary = subtract_background(clip, tmp_path / "out", save=kinds, resume=True)
    assert summary.frames == 400
    subtract_background(clip, tmp_path / "whole", save=kinds)
    same(decoded(tmp_path / "whole"), decoded(tmp_path / "out"), but={"walk.overlay.mp4"})
    assert names(tmp_path / "out") == names(tmp_path / "whole")


def test_other_settings_are_not_resumed(clip: Path, tmp_path: Path) -> None:
    """What was begun with other settings is refused, in words that name them."""
    progress, stopped = stopping(3, 0.03)
    subtract_background(clip, tmp_path / "out", save="mask", progress=progress, stopped=stopped)
    with pytest.raises(InputError, match="min_area 0"):
        subtract_background(clip, tmp_path / "out", save="mask", min_area=9, resume=True)
    with pytest.raises(InputError, match="save"):
        subtract_background(clip, tmp_path / "out", save="mask,boxes", resume=True)


def test_another_clip_is_not_resumed(clip: Path, tmp_path: Path) -> None:
    """A clip of another length, size, rate or name, and another region of the same size, are refused by name."""
    progress, stopped = stopping(3, 0.03)
    region = np.zeros((48, 64), np.uint8)
    region[:20] = 1
    out = tmp_path / "out"
    subtract_background(clip, out, save="mask", region=region, progress=progress, stopped=stopped)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(InputError, match=r"expected region '.*same clip and region"):
        subtract_background(clip, out, save="mask", region=region[::-1], resume=True)
    renamed = clip.with_name("other.mkv")
    renamed.write_bytes(clip.read_bytes())
    with pytest.raises(InputError, match=r"expected clip 'walk\.mkv'"):
        subtract_background(renamed, out, save="mask", region=region, stem="walk", resume=True)
    clip.write_bytes(clip.read_bytes()[:-100])
    with pytest.raises(InputError, match="expected bytes"):
        subtract_background(clip, out, save="mask", region=region, resume=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_resume_without_a_state_begins(clip: Path, tmp_path: Path) -> None:
    """Where there is nothing to go on with, a clip is done from its beginning."""
    assert subtract_background(clip, tmp_path / "out", save="mask", resume=True).frames == 40


def test_interrupt_of_the_caller(clip: Path, tmp_path: Path) -> None:
    """An interrupt leaves whole files and a state, and is raised again."""
    progress, stopped = stopping(5, 0.03)

    def interrupt() -> bool:
        if stopped():
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        subtract_background(clip, tmp_path / "out", save="mask,csv", progress=progress, stopped=interrupt)
    assert names(tmp_path / "out") == {"walk.mask.mkv", "walk.frames.csv", "walk.state.npz"}
    assert 5 <= len(frames_of(tmp_path / "out" / "walk.mask.mkv")) < 40


def test_a_trained_scene_is_used_again(clip: Path, tmp_path: Path) -> None:
    """A state that was saved starts another clip, and a rate of 0 freezes what was learnt."""
    first = subtract_background(clip, tmp_path / "out", save="state")
    (path,) = first.outputs
    assert not is_unfinished(path)
    before = BackgroundModel.load(path).background
    again = subtract_background(clip, tmp_path / "two", save="mask,state", model=path, learning_rate=0.0)
    np.testing.assert_array_equal(BackgroundModel.load(again.outputs[1]).background, before)


@pytest.mark.parametrize("kind", ["mask", "boxes"])
def test_an_error_in_writing_stops_reading(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """When an output cannot be written, that is what is raised; nothing is left, and reading has stopped."""
    import gmmseg.footage.writing as module

    read: list[int] = []
    original = module.Outputs.write

    def failing(self: Any, seen: Any) -> None:
        read.append(seen.frame.index)
        if seen.frame.index == 5:
            raise FileError("cannot write: No space left on device")
        original(self, seen)

    monkeypatch.setattr(module.Outputs, "write", failing)
    with pytest.raises(FileError, match="No space left"):
        subtract_background(clip, tmp_path / "out", save=kind)
    assert read == [0, 1, 2, 3, 4, 5]
    assert names(tmp_path / "out") == set()


def test_a_clip_that_breaks_off(clip: Path, tmp_path: Path) -> None:
    """Of a clip that was cut short what is there is worked on, and the summary says what was wrong."""
    data = clip.read_bytes()
    clip.write_bytes(data[: len(data) * 2 // 3])
    summary = subtract_background(clip, tmp_path / "out", save="mask,report")
    assert 10 < summary.frames < 40
    assert summary.trouble
    assert "could not be read to its end" in (tmp_path / "out" / "walk.report.html").read_text()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"save": "nothing"}, "kinds of output"),
        ({"every": 0}, "every"),
        ({"scale": 0}, "scale"),
        ({"scale": float("nan")}, "scale"),
        ({"min_area": -1}, "min_area"),
        ({"min_area": 2.5}, "min_area"),
        ({"learning_rate": 2}, "learning_rate"),
        ({"formats": "avi"}, "format"),
        ({"preset": "none such"}, "preset"),
        ({"preset": "indoor", "model": "scene.npz"}, "both"),
        ({"region": (0, 0, 5, 5), "model": "scene.npz"}, "both"),
        ({"start": 3.0, "stop": 2.0}, "stop"),
    ],
)
def test_what_cannot_be(clip: Path, tmp_path: Path, options: dict[str, Any], told: str) -> None:
    """Wrong options are refused before anything is written."""
    with pytest.raises(InputError, match=told):
        subtract_background(clip, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists() or names(tmp_path / "out") == set()


def test_clips_that_are_none(tmp_path: Path) -> None:
    """Missing, empty and damaged files are refused, and so is a stretch without a frame."""
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("no clip")
    for name in ("missing.mp4", "empty.mp4", "text.mp4"):
        with pytest.raises(FileError, match="cannot read"):
            subtract_background(tmp_path / name, tmp_path / "out")
    clip = written(tmp_path / "walk.mkv", moving(5))
    with pytest.raises(FileError, match="expected frames"):
        subtract_background(clip, tmp_path / "out", save=EVERYTHING, start=100.0)
    assert names(tmp_path / "out") == set()
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="file is in the way"):
        subtract_background(clip, tmp_path / "file")


def test_summary_is_plain(clip: Path, tmp_path: Path) -> None:
    """A summary shows its facts, not its arrays."""
    summary = subtract_background(clip, tmp_path / "out", save="csv")
    assert isinstance(summary, Summary)
    assert len(repr(summary)) < 400
    assert summary.seconds > 0
    assert summary.times[1] == pytest.approx(1 / float(RATE))
