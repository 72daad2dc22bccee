"""Measures trees of regions: agreement with people beside other methods, speed, memory, and what must not matter.

DATA is a folder laid out as BSDS500 is; without it, the parts that need nobody's annotations take the sample pictures.
The other methods (`scripts/segmenters.py`) have one setting for all photos, chosen on training images by the part
`tune`, which is run only when it is asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from learning import (
    GRID,
    Photo,
    Terms,
    best_cut,
    by_hand,
    cut_scores,
    learnt_form,
    looked_at,
    products,
    scored,
    single_features,
    tree_of,
    usual_cut,
)
from segmenters import PEERS, Peer, Pixels

from gmmseg.evaluate import (
    Annotated,
    annotated,
    evaluate_people,
    evaluate_segments,
    evaluate_trees,
    text_table,
)
from gmmseg.evaluate.agreement import Agreement, mean_agreement, rand_index, variation_of_information
from gmmseg.evaluate.contingency import contingency
from gmmseg.evaluate.cuts import cuts_of
from gmmseg.evaluate.evaluation import Record
from gmmseg.evaluate.side_by_side import side_by_side
from gmmseg.parts import RegionTree, regions
from gmmseg.parts.growth.recipe import Recipe

SAMPLES = Path(__file__).resolve().parents[2] / "images"
SMALL = (481, 321)
USUAL = 0.5
PALETTES = ("palettes 1.7", "palettes 3.5", "palettes 7", "palettes 14")
TEXTURES = ("textures 4", "textures 8", "textures 16")
STEPS = ("step 1.2", "step 2.4")
SPREADS = ("log lesser spread", "log larger spread")
AREAS = ("log smaller area", "log larger area")


@dataclass(frozen=True)
class Variant:
    """Trees with something left out or changed; the odds are learnt anew, but for those by hand."""

    recipe: Recipe = field(default_factory=Recipe)
    terms: Terms = field(default_factory=products)
    learns: bool = True


def without(*features: str) -> Variant:
    """Without features; channels among them are left out of the landscape and the spectral graph as well."""
    channels = (*PALETTES, *TEXTURES, *STEPS)
    emphasis = [0.0 if name in features else weight for name, weight in zip(channels, Recipe().emphasis, strict=True)]
    return Variant(Recipe(emphasis=tuple(emphasis)), products(features))


# In this order those with the same recipe stand together, whose photos are looked at once.
ABLATION: dict[str, Variant] = {
    "as it is": Variant(),
    "no spectral distance": without("spectral distance"),
    "no palette distance": without("palette distance"),
    "no texture distance": without("texture distance"),
    "no Gaussian distance": without("Gaussian distance"),
    "no colours apart": without("lightness apart", "hue apart"),
    "no areas": without(*AREAS),
    "no shape": without("embrace", "log length"),
    "no rise": without("rise"),
    "no spreads": without(*SPREADS),
    "linear odds": Variant(terms=single_features()),
    "odds by hand": Variant(learns=False),
    "no palette channels": without(*PALETTES),
    "no texture channels": without(*TEXTURES),
    "no steps": without(*STEPS),
    "8 palettes": Variant(Recipe(palettes=8)),
    "12 textures": Variant(Recipe(textures=12)),
}


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "quality": quality,
        "boundaries": boundaries,
        "speed": speed,
        "large": large,
        "seeds": seeds,
        "threads": threads,
        "mirror": mirror,
        "brightness": brightness,
        "ablation": ablation,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="folder of the Berkeley data set (images/, groundTruth/)")
    parser.add_argument("--only", nargs="+", choices=[*parts, "tune"], help="leave out the other parts")
    parser.add_argument(
        "--split", default="val", help="of the data set, to score on: quality, boundaries, ablation (val)"
    )
    parser.add_argument(
        "--train", default="train", help="of the data set, for tune and seeds, and what ablation learns from (train)"
    )
    parser.add_argument("--limit", type=int, help="the first photos alone, in every part")
    parser.add_argument("--jobs", type=int, help="photos at once (as many as processors)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="methods beside ours (all)")
    parser.add_argument("--seeds", type=int, default=10, help="of the part seeds (10)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the median is taken (3)")
    parser.add_argument("--variants", nargs="+", choices=ABLATION, default=list(ABLATION), help="of ablation (all)")
    parser.add_argument("--megapixels", nargs="+", type=int, default=[12, 50], help="of the part large (12 50)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name, part in {**parts, "tune": tune}.items():
        if name in (options.only or parts):
            part(options)
    return 0


def photos_of(options: argparse.Namespace, split: str) -> tuple[Annotated, ...]:
    """The annotated photos; none without a data set."""
    if options.data is None:
        print("  give the folder of the data set")
        return ()
    return annotated(options.data, split)[: options.limit]


def pictures_of(options: argparse.Namespace, most: int = 20) -> list[Pixels]:
    """Pictures that need no annotations."""
    if options.data is None:
        return [sample(name, SMALL) for name in ("chelsea", "coffee")]
    return [opened(photo.path) for photo in annotated(options.data, options.train)[: options.limit or most]]


def opened(path: Path) -> Pixels:
    """The pixels of a photo."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def sample(name: str, size: tuple[int, int]) -> Pixels:
    """A sample picture of another size."""
    with Image.open(SAMPLES / f"{name}.jpg") as picture:
        return np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BICUBIC))


