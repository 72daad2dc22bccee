"""The classic mixture: the equations, OpenCV's answers, and independence of how the work is cut up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gmmseg import BackgroundModel, InputError
from gmmseg.crew import Crew
from gmmseg.video.classic import Classic, scene
from gmmseg.video.classic.observing import GROUP
from gmmseg.video.classic.scene import ClassicScene


def clip(frames: int = 60, shape: tuple[int, ...] = (24, 61, 3), seed: int = 0) -> list[NDArray[np.uint8]]:
    """A noisy wall with a flickering lamp, a bright block that walks by, and its shadow."""
    random = np.random.default_rng(seed)
    h, w = shape[:2]
    wall = random.uniform(60, 180, shape)
    made = []
    for t in range(frames):
        frame = wall + random.normal(0, 2.5, shape)
        if t % 3 == 0:
            frame[: h // 4, : w // 4] += 40
        x = 3 * t % w
        frame[h // 3 : 2 * h // 3, x : x + w // 6] = 230 + random.normal(0, 4, frame[0, 0].shape)
        frame[2 * h // 3 :, x : x + w // 6] *= 0.7
        made.append(frame.clip(0, 255).round().astype(np.uint8))
    return made


def plain(
    pixel: NDArray[Any], modes: list[tuple[float, Any, float]], rate: float, to: Classic
) -> tuple[int, list[tuple[float, Any, float]]]:
    """One pixel by the equations: 0, 127 for a shadow or 255, and its modes (weight, mean, variance) thereafter."""
    background, matched, before = False, False, 0.0
    kept: list[tuple[float, Any, float]] = []
    for weight, old_mean, old_variance in modes:
        mean, variance = old_mean, old_variance
        now = (1 - rate) * weight - rate * to.complexity
        distance = float(np.sum((pixel - mean) ** 2))
        place = len(kept)
        if not matched:
            background = background or (before < to.background_ratio and distance < to.threshold * variance)
            if distance < to.match_threshold * variance:
                matched = True
                now += rate
                gain = rate / now
                variance = float(np.clip(variance + gain * (distance - variance), to.least_variance, to.most_variance))
                mean = mean + gain * (pixel - mean)
                place = sum(now < other[0] for other in kept)
        before += now
        if now >= rate * to.complexity:
            kept.insert(place, (now, mean, variance))
    total = sum(mode[0] for mode in kept)
    kept = [(weight / total, mean, variance) for weight, mean, variance in kept]
    if not matched:
        kept = kept[: to.modes - 1]
        kept = [((1 - rate) * weight, mean, variance) for weight, mean, variance in kept]
        share = rate if kept else 1.0
        kept.insert(sum(share < other[0] for other in kept), (share, pixel, to.start_variance))
    if background:
        return 0, kept
    before = 0.0
    for weight, mean, variance in kept:
        scale = float(pixel @ mean / (mean @ mean))
        distance = float(np.sum((pixel - scale * mean) ** 2))
        if to.shadow_threshold <= scale <= 1 and distance < to.threshold * variance * scale**2:
            return 127, kept
        before += weight
        if before > to.background_ratio:
            break
    return 255, kept


def verdicts(settings: Classic, frames: list[NDArray[Any]], threads: int = 1) -> tuple[NDArray[Any], ClassicScene]:
    """0, 127 for a shadow or 255 at every pixel of every frame, and the scene in the end."""
    scene = settings.scene(frames[0].shape, frames[0].dtype)
    with Crew(threads) as crew:
        seen = [scene.observe(frame, None, None, crew) for frame in frames]
    return np.array([np.where(one.mask, 255, np.where(one.shadow, 127, 0)) for one in seen]), scene


@pytest.mark.parametrize("changes", [{}, {"history": 20, "modes": 3, "complexity": 0.1, "background_ratio": 0.7}])
def test_it_follows_the_equations(changes: dict[str, Any]) -> None:
    """A slow reading of the papers gives the same verdict at every pixel but where rounding decides."""
    settings = Classic(**changes)
    frames = clip(50, (6, 11, 3))
    found, scene = verdicts(settings, frames)
    modes: list[list[tuple[float, Any, float]]] = [[] for _ in range(66)]
    differing = 0
    for t, frame in enumerate(frames):
        rate = 1 / min(2 * (t + 1), settings.history)
        for i, pixel in enumerate(frame.reshape(-1, 3).astype(float)):
            expected, modes[i] = plain(pixel, modes[i], rate, settings)
            differing += expected != found[t].reshape(-1)[i]
    assert differing <= 0.002 * found.size
    means = np.array([one[0][1] for one in modes]).reshape(6, 11, 3)
    assert np.mean(np.abs(scene.background() - means) < 0.01) > 0.98


@pytest.mark.parametrize("shape", [(48, 61, 3), (48, 61)])
@pytest.mark.parametrize("shadows", [True, False])
def test_it_agrees_with_opencv(shape: tuple[int, ...], shadows: bool) -> None:
    """OpenCV's MOG2 gives the same verdicts on 99.9 % of the pixels of a noisy clip."""
    cv2 = pytest.importorskip("cv2")
    frames = clip(90, shape)
    peer = cv2.createBackgroundSubtractorMOG2(detectShadows=shadows)
    expected = np.array([peer.apply(frame) for frame in frames])
    found, _ = verdicts(Classic(shadows=shadows), frames)
    assert np.mean(found == expected) > 0.999
    assert (found == 255).any()
    assert (found == 127).any() == shadows


