"""Measures clean background plates beside the median and the mean over time, on clips with people from the first frame.

The truth is made from the clips' own masks: for each pixel the median over the frames in which nothing is marked within
a few pixels of it; pixels that are never free are left out. Measures are those of scene background initialisation:
AGE, the mean grey-level error; pEPs, the share of pixels off by more than 20; pCEPs, of those whose neighbours are off
too; PSNR. Board and CaVignal were used for tuning.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

import gmmseg

SAMPLES = Path(__file__).resolve().parents[2] / "images"
TUNED = ("Board", "CaVignal")
HELD_OUT = ("IBMtest2", "Snellen", "CAVIAR2")
_GREY = np.array([0.299, 0.587, 0.114])
_OFF = 20
_MARGIN = 3  # pixels about what is marked that may not be free either
_LEAST = 3  # free frames that make a truth
_NAMES = str.maketrans({" ": "-", "/": "-", "*": "", ",": ""})
Pixels = NDArray[Any]


def main() -> int:
    """Print a table of all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path, nargs="?", help="folder of SBI clips, each with input/ and groundtruth/")
    parser.add_argument("--save", type=Path, help="folder for the plates")
    options = parser.parse_args()
    gmmseg.plate(np.zeros((3, 4, 4, 3), np.uint8))  # compiled before anything is timed
    names = " ".join(f"{name:>7s}" for name in ("AGE", "pEPs%", "pCEPs%", "PSNR", "s"))
    print(f"{'case':26s} {'frames':>6s} {'method':8s} {names}")
    for name, frames, truth, known in cases(options.clips):
        methods: dict[str, Callable[[Pixels], Pixels]] = {
            "plate": plated,
            "median": lambda f: np.asarray(np.median(f, 0)),
            "mean": lambda f: np.asarray(f.mean(0)),
        }
        for method, work in methods.items():
            begin = time.perf_counter()
            found = work(frames)
            taken = time.perf_counter() - begin
            numbers = " ".join(f"{value:7.2f}" for value in (*scores(found, truth, known), taken))
            print(f"{name:26s} {len(frames):6d} {method:8s} {numbers}", flush=True)
            if options.save is not None:
                options.save.mkdir(parents=True, exist_ok=True)
                path = options.save / f"{name.translate(_NAMES)}-{method}.png"
                Image.fromarray(np.clip(np.rint(found), 0, 255).astype(np.uint8)).save(path)
    return 0


def plated(frames: Pixels) -> Pixels:
    """Our plate."""
    return gmmseg.plate(frames).pixels


def cases(folder: Path | None) -> Iterator[tuple[str, Pixels, Pixels, NDArray[np.bool_]]]:
    """Name, frames, true background, and where that is known."""
    for count in (60, 12, 6):
        frames, scene = made(count)
        yield f"made, {count} frames", frames, scene, np.ones(scene.shape[:2], np.bool_)
    if folder is None:
        return
    for name in (*TUNED, *HELD_OUT):
        if (folder / name).is_dir():
            frames, truth, known = loaded(folder / name)
            note = "" if name in TUNED else "*"
            yield f"{name}{note}", frames, truth, known
            for count in (20, 10, 6):
                yield f"{name}{note} thinned", evenly(frames, count), truth, known
            yield f"{name}{note} first 3/4", evenly(frames[: len(frames) * 3 // 4], 60), truth, known
            yield f"{name}{note} last 3/4", evenly(frames[len(frames) // 4 :], 60), truth, known


def made(count: int) -> tuple[Pixels, Pixels]:
    """A photo behind patches of a few colours that cover most pixels in a third to two thirds of the frames."""
    random = np.random.default_rng(1)
    with Image.open(SAMPLES / "coffee.jpg") as photo:
        scene = np.asarray(photo.convert("RGB").resize((150, 100))).astype(np.float64)
    rows, columns = np.mgrid[:100, :150]
    colours = random.integers(0, 256, (24, 3))
    frames = np.empty((count, 100, 150, 3), np.uint8)
    for t in range(count):
        frame = scene + random.normal(0, 2, scene.shape)
        for colour in colours:
            y, x, down, across = *random.integers(0, (100, 150)), *random.integers(8, 20, 2)
            inside = ((rows - y) / down) ** 2 + ((columns - x) / across) ** 2 < 1
            frame[inside] = colour + random.normal(0, 10, (int(inside.sum()), 1))
        frames[t] = np.clip(np.rint(frame), 0, 255)
    return frames, scene


def evenly(frames: Pixels, count: int) -> Pixels:
    """At most `count` of the frames."""
    count = min(count, len(frames))
    return frames[(2 * np.arange(count) + 1) * len(frames) // (2 * count)]


def loaded(folder: Path) -> tuple[Pixels, Pixels, NDArray[np.bool_]]:
    """All frames of a clip, its background by the masks, and where that is known."""
    paths = {int(path.stem[2:]): path for path in sorted((folder / "input").iterdir())}
    frames = np.stack([np.asarray(Image.open(path).convert("RGB")) for path in paths.values()])
    place = {number: i for i, number in enumerate(paths)}
    marked = {int(path.stem[2:]): path for path in sorted((folder / "groundtruth").iterdir())}
    free = np.stack(
        [
            ~ndimage.binary_dilation(np.asarray(Image.open(path).convert("L")) > 40, None, _MARGIN)
            for path in marked.values()
        ]
    )
    seen = frames[[place[number] for number in marked]].astype(np.float32)
    seen[~free] = np.nan
    known = np.asarray(free.sum(axis=0) >= _LEAST)
    seen[:, ~known] = 0
    return frames, np.nanmedian(seen, axis=0), known


def scores(found: Pixels, truth: Pixels, known: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """AGE, pEPs and pCEPs in per cent, and PSNR in dB."""
    error = np.where(known, np.abs(found @ _GREY - truth @ _GREY), 0)
    off = error > _OFF
    clustered = off & ndimage.binary_erosion(off, border_value=1)
    square = float(np.mean(np.square(found.astype(np.float64) - truth)[known]))
    of = int(np.count_nonzero(known))
    shares = [100 * int(np.count_nonzero(wrong)) / of for wrong in (off, clustered)]
    return float(error.sum()) / of, shares[0], shares[1], float(10 * np.log10(255**2 / max(square, 1e-12)))


if __name__ == "__main__":
    sys.exit(main())
