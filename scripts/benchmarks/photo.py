"""Measures the segmentation of photos: whole processes, the fit alone, memory, and agreement with people.

Every time is a median; our run and the peer's alternate, so that a machine that drifts drifts for both. The large photo
is made: a sample picture enlarged to 12 megapixels under the grain of a camera, as JPEG.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import os
import platform
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

import gmmseg
from gmmseg.evaluate import annotated, evaluate_segments
from gmmseg.features import FeatureSpec, features_of
from gmmseg.files import read
from gmmseg.segmentation.fitting import fitted_mixture

SAMPLES = Path(__file__).resolve().parents[2] / "images"
GMMSEG = [sys.executable, "-m", "gmmseg"]
K = 5
_PATIENCE = 420  # seconds that scikit-learn has to reach our likelihood


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[Path, int], None]] = {
        "process": process,
        "stages": stages,
        "fit": fit_alone,
        "memory": memory,
        "small": small,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[*parts, "people"], help="leave out the other parts")
    parser.add_argument("--people", type=Path, help="folder of the Berkeley data set (images/, groundTruth/)")
    parser.add_argument("--split", default="val", help="of that data set (val)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is taken (5)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        large_photo(photo)
        for name, part in parts.items():
            if options.only is None or name in options.only:
                part(photo, options.repeats)
    if options.people is not None and (options.only is None or "people" in options.only):
        people(options.people, options.split)
    return 0


def large_photo(path: Path) -> None:
    """Write 4000 × 3000 pixels of a real scene with grain of its own in every pixel."""
    with Image.open(SAMPLES / "coffee.jpg") as sample:
        scene = sample.convert("RGB").resize((4500, 3000), Image.Resampling.BICUBIC).crop((0, 0, 4000, 3000))
    random = np.random.default_rng(0)
    pixels = np.asarray(scene).astype(np.float32)
    pixels += 2 * random.standard_normal((3000, 4000, 1), np.float32)
    pixels += random.standard_normal((3000, 4000, 3), np.float32)
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=92)


def segmenting(photo: Path, k: str) -> list[str]:
    """The command that segments a photo."""
    out = str(photo.parent / "out")
    return [*GMMSEG, "segment", str(photo), "-k", k, "--save", "labels,overlay,csv", "-o", out, "--overwrite"]


def seconds(command: list[str]) -> float:
    """What a whole process takes."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def process(photo: Path, repeats: int) -> None:
    """Gmmseg segment of the large photo as a process, beside ImageMagick's quantisation."""
    commands = {
        "gmmseg segment -k 5, labels + overlay + csv": segmenting(photo, str(K)),
        "gmmseg segment (k chosen), the same": segmenting(photo, "auto"),
    }
    convert = shutil.which("convert")
    if convert is None:
        print("ImageMagick's convert is not installed: no peer for the whole process")
    else:
        quantised = str(photo.parent / "quantised.png")
        commands["ImageMagick convert +dither -colors 5"] = [convert, str(photo), "+dither", "-colors", "5", quantised]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            taken = seconds(command)
            if turn:
                times[name].append(taken)
    print(f"\nwhole process, 12 megapixels, median of {repeats} (least to most)")
    for name, taken_all in times.items():
        print(f"  {name:46s} {statistics.median(taken_all):6.2f} s ({min(taken_all):.2f} to {max(taken_all):.2f})")


def stages(photo: Path, repeats: int) -> None:
    """Where the time goes in a warm process."""
    taken: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], object]) -> object:
        begin = time.perf_counter()
        result = work()
        taken.setdefault(name, []).append(time.perf_counter() - begin)
        return result

    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats + 1):
            image = timed("read the file", lambda: read(photo))
            timed("segment, in all", lambda image=image: gmmseg.segment(image, K))  # type: ignore[misc]
            seg = gmmseg.segment(image, K)
            timed("regions", lambda seg=seg: seg.regions)  # type: ignore[misc]
            timed("labels + overlay + csv", lambda seg=seg: seg.save(folder, "labels,overlay,csv"))  # type: ignore[misc]
    print(f"\nstages, 12 megapixels, warm, median of {repeats}")
    for name, values in taken.items():
        print(f"  {name:46s} {statistics.median(values[1:]) * 1e3:6.0f} ms")
    profile = cProfile.Profile()
    profile.runcall(gmmseg.segment, photo, K)
    rows = sorted(pstats.Stats(profile).stats.items(), key=lambda item: -item[1][2])[:8]  # type: ignore[attr-defined]
    print("  of segment, by the function itself:")
    for (file, _, name), row in rows:
        print(f"    {Path(file).name + ' ' + name:44s} {row[2] * 1e3:6.0f} ms")


