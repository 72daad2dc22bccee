"""The made scenes: truth in CDnet's values, and the same clip from the same seed."""

from __future__ import annotations

import sys
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
import samples
from PIL import Image
from scenes import SCENES

VALUES = {0, 50, 170, 255}


@pytest.mark.parametrize("name", SCENES)
def test_frames_and_truth(name: str) -> None:
    """Frames have one shape and type and a truth of their size; the first are unknown, of later ones most is known."""
    clip = list(islice(SCENES[name](), 85))
    kind, shape = (np.uint16, (120, 160)) if name == "thermal" else (np.uint8, (120, 160, 3))
    assert all(frame.dtype == kind and frame.shape == shape for frame, _ in clip)
    assert all(truth.dtype == np.uint8 and truth.shape == (120, 160) for _, truth in clip)
    assert set().union(*(np.unique(truth).tolist() for _, truth in clip)) <= VALUES
    assert all((frame != after).any() for (frame, _), (after, _) in pairwise(clip))
    assert all((truth == 170).all() for _, truth in clip[:20])
    assert np.mean([(truth == 170).mean() for _, truth in clip[80:]]) < 0.1


@pytest.mark.parametrize("name", SCENES)
def test_seed(name: str) -> None:
    """The same seed makes the same clip, another seed another."""
    first, again, other = (list(islice(SCENES[name](seed, frames=40), 3)) for seed in (3, 3, 4))
    for (frame, truth), (same, same_truth) in zip(first, again, strict=True):
        np.testing.assert_array_equal(frame, same)
        np.testing.assert_array_equal(truth, same_truth)
    assert (first[0][0] != other[0][0]).mean() > 0.5


def test_leaves_swing() -> None:
    """In the wind the values of most pixels swing by more than sixty levels."""
    grey = np.stack([frame.mean(axis=-1) for frame, _ in SCENES["waving"](frames=60)])
    assert np.median(np.ptp(grey, axis=0)) > 60


def test_most_is_covered() -> None:
    """Where people stand close to the camera they cover more than half of most frames, and no place always."""
    truths = np.stack([truth for _, truth in islice(SCENES["majority"](), 200)])[70:]
    assert np.median((truths == 255).mean(axis=(1, 2))) > 0.5
    assert (truths == 255).all(axis=0).mean() < 0.3


def test_uncovered_ground_is_background() -> None:
    """Who stood from the first frame is unknown until they go, and the ground they leave is background."""
    clip = [truth for _, truth in SCENES["ghost"](frames=150)]
    stood = clip[45][60:100, 105:116]
    assert (stood == 170).mean() > 0.5
    assert (clip[70][60:100, 105:116] == 0).all()
    assert (clip[130][78:88, 70:84] == 255).all()  # what was put down


def test_shadows_are_darker() -> None:
    """Where the truth says shadow the ground is darker than it was."""
    clip = list(SCENES["shadow"](frames=90))
    empty = clip[0][0].astype(float)
    shaded = [(frame[truth == 50] - empty[truth == 50]).mean() for frame, truth in clip if (truth == 50).sum() > 50]
    assert shaded
    assert max(shaded) < -20


def test_clips_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scene is written as CDnet lays a sequence out, without truths of which nothing is known."""
    monkeypatch.setattr(sys, "argv", ["samples.py", "clips", str(tmp_path), "--only", "thermal"])
    monkeypatch.setitem(SCENES, "thermal", lambda seed: islice(scene(seed, frames=40), 40))
    samples.main()
    folder = tmp_path / "synthetic" / "thermal"
    assert len(list((folder / "input").iterdir())) == 40
    truths = sorted(path.name for path in (folder / "groundtruth").iterdir())
    assert truths == [f"gt{number:06d}.png" for number in range(31, 41)]
    assert (folder / "temporalROI.txt").read_text() == "31 40\n"
    with Image.open(folder / "input" / "in000040.png") as picture:
        assert np.asarray(picture).max() > 255


scene = SCENES["thermal"]
