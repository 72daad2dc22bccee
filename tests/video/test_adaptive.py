"""Laws of the adaptive background model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_streets import ACTIVE, kept, made, same_memory, street, taught
from numpy.typing import NDArray
from props import ground

from gmmseg import BackgroundModel
from gmmseg.crew import Crew
from gmmseg.video.adaptive import Adaptive


def distance(x: Any, mean: Any, shadows: float) -> tuple[float, float]:
    """The squared distance of a colour from a mode, with and without the favour for shadows."""
    delta = x - mean
    square = float(mean @ mean) + 100 * len(mean)
    inner = float(delta @ mean)
    along = inner**2 / square
    across = 4 * (float(delta @ delta) - along)
    favour = shadows if -0.6 < inner / square < 0 else 1.0
    return across + favour * along, across + along


class Pixel:
    """One pixel's memory by the equations, in double precision and one colour after the other."""

    def __init__(self, settings: Adaptive) -> None:
        self.to = settings
        self.weights: list[float] = []
        self.means: list[Any] = []
        self.reach, self.raw, self.before = 0, False, False

    def shown(self, x: Any, t: int) -> tuple[bool, bool]:
        """Whether colour `x` of frame `t`, counted from 1, is foreground, and whether it is a shadow."""
        to = self.to
        if not self.weights:
            self.weights, self.means = [1.0] + (to.modes - 1) * [0.0], to.modes * [x]
            self.before = False
            return False, False
        start = 1 / t if t < to.warm_up else 0.0
        rate, pace = max(to.rate, start), max(to.pace, start)
        shadows = to.shadows if len(x) == 3 else 1.0
        most = round((to.restlessness - 1) / 0.012)
        part = len(x) / 3
        wide, tight = to.radius**2 * part, to.tightness**2 * part
        radius = np.sqrt(wide) * (1 + 0.012 * self.reach)
        first, plain = distance(x, self.means[0], shadows)
        near = first <= wide
        best, at, closest, closest_at = first, 0, first, 0
        if first > radius**2:
            for m in range(1, to.modes):
                if self.weights[m] > 0:
                    q, bare = distance(x, self.means[m], shadows)
                    if q < closest:
                        closest, closest_at = q, m
                    if self.weights[m] >= to.share * self.weights[0] and q < best:
                        best, plain, at = q, bare, m
        found = best > radius**2
        shadow = not found and plain > radius**2
        verdict = int(64 * np.sqrt(best) / radius) > 64
        slow = found and (self.before or self.reach < 9)
        if found:
            rate = max(to.slow_rate if slow else to.rate, start)
            best, at = closest, closest_at
        self.reach = min(max(self.reach + (24 if found != self.raw else -1), 0), most)
        self.raw = found
        self.weights = [weight - rate * weight for weight in self.weights]
        if near or best < wide:
            self.weights[at] = min(self.weights[at] + rate / (1 + best / tight), 1.0)
            self.means[at] = self.means[at] + pace * (x - self.means[at])
        else:
            at = to.modes - 1
            self.weights[at], self.means[at] = rate, x
        if at > 0 and self.weights[at] > self.weights[at - 1]:
            for values in (self.weights, self.means):
                values[at], values[at - 1] = values[at - 1], values[at]
        self.before = verdict
        return verdict, shadow and not verdict


def test_grey_is_colour_with_equal_channels() -> None:
    """A grey clip has the mask of the same clip in three equal channels, where nothing is taken for a shadow."""
    random = np.random.default_rng(5)
    wall = random.uniform(40, 200, (60, 80))
    grey, colour = (BackgroundModel(threads=1, shadows=1.0) for _ in range(2))
    agreed = []
    for t in range(60):
        frame = (wall + random.normal(0, 3, wall.shape)).clip(0, 255)
        frame[20:44, t : t + 18] = 230
        frame = frame.astype(np.uint8)
        masks = grey.apply(frame).mask, colour.apply(np.repeat(frame[..., None], 3, 2)).mask
        agreed.append((masks[0] == masks[1]).mean())
    assert masks[0].any()
    assert np.mean(agreed) > 0.999