def cut(tree: RegionTree) -> NDArray[np.int32]:
    """The usual cut's labels; −1 is left out."""
    names = cuts_of(tree, [USUAL]).names[0]
    return np.where(tree.crumbs >= 0, names[np.maximum(tree.crumbs, 0)], -1).astype(np.int32)


def quality(options: argparse.Namespace) -> None:
    """Regions against people's, beside other methods and people."""
    print(f"\nregions against people's, {options.split}")
    against_people(options, boundaries=False)


def boundaries(options: argparse.Namespace) -> None:
    """The same with the boundaries."""
    print(f"\nboundaries against people's, {options.split}")
    against_people(options, boundaries=True)


def against_people(options: argparse.Namespace, *, boundaries: bool) -> None:
    """Our cuts, the other methods at their one setting, and people among themselves."""
    photos = photos_of(options, options.split)
    if not photos:
        return
    ours = evaluate_trees(photos, partial(regions, threads=1), boundaries=boundaries, jobs=options.jobs)
    rows: list[Record] = [{**row, "setting": f"gmmseg, {row['setting']}"} for row in ours.summary()]
    peers = {name: reading(PEERS[name]) for name in options.peers}
    if peers:
        found = evaluate_segments(photos, peers, boundaries=boundaries, jobs=options.jobs)
        rows += [row.record() for row in found.fixed()]
    among = evaluate_people(photos, boundaries=boundaries, jobs=options.jobs)
    rows += [{**row, "seconds": None} for row in among.summary()]
    print(text_table(rows))
    print(ours.words())
    for failure in ours.failures:
        print(f"  {failure.image}: {failure.reason}")


def reading(peer: Peer, setting: dict[str, float] | None = None) -> Callable[[Path], NDArray[Any]]:
    """A method that is given a file."""
    given = peer.chosen if setting is None else setting
    return lambda path: peer.segment(opened(path), **given)


def tune(options: argparse.Namespace) -> None:
    """Every setting of the other methods over training images, the best by covering first."""
    print(f"\nsettings of the other methods, {options.train}")
    photos = photos_of(options, options.train)
    for name in options.peers if photos else ():
        choices = {json.dumps(setting): setting for setting in PEERS[name].settings()}
        if len(choices) > 1:
            settings = {words: reading(PEERS[name], setting) for words, setting in choices.items()}
            found = evaluate_segments(photos, settings, jobs=options.jobs)
            rows = sorted(found.fixed(), key=lambda row: -row.agreement.covering)
            print(f"{name}\n{text_table([row.record() for row in rows[:5]])}", flush=True)


def speed(options: argparse.Namespace) -> None:
    """Seconds a photo on one processor after first use; ours and the others in turn."""
    pictures = pictures_of(options, 10)
    works: dict[str, Callable[[Pixels], object]] = {"gmmseg regions": lambda pixels: regions(pixels, threads=1)}
    works |= {name: PEERS[name] for name in options.peers}
    times: dict[str, list[float]] = {name: [] for name in works}
    with one_processor():
        for turn in range(-1, len(pictures)):
            for name, work in works.items():
                begin = time.perf_counter()
                work(pictures[max(turn, 0)])
                if turn >= 0:
                    times[name].append(time.perf_counter() - begin)
    print(f"\nseconds a photo of 481 × 321 on one processor, {len(pictures)} photos")
    for name, own in times.items():
        print(f"  {name:20} median {statistics.median(own):6.3f}   {min(own):.3f} to {max(own):.3f}")


