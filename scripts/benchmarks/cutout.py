"""Measures cut-outs beside OpenCV's GrabCut, given the same box or the same marks, in the same run.

Made scenes have their exact alpha. Of photos with people's regions (--people), the subject is the largest region that
anybody drew whose box leaves a tenth of the picture, and then the largest whose box lies on one side of the picture at
most. Agreement is intersection over union, of pixels that are more than half the subject's. GrabCut goes on to ten
iterations, and is shown after five and after whichever number is the best on average. Marks are a thin line along the
middle of the subject, and a thin frame around it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy import ndimage
from skimage.morphology import skeletonize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from compositions import compositions

from gmmseg.evaluate import annotated
from gmmseg.files import image_of, read
from gmmseg.subjects.cutting import made_cutout
from gmmseg.subjects.recipe import Recipe

ITERATIONS = (1, 2, 3, 5, 7, 10)
USUAL = 5
LEFT = 0.1  # of the picture that a box leaves
FAR = 1e9
ABLATIONS: dict[str, dict[str, Any]] = {
    "all of it": {},
    "one round": {"rounds": 1},
    "one mixture of four on each side": {"sizes": (4,)},
    "no prior of place": {"place": 0.0},
    "ground counts alike near and far": {"near": FAR},
    "no tree: crumbs by themselves": {"borders": FAR},
    "pixels are what their crumbs are": {"firm": FAR, "own": 0.0, "pull": 0.0},
    "islands and pinholes stay": {"island": 0.0, "hole": 0.0},
}
Flags = np.ndarray
Row = tuple[float, float, float, float]
Hints = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Case:
    """A picture and the truth of its subject: alpha of made ones, 0 and 1 of others."""

    picture: np.ndarray
    alpha: np.ndarray
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Scores:
    """What came of all cases, one number each."""

    overlap: np.ndarray
    absolute: np.ndarray
    squared: np.ndarray
    seconds: np.ndarray


def main() -> int:
    """Print a table for each set of cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=Path, help="folder of the Berkeley data set (images/, groundTruth/)")
    parser.add_argument("--split", default="val", help="of that data set (val)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take one photo of so many (1)")
    parser.add_argument("--marks", action="store_true", help="marks in place of boxes")
    parser.add_argument("--ablation", action="store_true", help="ours alone, without one of its parts at a time")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, OpenCV {cv2.__version__}, {os.cpu_count()} processors")
    made = [Case(scene.picture, scene.alpha, scene.box) for scene in compositions()]
    sets = {f"made scenes ({len(made)})": made}
    if options.people is not None:
        for name, most in (("largest region", 4), ("largest within the picture", 1)):
            cases = list(of_people(options.people, options.split, most, options.every))
            sets[f"{options.split}, {name} ({len(cases)})"] = cases
    made_cutout(image_of(made[0].picture), made[0].box, None, None, Recipe(), 0)  # compiles
    for name, cases in sets.items():
        if options.ablation:
            ablation(name, cases)
        else:
            compare(name, cases, marks=options.marks)
    return 0