def fit_alone(photo: Path, repeats: int) -> None:
    """The mixture of a decoded photo, beside scikit-learn's on all pixels up to the same likelihood."""
    from sklearn.mixture import GaussianMixture

    image = read(photo)
    spec = FeatureSpec.parse("rgb")
    times = []
    for turn in range(repeats + 1):
        begin = time.perf_counter()
        # Without a resolution, which scikit-learn knows nothing of: the likelihood alone is what both are after.
        features = replace(features_of(image, spec), resolution=np.zeros(3))
        mixture, _ = fitted_mixture([features], K)
        if turn:
            times.append(time.perf_counter() - begin)
    rows = (image.pixels.reshape(-1, 3) / np.float32(2.55)).astype(np.float32)
    ours = float(np.mean([mixture.log_density(part).mean() for part in np.array_split(rows, 12)]))
    reached: list[float] = []

    class Watched(GaussianMixture):  # type: ignore[misc]
        """Stops as soon as it is as likely as ours, or has had its time."""

        def _e_step(self, *arguments: object, **options: object) -> object:
            found = super()._e_step(*arguments, **options)
            reached.append(float(found[0]))
            if reached[-1] >= ours - 1e-3 or time.perf_counter() - begin > _PATIENCE:
                raise StopIteration
            return found

    begin = time.perf_counter()
    with contextlib.suppress(StopIteration), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Watched(K, random_state=0, max_iter=1000, tol=1e-6).fit(rows)
    taken = time.perf_counter() - begin
    outcome = "as ours within 1e-3" if reached[-1] >= ours - 1e-3 else "no nearer when it was stopped"
    own = statistics.median(times)
    print("\nfit of all 12 million pixels, k = 5, full, from the decoded photo")
    print(f"  gmmseg                   {own:8.3f} s   log-likelihood a pixel {ours:.4f}")
    print(
        f"  scikit-learn, {len(reached):3d} steps {taken:8.1f} s   log-likelihood a pixel {reached[-1]:.4f} ({outcome})"
    )
    print(f"  ratio                    {taken / own:8.0f}")


def memory(photo: Path, _: int) -> None:
    """Peak of the whole process."""
    command = segmenting(photo, str(K))
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    run = subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, text=True)
    unit = 1 if sys.platform == "darwin" else 1024
    print(f"\npeak memory of that process: {int(run.stdout) * unit / 1e6:.0f} MB")


def small(_: Path, repeats: int) -> None:
    """A picture of 481 × 321 in a warm process, by default, with its regions."""
    with Image.open(SAMPLES / "chelsea.jpg") as sample:
        pixels = np.asarray(sample.convert("RGB").resize((481, 321)))
    ks: tuple[int | str, ...] = ("auto", K)
    times: list[list[float]] = [[], []]
    for turn in range(4 * repeats + 1):
        for k, own in zip(ks, times, strict=True):
            begin = time.perf_counter()
            gmmseg.segment(pixels, k).regions  # noqa: B018 - made when it is asked for
            if turn:
                own.append(time.perf_counter() - begin)
    print("\n481 × 321 pixels, warm, labels and regions")
    for name, own in zip(("k chosen", "k = 5"), times, strict=True):
        print(f"  {name:46s} {statistics.median(own) * 1e3:6.0f} ms ({min(own) * 1e3:.0f} to {max(own) * 1e3:.0f})")


def people(folder: Path, split: str) -> None:
    """Agreement of regions with people: the default, and every fixed k."""
    settings = {f"k = {k}": k for k in ("auto", 2, 3, 4, 5, 6, 7, 8, 10, 12)}

    def segmenter(k: int | str) -> Callable[[Path], np.ndarray]:
        return lambda path: gmmseg.segment(path, k).regions

    found = evaluate_segments(annotated(folder, split), {name: segmenter(k) for name, k in settings.items()})
    print(f"\nregions against people, {split}, one fixed setting each")
    print("  setting      PRI    VoI   covering  regions")
    for row in [*found.fixed(), found.best_per_image()]:
        if row is not None:
            a = row.agreement
            regions = f"{row.regions:7.1f}" if row.regions is not None else "       "
            print(f"  {row.setting:10s} {a.pri:6.4f} {a.voi:6.3f}   {a.covering:6.4f}  {regions}")


if __name__ == "__main__":
    sys.exit(main())