@pytest.mark.parametrize("channels", [3, 1])
@pytest.mark.parametrize("changes", [{}, {"modes": 5, "share": 0.2, "warm_up": 5, "rate": 0.05, "restlessness": 1.5}])
def test_it_follows_the_equations(channels: int, changes: dict[str, Any]) -> None:
    """A slow reading of the equations gives the same verdicts at every pixel but where rounding decides."""
    alone = replace(Adaptive(align=False, gain=False, ghosts=False, sway=False, clean=False), **changes)
    frames = street(50, (28, 47, 3)[: 3 if channels == 3 else 2])
    scene = alone.scene(frames[0].shape, np.dtype(np.uint8))
    pixels = [Pixel(alone) for _ in range(28 * 47)]
    wrong, marked, shaded = 0, 0, 0
    with Crew(1) as crew:
        for t, frame in enumerate(frames):
            seen = scene.observe(frame, None, None, crew)
            slow = [
                pixel.shown(x, t + 1)
                for pixel, x in zip(pixels, frame.reshape(-1, channels).astype(float), strict=True)
            ]
            mask, shadow = np.array(slow).T.reshape(2, 28, 47)
            wrong += int((seen.mask != mask).sum() + (seen.shadow != shadow).sum())
            marked, shaded = marked + int(mask.sum()), shaded + int(shadow.sum())
    assert wrong <= 0.002 * 50 * 28 * 47
    assert marked > 1000
    assert (shaded > 50) == (channels == 3)
    means = np.array([pixel.means[0] for pixel in pixels]).reshape(scene.background().shape)
    assert np.mean(np.abs(scene.background() - means) < 0.5) > 0.99


@pytest.mark.parametrize("name", ACTIVE)
def test_threads_change_no_bit(name: str) -> None:
    """However many threads share a frame, the answer and the memory are the same to the bit."""
    frames = [np.tile(frame, (2, 2, 1)) for frame in made(name, 130)[ACTIVE[name] - 40 : ACTIVE[name] + 8]]
    models = [BackgroundModel(threads=threads) for threads in (1, 2, 3)]
    for frame in frames:
        first, *others = [model.apply(frame) for model in models]
        for other in others:
            for part in ("mask", "probability", "shadow"):
                np.testing.assert_array_equal(getattr(first, part), getattr(other, part))
    for model in models:
        same_memory(kept(models[0]), kept(model))
        model.close()


@pytest.mark.parametrize("name", ACTIVE)
def test_saved_in_midstream_it_goes_on_to_the_bit(name: str, tmp_path: Path) -> None:
    """A model saved while it looks at ghosts, undoes shaking or judges what sways goes on as if never saved."""
    frames = made(name, 130)[: ACTIVE[name] + 15]
    model = taught(frames[: ACTIVE[name]])
    memory = kept(model)
    active = {
        "jitter": (memory["points"] >= 0).any(),
        "waving": memory["sways"].any(),
        "ghost": memory["looks"].any(),
    }
    assert active[name]
    model.save(tmp_path / "model.npz")
    loaded = BackgroundModel.load(tmp_path / "model.npz", threads=1)
    same_memory(memory, kept(loaded))
    for frame in frames[ACTIVE[name] :]:
        one, other = model.apply(frame), loaded.apply(frame)
        np.testing.assert_array_equal(one.mask, other.mask)
        np.testing.assert_array_equal(one.probability, other.probability)
        np.testing.assert_array_equal(one.shadow, other.shadow)
    same_memory(kept(model), kept(loaded))


@pytest.mark.parametrize("name", ACTIVE)
def test_frozen_it_keeps_every_bit(name: str) -> None:
    """At a rate of 0 nothing that is remembered changes, and a frame shown twice has the same answer."""
    frames = made(name, 130)[: ACTIVE[name] + 12]
    model = taught(frames[: ACTIVE[name]])
    before = kept(model)
    for frame in frames[ACTIVE[name] :]:
        one = model.apply(frame, 0.0)
        model.freeze()
        other = model.apply(frame, 0.7)
        model.thaw()
        np.testing.assert_array_equal(one.mask, other.mask)
        np.testing.assert_array_equal(one.probability, other.probability)
    same_memory(before, kept(model))


def test_a_model_that_never_learnt_finds_nothing() -> None:
    """Where nothing is known nothing is foreground."""
    model = BackgroundModel()
    for frame in street(3):
        found = model.apply(frame, 0.0)
        assert not found.mask.any()
        assert not found.shadow.any()
    assert (model.uncertainty == 1).all()
    assert not model.background.any()


def test_at_a_rate_of_one_the_frame_is_the_background() -> None:
    """At a rate of 1 all but the frame is forgotten, however long the model has learnt."""
    model = taught(made("waving", 60))
    frame = made("ghost", 60)[-1]
    found = model.apply(frame, 1.0)
    assert not found.mask.any()
    np.testing.assert_array_equal(model.background, frame)
    other = BackgroundModel(threads=1)
    other.apply(frame)
    same_memory(kept(model), kept(other))


def test_at_a_rate_of_one_in_a_region_the_rest_is_kept() -> None:
    """At a rate of 1 in a region the frame is the background there, and nothing changes elsewhere."""
    clip = street(40)
    model, region = taught(clip), np.zeros((48, 70), np.bool_)
    region[10:30, 20:50] = True
    before = model.background
    frame = np.where(region[..., None], 255 - clip[0], clip[0])
    model.apply(frame, 1.0, region=region)
    np.testing.assert_array_equal(model.background[region], frame[region])
    np.testing.assert_array_equal(model.background[~region], before[~region])
    model.apply(clip[0])
    assert np.abs(model.background[~region].astype(int) - before[~region]).mean() < 2


