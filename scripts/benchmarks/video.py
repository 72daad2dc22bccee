"""Measures the background model: agreement with people, speed beside OpenCV's MOG2, memory, and how it ages.

Every time is a median; our frame and the peer's alternate, so that a machine that drifts drifts for both.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gmmseg.evaluate import PEERS, Detection, VideoEvaluation, detection, evaluate_video, labelled_clips
from gmmseg.evaluate.video import Labelled, Subtractor
from gmmseg.video import BackgroundModel

# F of SuBSENSE (St-Charles et al. 2015) and PAWCS (2016), as published for CDnet 2014 and SBI 2015; not run here.
PUBLISHED = {
    "highway": (0.942, 0.942),
    "office": (0.964, 0.955),
    "traffic": (0.800, 0.831),
    "Board": (0.456, 0.744),
    "CAVIAR2": (0.854, 0.603),
    "CaVignal": (0.474, 0.448),
    "IBMtest2": (0.939, 0.950),
    "Snellen": (0.085, 0.033),
    "canoe": (0.738, 0.813),
}
TUNED = {
    "traffic",
    "Board",
    "CaVignal",
    "canoe",
    "highway",
}  # the defaults were chosen on these; the others are held out
# What is left out in turn, and how: arguments of BackgroundModel.
ABLATION: list[tuple[str, dict[str, Any]]] = [
    ("as it is", {}),
    ("one scale for all pixels", {"restlessness": 1.0}),
    ("a colour is worth the same however near", {"tightness": 1000.0}),
    ("weaker modes are background too", {"share": 0.1}),
    ("verdicts not smoothed", {"clean": False}),
    ("one rate", {"slow_rate": 0.01}),
    ("no gain", {"gain": False}),
    ("no alignment", {"align": False}),
    ("ghosts stay", {"ghosts": False}),
    ("no colours of swaying places", {"sway": False}),
    ("no discount for shadows", {"shadows": 1.0}),
    ("no fast start", {"warm_up": 1}),
    ("two modes", {"modes": 2}),
    ("five modes", {"modes": 5}),
]
CLASSIC = "classic"  # the preset that does what MOG2 does
SIZES = ((1920, 1080), (768, 576), (320, 240))
_WARM, _TIMED = 30, 40  # frames

Frame = NDArray[np.uint8]
Make = Callable[[], Subtractor]


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "quality": quality,
        "scenes": made,
        "ablation": ablation,
        "speed": speed,
        "classic": classic,
        "verb": verb,
        "memory": memory,
        "long": long,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=parts, help="leave out the other parts")
    parser.add_argument("--data", type=Path, help="folder laid out as CDnet, for quality and ablation")
    parser.add_argument("--clips", type=Path, help="folder of ordinary clips, for speed, classic and verb")
    parser.add_argument("--frames", type=int, default=100_000, help="of the long clip (100000)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name, part in parts.items():
        if options.only is None or name in options.only:
            part(options)
    return 0


def ours(**settings: Any) -> Make:
    """Our model with these settings, on one thread."""

    def make() -> Subtractor:
        model = BackgroundModel(**{"threads": 1, **settings})

        def foreground(pixels: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
            found = model.apply(pixels)
            return found.mask, found.probability

        return foreground

    return make


def quality(options: argparse.Namespace) -> None:
    """F on labelled clips, beside OpenCV's models in the same run and what others published."""
    if options.data is None:
        print("\nquality: give --data")
        return
    found = evaluate_video(labelled_clips(options.data), {"gmmseg": ours(), **PEERS})
    f = by_clip(found)
    print("\nF against people; SuBSENSE and PAWCS as published")
    print(f"  {'':34s}{''.join(f'{name:>9s}' for name in found.settings)} SuBSENSE   PAWCS")
    for clip, own in f.items():
        half = "tuned" if clip.split("/")[1] in TUNED else "held out"
        quoted = "".join(f"{value:9.3f}" for value in PUBLISHED.get(clip.split("/")[1], ()))
        print(f"  {clip:25s}{half:9s}{''.join(f'{own[name]:9.3f}' for name in found.settings)}{quoted}")
    groups: dict[str, Callable[[str], bool]] = {
        "mean": lambda _: True,
        "mean of baseline": lambda clip: clip.startswith("baseline/"),
        "mean of clutter": lambda clip: clip.startswith("clutter/"),
        "mean of tuned": lambda clip: clip.split("/")[1] in TUNED,
        "mean of held out": lambda clip: clip.split("/")[1] not in TUNED,
    }
    for title, belongs in groups.items():
        clips = [clip for clip in f if belongs(clip)]
        if clips:
            means = [float(np.mean([f[clip][name] for clip in clips])) for name in found.settings]
            quoted = ""
            if all(clip.split("/")[1] in PUBLISHED for clip in clips):
                both = np.mean([PUBLISHED[clip.split("/")[1]] for clip in clips], axis=0)
                quoted = "".join(f"{value:9.3f}" for value in both)
            print(f"  {title:34s}{''.join(f'{value:9.3f}' for value in means)}{quoted}")
    calibration = found.reliability("gmmseg")
    if calibration is not None:
        print(f"  probability: calibration error {calibration.error:.3f}, Brier score {calibration.brier:.3f}")
    for failure in found.failures:
        print(f"  {failure.image}, {failure.setting}: {failure.reason}")


