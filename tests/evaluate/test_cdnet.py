"""Clips in CDnet's layout, and background models run over them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_sequences import HEIGHT, WIDTH, by_brightness, made_clip, square
from PIL import Image

from gmmseg.errors import FileError, InputError
from gmmseg.evaluate import PEERS, evaluate_video, labelled_clips, text_table


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two categories of three clips."""
    made_clip(tmp_path / "night" / "b")
    made_clip(tmp_path / "day" / "c", suffix="jpg")
    made_clip(tmp_path / "day" / "a", frames=8)
    return tmp_path


def test_layout(data: Path) -> None:
    """Categories, one category and one clip are found by what is in them, in the order of their names."""
    assert [clip.title for clip in labelled_clips(data)] == ["day/a", "day/c", "night/b"]
    assert [clip.title for clip in labelled_clips(data / "day")] == ["day/a", "day/c"]
    assert [clip.title for clip in labelled_clips(data / "day" / "c")] == ["day/c"]
    assert [clip.title for clip in labelled_clips(data, "day/*")] == ["day/a", "day/c"]
    assert [clip.title for clip in labelled_clips(data, "[bc]")] == ["day/c", "night/b"]


def test_frames(data: Path) -> None:
    """Frames and truths are read by their numbers, in the frame's own type."""
    (clip,) = labelled_clips(data / "day" / "a")
    assert clip.numbers == tuple(range(1, 9))
    assert sorted(clip.truths) == list(range(3, 9))
    assert clip.pixels(1).shape == (HEIGHT, WIDTH, 3)
    np.testing.assert_array_equal(clip.truth(5, (HEIGHT, WIDTH)) == 255, square(5))
    assert clip.inside((HEIGHT, WIDTH)) is None


def test_deep_and_grey_frames(data: Path) -> None:
    """Grey frames are planes, and those of 16 bits keep them."""
    Image.fromarray(np.full((HEIGHT, WIDTH), 7000, np.uint16)).save(data / "day" / "a" / "input" / "in000001.png")
    (clip,) = labelled_clips(data / "day" / "a")
    assert clip.pixels(1).shape == (HEIGHT, WIDTH)
    assert clip.pixels(1).dtype == np.uint16
    assert clip.pixels(1).max() == 7000


def test_what_is_scored(data: Path) -> None:
    """Frames beyond the times given are not scored, and those after the last scored are not even read."""
    folder = data / "day" / "a"
    (folder / "temporalROI.txt").write_text("4 6\n")
    (folder / "groundtruth" / "gt000005.png").unlink()
    (clip,) = labelled_clips(folder)
    assert sorted(clip.truths) == [4, 6]
    assert clip.numbers == (1, 2, 3, 4, 5, 6)
    (folder / "temporalROI.txt").unlink()
    assert sorted(labelled_clips(folder)[0].truths) == [3, 4, 6, 7, 8]


def test_region(data: Path) -> None:
    """What is black in ROI.bmp is not scored."""
    inside = np.zeros((HEIGHT, WIDTH), np.uint8)
    inside[:, :16] = 255
    Image.fromarray(inside).save(data / "day" / "a" / "ROI.bmp")
    found = evaluate_video(labelled_clips(data / "day" / "a"), {"all": lambda: everything})
    assert found.scores[0].detection.tp == sum(square(n)[:, :16].sum() for n in range(3, 9))


def everything(pixels: np.ndarray) -> tuple[np.ndarray, None]:
    """All is foreground."""
    return np.ones(pixels.shape[:2], bool), None


def test_scores_and_means(data: Path) -> None:
    """A category is the mean of its clips, and all the mean of categories; the mean of clips stands beside it."""
    found = evaluate_video(labelled_clips(data), {"bright": lambda: by_brightness, "all": lambda: everything})
    assert [score.detection.rates().f for score in found.of("bright")] == [1, 1, 1]
    f = [score.detection.rates().f for score in found.of("all")]
    assert found.categories("all")["day"].f == pytest.approx((f[0] + f[1]) / 2)
    assert found.overall("all").f == pytest.approx(((f[0] + f[1]) / 2 + f[2]) / 2)
    assert found.over_clips("all").f == pytest.approx(sum(f) / 3)
    assert [row["of"] for row in found.summary()[:7]] == [
        *("day/a", "day/c", "night/b", "day", "night", "mean of categories", "mean of clips")
    ]
    assert text_table(found.summary()).count("\n") == 14
    assert len(found.frames()) == 2 * (6 + 4 + 4)


def test_models_start_anew(data: Path) -> None:
    """Each clip has a model of its own, which sees all frames in their order."""
    seen: list[list[int]] = []

    def make() -> Any:
        mine: list[int] = []
        seen.append(mine)

        def subtractor(pixels: np.ndarray) -> tuple[np.ndarray, None]:
            mine.append(int((pixels[12, :, 0] > 120).argmax()))
            return by_brightness(pixels)[0], None

        return subtractor

    evaluate_video(labelled_clips(data), {"one": make}, jobs=1)
    assert sorted(seen) == [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8]]


def test_jobs_change_nothing(data: Path) -> None:
    """Scores do not depend on how many clips are worked on at once, and progress is told of every frame."""
    told: list[tuple[int, int]] = []
    several = [
        evaluate_video(
            labelled_clips(data), {"bright": lambda: by_brightness}, jobs=jobs, progress=lambda *at: told.append(at)
        )
        for jobs in (1, 3)
    ]
    one, three = ([(s.clip, s.scored, s.reliability is None) for s in found.scores] for found in several)
    assert one == three
    assert told == [(n, 20) for n in range(1, 21)] * 2