@pytest.mark.parametrize(("down", "right", "gain"), [(3, -4, 1), (-5, 0, 1), (11, 7, 1), (0, 0, 0.7), (2, -1, 1.15)])
def test_a_shaken_camera(down: int, right: int, gain: float) -> None:
    """The mask of a frame that a shaken camera took, in another light, is that of the one it should have taken."""
    random = np.random.default_rng(0)
    view = ground(random, 160, 200)

    def taken(at: int, along: int, *, thing: bool) -> NDArray[np.uint8]:
        picture = view.copy()
        if thing:
            picture[70:94, 90:110] = (230, 60, 40)
        seen = picture[20 + at : 140 + at, 20 + along : 180 + along]
        return (seen + random.normal(0, 2, seen.shape)).clip(0, 255).astype(np.uint8)

    clip = [taken(0, 0, thing=False) for _ in range(30)]
    still, shaken = taught(clip), taught(clip)
    expected = still.apply(taken(0, 0, thing=True)).mask
    found = shaken.apply((gain * taken(down, right, thing=True)).clip(0, 255).astype(np.uint8)).mask
    assert 350 < expected.sum() < 600
    moved = np.roll(expected, (-down, -right), (0, 1))
    assert (found != moved).mean() < 0.004  # along the border, where noise decides


@pytest.mark.parametrize("gain", [0.8, 1.2])
def test_the_whole_picture_darker_or_brighter(gain: float) -> None:
    """A frame darker or brighter all over has nearly the mask it would have had."""
    frames = made("ghost", 40)
    plain, other = taught(frames), taught(frames)
    frame = frames[-1].copy()
    frame[40:70, 30:50] = (200, 40, 160)
    expected = plain.apply(frame).mask
    found = other.apply((gain * frame).clip(0, 255).round().astype(np.uint8)).mask
    assert expected[42:68, 32:48].all()
    assert (found != expected).mean() < 0.01


def test_outside_of_a_region_nothing_is_learnt_or_found() -> None:
    """Votes of neighbours do not reach out of a region, and nothing is learnt outside of it."""
    small = np.zeros((20, 30), np.bool_)
    small[4:15, 3:20] = True
    for clean in (True, False):
        model = BackgroundModel(region=small, clean=clean)
        model.apply(np.full((20, 30), 100, np.uint8))
        found = model.apply(np.full((20, 30), 30, np.uint8), 0.0)
        assert found.mask[small].mean() > 0.8
        assert not found.probability[~small].any()
    clip = street(40)
    region = np.zeros((48, 70), np.bool_)
    region[:30, :40] = True
    region[20:, 5:60] = True  # with a corner that neighbours could fill
    region[22:34, 30:34] = False
    model = BackgroundModel(region=region, threads=1)
    for t, frame in enumerate(clip):
        shown = frame if t < 30 else 255 - frame
        found = model.apply(shown)
        assert not found.mask[~region].any()
        assert not found.shadow[~region].any()
        assert not found.probability[~region].any()
    assert found.mask[region].any()
    assert (model.uncertainty[~region] == 1).all()
    assert not model.background[~region].any()


@pytest.mark.parametrize("name", ACTIVE)
def test_forgetting_all_makes_a_new_scene(name: str) -> None:
    """A scene that forgets all of the picture is one that has seen nothing."""
    frames = made(name, 130)[: ACTIVE[name]]
    model = taught(frames)
    model.reset(np.ones((120, 160), np.bool_))
    fresh = Adaptive().scene((120, 160, 3), np.dtype(np.uint8))
    memory = kept(model)
    for kind, array in fresh.arrays().items():
        np.testing.assert_array_equal(memory[kind], array, err_msg=kind)


def test_what_is_forgotten_is_learnt_anew() -> None:
    """After part of the picture is forgotten the next frame is the background there, also where leaves sway."""
    frames = made("waving", 60)
    model = taught(frames)
    region = np.zeros((120, 160), np.bool_)
    region[30:90, 40:101] = True
    model.reset(region)
    strange = np.where(region[..., None], 255 - frames[0], frames[-1])
    found = model.apply(strange)
    assert not found.mask[35:85, 45:95].any()
    np.testing.assert_array_equal(model.background[region], strange[region])


def test_sixteen_bits_are_eight_bits() -> None:
    """A clip in 16 bits and as floats has the masks of the clip in 8 bits."""
    eight, wide, unit = (BackgroundModel(levels=levels) for levels in (None, (0, 65535), None))
    for frame in street(60):
        expected = eight.apply(frame).mask
        assert (wide.apply(frame.astype(np.uint16) * 257).mask == expected).mean() > 0.99
        assert (unit.apply(frame.astype(np.float32) / 255).mask == expected).mean() > 0.99
    assert expected.any()