def made(_: argparse.Namespace) -> None:
    """F on the made scenes."""
    found = evaluate_video(made_clips(), {"gmmseg": ours(), **PEERS})
    print(f"\nF on made scenes\n  {'':25s}{''.join(f'{name:>9s}' for name in found.settings)}")
    f = by_clip(found)
    for clip, own in f.items():
        print(f"  {clip:25s}{''.join(f'{own[name]:9.3f}' for name in found.settings)}")
    means = [np.mean([own[name] for own in f.values()]) for name in found.settings]
    print(f"  {'mean':25s}{''.join(f'{value:9.3f}' for value in means)}")


def ablation(options: argparse.Namespace) -> None:
    """Mean F with one part of the model left out at a time, and the clips that it is worth most on."""
    if options.data is None:
        print("\nablation: give --data")
        return
    settings = {label: ours(**changes) for label, changes in ABLATION}
    real, scenes = (by_clip(evaluate_video(clips, settings)) for clips in (labelled_clips(options.data), made_clips()))
    print("\nmean F with one part left out at a time\n" + " " * 44 + "labelled      made   loses most on")
    for label in settings:
        means = [np.mean([own[label] for own in f.values()]) for f in (real, scenes)]
        losses = {clip: own[label] - own[ABLATION[0][0]] for clip, own in {**real, **scenes}.items()}
        worst = sorted(losses, key=losses.__getitem__)[:3]
        most = ", ".join(f"{clip.split('/')[1]} {losses[clip]:+.2f}" for clip in worst if losses[clip] < -0.005)
        print(f"  {label:42s}{means[0]:8.3f}  {means[1]:8.3f}   {most}")


def by_clip(found: VideoEvaluation) -> dict[str, dict[str, float]]:
    """F of each clip in each setting; NaN where there is none."""
    clips = dict.fromkeys(f"{score.category}/{score.clip}" for score in found.scores)
    f = {clip: dict.fromkeys(found.settings, float("nan")) for clip in clips}
    for score in found.scores:
        f[f"{score.category}/{score.clip}"][score.setting] = score.detection.rates().f
    return f


@dataclass(frozen=True)
class MadeClip:
    """A made scene, held in memory, in the guise of a labelled clip."""

    name: str
    held: Mapping[int, tuple[NDArray[Any], NDArray[np.uint8]]] = field(repr=False)
    category: str = "synthetic"

    @property
    def numbers(self) -> Sequence[int]:
        """From 1."""
        return sorted(self.held)

    @property
    def truths(self) -> Mapping[int, Any]:
        """Those of which something is known."""
        return {number: truth for number, (_, truth) in self.held.items() if (truth != 170).any()}

    def pixels(self, number: int) -> NDArray[Any]:
        """A frame."""
        return self.held[number][0]

    def truth(self, number: int, _shape: tuple[int, int]) -> NDArray[np.uint8]:
        """What is true of it."""
        return self.held[number][1]

    def inside(self, _shape: tuple[int, int]) -> None:
        """Everywhere."""