def of_people(folder: Path, split: str, most: int, every: int) -> Iterator[Case]:
    """The largest region of each photo that a box can say anything of, on `most` sides of the picture at most."""
    for one in annotated(folder, split)[::every]:
        best: tuple[int, Flags, tuple[int, int, int, int]] | None = None
        for truth in one.truths():
            height, width = truth.shape
            for number, places in enumerate(ndimage.find_objects(truth), 1):
                if places is None:
                    continue
                rows, columns = places
                box = (columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
                sides = (
                    (rows.start <= 1) + (columns.start <= 1) + (rows.stop >= height - 1) + (columns.stop >= width - 1)
                )
                if box[2] * box[3] > (1 - LEFT) * truth.size or sides > most:
                    continue
                mask = truth == number
                area = int(mask.sum())
                if best is None or area > best[0]:
                    best = area, mask, box
        if best is not None:
            yield Case(read(one.path).pixels, best[1].astype(np.float32), best[2])


def compare(name: str, cases: list[Case], *, marks: bool) -> None:
    """Both, one after the other on every case."""
    ours: list[Row] = []
    theirs: dict[int, list[Row]] = {count: [] for count in ITERATIONS}
    for case in cases:
        hints = strokes(case) if marks else (case.box, None, None)
        alpha, seconds = cut(case, hints, Recipe())
        ours.append(scored(alpha, case.alpha, seconds))
        for count, (mask, taken) in grabbed(case, hints).items():
            theirs[count].append(scored(mask, case.alpha, taken))
    rows = {count: gathered(found) for count, found in theirs.items()}
    best = max(rows, key=lambda count: rows[count].overlap.mean())
    own = gathered(ours)
    print(f"\n{name}, by {'marks' if marks else 'a box'}")
    print("| | IoU mean | median | better | SAD / 1000 | MSE | seconds |\n|---|---|---|---|---|---|---|")
    show("gmmseg cutout", own, f"{(own.overlap > rows[USUAL].overlap).sum()} of {len(cases)}")
    show(f"GrabCut, {USUAL} iterations", rows[USUAL], f"{(rows[USUAL].overlap > own.overlap).sum()} of {len(cases)}")
    show(f"GrabCut, {best}, its best", rows[best], f"{(rows[best].overlap > own.overlap).sum()} of {len(cases)}")


def ablation(name: str, cases: list[Case]) -> None:
    """Ours without one part at a time."""
    print(f"\n{name}\n| | IoU mean | median | SAD / 1000 | MSE | seconds |\n|---|---|---|---|---|---|")
    for part, changes in ABLATIONS.items():
        found: list[Row] = []
        hard: list[Row] = []
        for case in cases:
            alpha, seconds = cut(case, (case.box, None, None), replace(Recipe(), **changes))
            found.append(scored(alpha, case.alpha, seconds))
            hard.append(scored((alpha > 0.5).astype(np.float32), case.alpha, seconds))
        show(part, gathered(found))
        if not changes:
            show("a mask in place of alpha", gathered(hard))


def cut(case: Case, hints: Hints, recipe: Recipe) -> tuple[np.ndarray, float]:
    """Our alpha, and the seconds from the decoded picture to it."""
    begun = time.perf_counter()
    found = made_cutout(image_of(case.picture), *hints, recipe, 0)
    return found.alpha, time.perf_counter() - begun


def grabbed(case: Case, hints: Hints) -> dict[int, tuple[np.ndarray, float]]:
    """GrabCut's masks after so many iterations, and the seconds up to there."""
    box, foreground, background = hints
    mask = np.full(case.alpha.shape, cv2.GC_PR_BGD, np.uint8)
    if foreground is not None:
        mask[foreground], mask[background] = cv2.GC_FGD, cv2.GC_BGD
    mode = cv2.GC_INIT_WITH_RECT if box is not None else cv2.GC_INIT_WITH_MASK
    bgr = np.ascontiguousarray(case.picture[..., ::-1])
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    found, seconds = {}, 0.0
    for count in range(1, max(ITERATIONS) + 1):
        begun = time.perf_counter()
        cv2.grabCut(bgr, mask, box, *models, 1, mode)
        seconds += time.perf_counter() - begun
        mode = cv2.GC_EVAL
        if count in ITERATIONS:
            likely = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))
            if foreground is not None:
                pieces, _ = ndimage.label(likely)
                likely &= np.isin(pieces, np.unique(pieces[foreground]))
            found[count] = likely.astype(np.float32), seconds
    return found


def strokes(case: Case) -> tuple[None, Flags, Flags]:
    """A thin line along the subject's middle, and a thin frame around it."""
    inside = case.alpha > 0.5
    deep = ndimage.binary_erosion(inside, iterations=3)
    foreground = skeletonize(deep if deep.any() else inside)
    near = ndimage.binary_dilation(inside, iterations=12)
    background = ndimage.binary_dilation(near, iterations=2) & ~near
    if not background.any():
        background = ~near
    return None, foreground, background


def scored(found: np.ndarray, truth: np.ndarray, seconds: float) -> Row:
    """IoU, the sum of absolute differences, the mean of squared ones, and the seconds."""
    ours, theirs = found > 0.5, truth > 0.5
    difference = found.astype(np.float64) - truth
    overlap = (ours & theirs).sum() / max(1, (ours | theirs).sum())
    return float(overlap), float(np.abs(difference).sum() / 1000), float((difference**2).mean()), seconds


def gathered(rows: list[Row]) -> Scores:
    """The columns of many rows."""
    return Scores(*np.array(rows).T)


def show(name: str, scores: Scores, better: str | None = None) -> None:
    """One line of a table."""
    cells = [f"{scores.overlap.mean():.4f}", f"{np.median(scores.overlap):.4f}", *([] if better is None else [better])]
    cells += [f"{scores.absolute.mean():.2f}", f"{scores.squared.mean():.4f}", f"{scores.seconds.mean():.2f}"]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