def test_failures(data: Path) -> None:
    """A broken picture costs its clip, a model that gives up its own score, and the rest goes on."""
    (data / "day" / "a" / "input" / "in000002.png").write_bytes(b"no picture")

    def wrong(_: np.ndarray) -> tuple[np.ndarray, None]:
        return np.zeros((1, 1), bool), None

    found = evaluate_video(labelled_clips(data), {"bright": lambda: by_brightness, "wrong": lambda: wrong})
    assert [(score.clip, score.setting) for score in found.scores] == [("c", "bright"), ("b", "bright")]
    assert [(one.image, one.setting) for one in found.failures] == [
        *(("day/a", "bright"), ("day/a", "wrong"), ("day/c", "wrong"), ("night/b", "wrong"))
    ]
    assert "in000002.png" in found.failures[0].reason
    assert "frame 3: expected a mask" in found.failures[2].reason
    assert found.records()[-1]["error"] == found.failures[-1].reason


def test_sizes(data: Path) -> None:
    """A truth, a region or a frame of another size is refused."""
    small = Image.new("L", (5, 4))
    places = ("day/a/groundtruth/gt000004.png", "day/c/ROI.bmp", "night/b/input/in000005.png")
    for place in places:
        small.save(data / place)
    found = evaluate_video(labelled_clips(data), {"bright": lambda: by_brightness})
    reasons = [failure.reason for failure in found.failures]
    assert len(reasons) == 3
    assert "gt000004.png: expected the size of the frames, 32 × 24; got 5 × 4" in reasons[0]
    assert "ROI.bmp: expected the size of the frames" in reasons[1]
    assert "in one size and type, (24, 32, 3) uint8; got (4, 5) uint8 in frame 5" in reasons[2]


def test_strange_truth(data: Path) -> None:
    """A truth with values that CDnet does not have is refused."""
    Image.new("L", (WIDTH, HEIGHT), 128).save(data / "day" / "a" / "groundtruth" / "gt000004.png")
    (clip,) = labelled_clips(data / "day" / "a")
    with pytest.raises(FileError, match=r"0, 50, 85, 170 and 255; got \[128\]"):
        clip.truth(4, (HEIGHT, WIDTH))


def test_wrong_folders(data: Path) -> None:
    """A folder of another layout is told in one line."""
    with pytest.raises(FileError, match="there is no such folder"):
        labelled_clips(data / "nothing")
    with pytest.raises(FileError, match="no folder 'input'"):
        labelled_clips(data / "day" / "a" / "groundtruth")
    with pytest.raises(FileError, match=r"matches 'x\*'; got day/a, day/c, night/b"):
        labelled_clips(data, "x*")
    times = data / "day" / "a" / "temporalROI.txt"
    for text in ("", "5", "7 3", "0 3", "one two", "1 2 3"):
        times.write_text(text)
        with pytest.raises(FileError, match="as in '470 1700'"):
            labelled_clips(data)
    times.write_text("100 200")
    with pytest.raises(FileError, match="for a frame that is to be scored"):
        labelled_clips(data)
    times.unlink()
    Image.new("L", (WIDTH, HEIGHT)).save(data / "day" / "a" / "input" / "in000001.jpg")
    with pytest.raises(FileError, match=r"got in000001\.jpg and in000001\.png"):
        labelled_clips(data)
    for picture in (data / "day" / "c" / "input").iterdir():
        picture.unlink()
    with pytest.raises(FileError, match="expected frames in000001"):
        labelled_clips(data / "day" / "c")


def test_nothing_to_evaluate(data: Path) -> None:
    """Without clips, models or jobs there is nothing to do."""
    clips = labelled_clips(data)
    with pytest.raises(InputError, match="got 0 clips"):
        evaluate_video((), {"a": lambda: by_brightness})
    with pytest.raises(InputError, match="and 0 models"):
        evaluate_video(clips, {})
    with pytest.raises(InputError, match="at least one job"):
        evaluate_video(clips, {"a": lambda: by_brightness}, jobs=0)


def test_peers_do_not_depend_on_each_other(data: Path) -> None:
    """OpenCV's models give the same masks whatever ran before them, or beside them."""
    pytest.importorskip("cv2")
    runs = [evaluate_video(labelled_clips(data), PEERS, jobs=jobs).scores for jobs in (1, 2)]
    assert len(runs[0]) == 6
    assert [replace(score, seconds=0) for score in runs[0]] == [replace(score, seconds=0) for score in runs[1]]


@pytest.mark.parametrize("peer", PEERS)
def test_peers_take_deep_frames(peer: str) -> None:
    """What OpenCV's models cannot take, frames of 16 bits, they get in 8, with what matters still to be seen."""
    pytest.importorskip("cv2")
    random = np.random.default_rng(0)
    subtractor = PEERS[peer]()
    deep = [(7000 + random.normal(0, 10, (48, 64))).astype(np.uint16) for _ in range(30)]
    deep[-1][10:30, 20:40] += 200
    for pixels in deep:
        mask, probability = subtractor(pixels)
    assert probability is None
    assert mask[10:30, 20:40].mean() > 0.9
    assert mask.sum() < 450


def test_peers_without_opencv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where OpenCV is missing, one line says how to install it."""
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(InputError, match="pip install opencv-python-headless"):
        PEERS["mog2"]()