def made_clips() -> list[Labelled]:
    """All made scenes."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from scenes import SCENES

    return [MadeClip(name, dict(enumerate(scene(), 1))) for name, scene in SCENES.items()]


def real_frames(folder: Path, size: tuple[int, int], count: int) -> Iterator[tuple[str, list[Frame]]]:
    """The beginning of each clip of a folder, in this size, with grain of its own in every pixel."""
    random = np.random.default_rng(0)
    grains = [random.normal(0, 2, (size[1], size[0], 3)).astype(np.float32) for _ in range(4)]
    for path in sorted(folder.iterdir()):
        capture = cv2.VideoCapture(str(path))
        frames: list[Frame] = []
        while len(frames) < count:
            there, frame = capture.read()
            if not there:
                break
            resized = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
            if frame.shape != resized.shape:  # enlarging and shrinking take the grain away
                grain = np.roll(grains[len(frames) % 4], int(random.integers(size[1])), axis=0)
                resized = np.clip(resized + grain, 0, 255).astype(np.uint8)
            frames.append(resized)
        capture.release()
        if frames:
            yield path.name, frames


def alternating(frames: list[Frame], *works: Callable[[Frame], object]) -> list[float]:
    """The median of seconds a frame of each work, taken in turn after the first frames."""
    times: list[list[float]] = [[] for _ in works]
    for turn, frame in enumerate(frames):
        for work, own in zip(works, times, strict=True):
            begin = time.perf_counter()
            work(frame)
            if turn >= _WARM:
                own.append(time.perf_counter() - begin)
    return [statistics.median(own) for own in times]


def median_filtered(model: Any) -> Callable[[Frame], object]:
    """MOG2 as people use it: its foreground without shadows, through a median filter."""
    return lambda frame: cv2.medianBlur(cv2.threshold(model.apply(frame), 200, 255, cv2.THRESH_BINARY)[1], 9)


def speed(options: argparse.Namespace) -> None:
    """Mask and probability by the default model, beside MOG2 with shadows and a median filter."""
    race(options, "the default model beside MOG2 + median 9", {}, median_filtered)


def classic(options: argparse.Namespace) -> None:
    """The classic model beside MOG2 alone, and where the two agree."""
    race(options, "the classic model beside MOG2 alone", {"preset": CLASSIC}, lambda model: model.apply)
    if options.clips is None:
        return
    print("\npixels on which the classic model and MOG2 agree")
    for name, frames in real_frames(options.clips, (640, 360), 200):
        model, peer = BackgroundModel(preset=CLASSIC, threads=1), cv2.createBackgroundSubtractorMOG2()
        same = [np.mean(model.apply(frame).mask == (peer.apply(frame) == 255)) for frame in frames]
        print(f"  {name:46s}{100 * float(np.mean(same)):8.2f} %")


def race(
    options: argparse.Namespace,
    title: str,
    settings: dict[str, Any],
    use: Callable[[Any], Callable[[Frame], object]],
) -> None:
    """Our model and MOG2 on the same frames in turn, at every size, on one and two threads."""
    if options.clips is None:
        print(f"\n{title}: give --clips")
        return
    usual = cv2.getNumThreads()
    print(f"\n{title}: ms a frame, median of {_TIMED}\n  {'':46s}  gmmseg    MOG2  faster")
    for size in SIZES:
        for name, frames in real_frames(options.clips, size, _WARM + _TIMED):
            for threads in (1, 2):
                cv2.setNumThreads(threads)
                own = BackgroundModel(**{"threads": threads, **settings})
                peer = cv2.createBackgroundSubtractorMOG2()
                mine, theirs = alternating(frames, own.apply, use(peer))
                label = f"{size[0]}×{size[1]}, {threads} thread{'s' * (threads > 1)}, {name[:20]}"
                print(f"  {label:46s}{mine * 1e3:8.2f}{theirs * 1e3:8.2f}{theirs / mine:6.1f} ×")
    cv2.setNumThreads(usual)


def verb(options: argparse.Namespace) -> None:
    """`gmmseg background` beside its stages, each alone."""
    if options.clips is None:
        print("\nthe verb: give --clips")
        return
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import stages

    stages.verb(options.clips, ["default", CLASSIC])


def memory(_: argparse.Namespace) -> None:
    """What a model of 1920 × 1080 takes: arrays that stay, the most at once, and growth of the process."""
    random = np.random.default_rng(0)
    frames = [random.integers(90, 110, (1080, 1920, 3)).astype(np.uint8) for _ in range(4)]
    small = BackgroundModel(threads=1)
    small.apply(frames[0][:64, :64].copy())  # so that compiled code does not count
    before = resident()
    model = BackgroundModel(threads=1)
    for frame in frames:
        model.apply(frame)
    grown = resident() - before
    del model
    tracemalloc.start()
    model = BackgroundModel(threads=1)
    for frame in frames:
        model.apply(frame)
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pixels = 1920 * 1080
    print("\nmemory of a model of 1920 × 1080")
    print(
        f"  arrays that stay {held / 1e6:8.1f} MB, {held / pixels:.0f} bytes a pixel; the most at once {most / 1e6:.1f}"
    )
    print(f"  growth of the process {grown / 1e6:.1f} MB, at most ever {peak() / 1e6:.1f}")


def long(options: argparse.Namespace) -> None:
    """One model over a long clip: memory, finite numbers, pixels that never let go, and F at both ends."""
    model = BackgroundModel(threads=1)
    span = max(1, min(2000, options.frames // 4))
    early, late, early_memory = Detection(), Detection(), 0
    shape = (60, 80)
    stuck, finite = np.ones(shape, bool), True
    begin = time.perf_counter()
    for number, (frame, truth) in enumerate(endless(options.frames)):
        found = model.apply(frame)
        finite &= bool(np.isfinite(found.probability).all())
        if span <= number < 2 * span:
            early += detection(found.mask, truth)
        if number == 2 * span - 1:
            early_memory = resident()
        if number >= options.frames - span:
            late += detection(found.mask, truth)
            stuck &= found.mask
    seconds = time.perf_counter() - begin
    print(f"\n{options.frames} frames of {shape[1]} × {shape[0]} through one model, {seconds:.0f} s")
    print(f"  memory of the process: {early_memory / 1e6:.1f} MB early, {resident() / 1e6:.1f} MB at the end")
    print(f"  probabilities all finite: {finite}; pixels that stayed foreground: {int(stuck.sum())}")
    print(f"  F {early.rates().f:.3f} early, {late.rates().f:.3f} at the end")


def endless(frames: int) -> Iterator[tuple[Frame, NDArray[np.uint8]]]:
    """A box that passes every two hundred frames over ground whose light changes as day and night do."""
    random = np.random.default_rng(0)
    ground = random.uniform(60, 160, (60, 80, 3)).astype(np.float32)
    grains = random.normal(0, 3, (64, 120, 160, 3)).astype(np.float32)
    cloth = random.uniform(0, 255, (20, 12, 3)).astype(np.float32)
    for number in range(frames):
        picture, truth = ground.copy(), np.zeros((60, 80), np.uint8)
        left = number % 200 - 12
        if number > 200 and 0 <= left < 68:
            top = 5 + number // 200 % 30
            picture[top : top + 20, left : left + 12] = cloth
            truth[top : top + 20, left : left + 12] = 255
        picture *= np.float32(1 + 0.3 * np.sin(2 * np.pi * number / 5000))
        y, x = random.integers(0, 60), random.integers(0, 80)
        picture += grains[random.integers(64), y : y + 60, x : x + 80]
        yield np.clip(picture, 0, 255).astype(np.uint8), truth


def resident() -> int:
    """Bytes of memory that the process has now, where the system says so; else the most it ever had."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return peak()


def peak() -> int:
    """The most bytes of memory that the process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