def test_the_weights_of_a_pixel_sum_to_one() -> None:
    """Weights are positive, descend, and sum to one where the newest mode took no other's place."""
    _, scene = verdicts(Classic(), clip())
    weights = scene.arrays()["weights"].transpose(0, 2, 1).reshape(-1, 5)[: 24 * 61]
    assert (weights >= 0).all()
    assert (np.diff(weights, axis=1) <= 1e-6).all()
    room = weights[:, -1] == 0
    assert room.mean() > 0.5
    np.testing.assert_allclose(weights[room].sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(weights[~room].sum(1), 1, atol=0.1)


def test_threads_change_no_bit() -> None:
    """One thread and four give the same answers and the same memory."""
    frames = clip(12, (400, 703, 3))
    assert 400 * 703 // GROUP > 4 * scene._LEAST  # so that four are woken
    one, first = verdicts(Classic(), frames, 1)
    four, second = verdicts(Classic(), frames, 4)
    np.testing.assert_array_equal(one, four)
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name])


def test_floats_are_read_as_bytes_are() -> None:
    """Frames of float32 with whole numbers give the bits that frames of bytes give."""
    frames = clip(20)
    found, scene = verdicts(Classic(), frames)
    again, second = verdicts(Classic(), [frame.astype(np.float32) for frame in frames])
    np.testing.assert_array_equal(found, again)
    np.testing.assert_array_equal(scene.background(), second.background())


def test_a_pixel_is_alone() -> None:
    """What is told of a pixel is the same in a cutting of the clip, of any size."""
    frames = clip()
    whole, _ = verdicts(Classic(), frames)
    for rows, columns in ((slice(5, 6), slice(7, 8)), (slice(3, 20), slice(11, 50))):
        part, _ = verdicts(Classic(), [np.ascontiguousarray(frame[rows, columns]) for frame in frames])
        assert np.mean(part == whole[:, rows, columns]) > 0.999


def test_the_mask_is_where_the_probability_is_a_half() -> None:
    """Pixels of the mask and shadows are those with a probability of a half and more."""
    model = BackgroundModel("classic")
    for frame in clip(40):
        found = model.apply(frame)
        np.testing.assert_array_equal(found.mask | found.shadow, found.probability >= 0.5)
        assert not (found.mask & found.shadow).any()
        assert 0 < found.probability.min() <= found.probability.max() < 1