@contextmanager
def one_processor() -> Iterator[None]:
    """Keep all threads of this process on one processor, where the system can."""
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        yield
        return
    usual = os.sched_getaffinity(0)
    own = {int(task.name): os.sched_getaffinity(int(task.name)) for task in tasks.iterdir()}
    for thread in own:
        os.sched_setaffinity(thread, {max(usual)})
    try:
        yield
    finally:
        for thread, processors in own.items():
            with suppress(ProcessLookupError):  # a thread that has ended
                os.sched_setaffinity(thread, processors)


LARGE = """
import json, sys, time
from pathlib import Path
import numpy as np
from gmmseg.parts import regions

pixels = np.load(sys.argv[1])
regions(pixels[:200, :300].copy(), threads=2)  # compiled before anything is timed
status = Path("/proc/self/status")


def peak(name):
    line = next((line for line in status.read_text().splitlines() if line.startswith(name)), "x 0")
    return int(line.split()[1]) * 1024


before = peak("VmRSS") if status.exists() else 0
begin = time.perf_counter()
tree = regions(pixels, threads=2)
seconds = time.perf_counter() - begin
most = peak("VmHWM") if status.exists() else 0
print(json.dumps({"seconds": seconds, "peak": most, "grown": most - before, "crumbs": len(tree.heights) + 1}))
"""


def large(options: argparse.Namespace) -> None:
    """Large pictures on two threads, each in a process of its own, with the most memory it ever had."""
    print("\nlarge pictures on two threads")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.npy"
        for megapixels in options.megapixels:
            np.save(path, mosaic(megapixels))
            told = []
            for _ in range(options.repeats):
                command = [sys.executable, "-c", LARGE, str(path)]
                run = subprocess.run(command, check=True, capture_output=True, text=True)
                told.append(json.loads(run.stdout))
            seconds = statistics.median(one["seconds"] for one in told)
            most, grown_by = max(one["peak"] for one in told), max(one["grown"] for one in told)
            memory = f"peak {most / 1e6:6.0f} MB, {grown_by / 1e6:6.0f} MB more than with the picture alone"
            print(f"  {megapixels:3d} megapixels {seconds:8.2f} s   {memory}   {told[0]['crumbs']} crumbs", flush=True)


def mosaic(megapixels: int) -> Pixels:
    """So many pixels, four by three, of the sample pictures in four fields, enlarged and under a camera's grain."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5 / 2) * 2
    width = round(megapixels * 1e6 / height / 2) * 2
    fields = [sample(name, (width // 2, height // 2)) for name in ("chelsea", "coffee")]
    picture = np.vstack([np.hstack(fields), np.hstack([field[::-1, ::-1] for field in fields[::-1]])])
    random = np.random.default_rng(0)
    for row in range(0, height, 256):  # bands, so that a large picture needs little more than its own memory
        band = picture[row : row + 256]
        grain = 2 * random.standard_normal(band.shape, np.float32)
        picture[row : row + 256] = np.clip(band + grain, 0, 255).astype(np.uint8)
    return picture


def seeds(options: argparse.Namespace) -> None:
    """How much hangs on the seed: the usual cut's covering over the same photos."""
    print(f"\n{options.seeds} seeds, {options.train}")
    photos = photos_of(options, options.train)
    if not photos:
        return
    rows = []
    for seed in range(options.seeds):
        found = evaluate_trees(photos, partial(regions, seed=seed, threads=1), details=[USUAL], jobs=options.jobs)
        summary = found.default()
        if summary is None:
            print(f"  seed {seed:2d}   no photo gave a tree: {found.failures[0].reason}")
            return
        own = summary.agreement
        rows.append(own)
        print(f"  seed {seed:2d}   PRI {own.pri:.4f}   VoI {own.voi:.4f}   covering {own.covering:.4f}", flush=True)
    for name in ("pri", "voi", "covering"):
        values = [getattr(row, name) for row in rows]
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        span = f"{min(values):.4f} to {max(values):.4f}"
        print(f"  {name:8} mean {statistics.mean(values):.4f}, deviation {spread:.4f}, {span}")