def test_a_rate_of_nothing_changes_no_bit() -> None:
    """Frames seen at a rate of 0 leave no trace, not even the first."""
    frames = clip(20)
    _, scene = verdicts(Classic(), frames)
    before = {name: array.copy() for name, array in scene.arrays().items()}
    with Crew(1) as crew:
        found = scene.observe(255 - frames[0], 0.0, None, crew)
        assert found.mask.mean() > 0.9
        for name, array in scene.arrays().items():
            np.testing.assert_array_equal(array, before[name])
        empty = Classic().scene(frames[0].shape, frames[0].dtype)
        assert empty.observe(frames[0], 0.0, None, crew).mask.all()
        assert (empty.uncertainty() == 1).all()


def test_a_rate_of_one_starts_again() -> None:
    """After a frame at a rate of 1 the model is one that has seen that frame alone."""
    frames = clip(20)
    _, scene = verdicts(Classic(), frames)
    with Crew(1) as crew:
        scene.observe(frames[3], 1.0, None, crew)
    _, fresh = verdicts(Classic(), [frames[3]])
    for name in ("weights", "front", "frames"):
        np.testing.assert_array_equal(scene.arrays()[name], fresh.arrays()[name])


def test_pixels_left_out_keep_what_they_knew() -> None:
    """Where nothing is modelled nothing is learnt, and the rest is as if all were."""
    frames = clip(20)
    inside = np.zeros(frames[0].shape[:2], np.bool_)
    inside[4:15, 10:50] = True
    _, partly = verdicts(Classic(), frames[:10])
    _, wholly = verdicts(Classic(), frames[:10])
    before = partly.background()
    with Crew(1) as crew:
        for frame in frames[10:]:
            some = partly.observe(frame, None, inside, crew)
            everything = wholly.observe(frame, None, None, crew)
            np.testing.assert_array_equal(some.mask[inside], everything.mask[inside])
            assert not some.mask[~inside].any()
            assert not some.shadow[~inside].any()
            assert not some.probability[~inside].any()
    np.testing.assert_array_equal(partly.background()[~inside], before[~inside])
    np.testing.assert_allclose(partly.background()[inside], wholly.background()[inside], atol=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"history": 0},
        {"modes": 0},
        {"modes": 17},
        {"threshold": float("nan")},
        {"background_ratio": 1.5},
        {"start_variance": 3.0},
        {"most_variance": "many"},
        {"shadows": 1},
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    """Every setting is checked when it is made."""
    with pytest.raises(InputError, match=f"expected .*{next(iter(changes))}"):
        Classic(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"modes": 1},
        {"modes": 16},
        {"history": 1},
        {"history": 1, "complexity": 1.0, "modes": 1},
        {"complexity": 0.0},
        {"complexity": 1.0},
        {"background_ratio": 0.01},
        {"background_ratio": 1.0},
        {"threshold": 4.0, "match_threshold": 25.0},
        {"shadow_threshold": 0.01},
    ],
)
def test_settings_at_their_bounds_work(changes: dict[str, Any]) -> None:
    """The most extreme settings give finite numbers."""
    model = BackgroundModel("classic", **changes)
    for frame in clip(25, (5, 120, 3)):
        found = model.apply(frame)
        assert np.isfinite(found.probability).all()
    assert model._scene is not None
    background = model._scene.background()
    assert background.min() >= 0
    assert background.max() <= 255
    assert model.uncertainty.min() >= 0
    assert model.uncertainty.max() <= 1
    assert asdict(Classic(**changes))  # a plain record


@pytest.mark.parametrize("value", [0, 255])
def test_flat_frames_are_background(value: int) -> None:
    """Black and white frames without noise are background from the second on."""
    model = BackgroundModel("classic")
    for t in range(5):
        found = model.apply(np.full((3, 5, 3), value, np.uint8))
        assert t == 0 or not found.mask.any()
    assert (model.background == value).all()