def threads(options: argparse.Namespace) -> None:
    """Whether one, two and three threads give the same bits."""
    pictures = [*pictures_of(options, 5), mosaic(2)]
    same = 0
    for pixels in pictures:
        trees = [regions(pixels, threads=count) for count in (1, 2, 3)]
        bits = {b"".join(part.tobytes() for part in (tree.crumbs, tree.merges, tree.heights)) for tree in trees}
        same += len(bits) == 1
    print(f"\nthe same bits with 1, 2 and 3 threads: {same} of {len(pictures)} pictures")


def mirror(options: argparse.Namespace) -> None:
    """Regions of the picture beside regions of its mirror image, mirrored back."""
    turned = [
        (cut(regions(pixels)), cut(regions(np.ascontiguousarray(pixels[:, ::-1])))[:, ::-1])
        for pixels in pictures_of(options)
    ]
    compared("the mirror image, mirrored back", turned)


def brightness(options: argparse.Namespace) -> None:
    """Regions of the picture beside regions of one that is 16 levels brighter everywhere; nothing is clipped."""
    pairs = []
    for pixels in pictures_of(options):
        dark = (pixels.astype(np.float32) * (239 / 255)).astype(np.uint8)
        pairs.append((cut(regions(dark)), cut(regions(dark + np.uint8(16)))))
    compared("16 levels brighter", pairs)


def compared(title: str, pairs: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]]) -> None:
    """How much two cuts of each picture differ."""
    tables = [contingency(*pair) for pair in pairs]
    apart = [1 - rand_index(table) for table in tables]
    bits = [variation_of_information(table) for table in tables]
    counts = np.array([[labels.max() + 1 for labels in pair] for pair in pairs])
    print(f"\n{title}, {len(pairs)} pictures, the usual cut")
    for name, values in (("pairs of pixels that differ", apart), ("variation of information", bits)):
        print(f"  {name:28} mean {np.mean(values):.4f}   median {np.median(values):.4f}   most {max(values):.4f}")
    change = np.abs(counts[:, 1] - counts[:, 0])
    print(
        f"  regions                      mean {counts[:, 0].mean():.1f} and {counts[:, 1].mean():.1f},"
        f" changed by {change.mean():.2f}, at most {change.max()}; as many in {np.mean(change == 0):.0%}"
    )


def ablation(options: argparse.Namespace) -> None:
    """What each part is worth: without it odds are learnt anew, and the cut chosen, before trees are scored."""
    print(f"\nablation: learnt from {options.train}, scored on {options.split}")
    if options.data is None:
        photos_of(options, options.train)
        return
    width = max(map(len, options.variants))
    print(f"  {'':{width}}  terms  the usual cut                   best per image          seconds   at")
    recipe: Recipe | None = None
    train: list[Photo] = []
    held: list[Photo] = []
    for name, variant in ABLATION.items():
        if name not in options.variants:
            continue
        if recipe != variant.recipe:
            train, held = [], []  # so that there is room for the next
            recipe = variant.recipe
            train, held = (looked_at(photos_of(options, part), recipe) for part in (options.train, options.split))
        if variant.learns:
            usual, _ = usual_cut(train, variant.terms, turns=2)
            form = learnt_form(train, variant.terms)
        else:
            form = by_hand()
            usual, _ = best_cut(side_by_side(train, partial(scored, form=form), None))
        trees = side_by_side(held, partial(tree_of, form=form), None)
        scores = [cut_scores(tree, photo) for tree, photo in zip(trees, held, strict=True)]
        seconds = statistics.median(tree.seconds for tree in trees)  # the first photo waits for the compiler
        own = mean_agreement([score[int(np.abs(GRID - usual).argmin())] for score in scores])
        best = mean_agreement([best_of(score) for score in scores])
        cells = [f"{one.pri:.4f} {one.voi:.4f} {one.covering:.4f}" for one in (own, best)]
        terms = np.count_nonzero(form)
        print(
            f"  {name:{width}}  {terms:5d}  {cells[0]}            {cells[1]}  {seconds:8.3f}  {usual:5.2f}", flush=True
        )


def best_of(scores: Sequence[Agreement]) -> Agreement:
    """The best of several cuts by each measure."""
    return Agreement(max(s.pri for s in scores), min(s.voi for s in scores), max(s.covering for s in scores))


if __name__ == "__main__":
    sys.exit(main())
