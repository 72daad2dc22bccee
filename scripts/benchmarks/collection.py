"""Measures collections: how quickly pictures are looked at, in how much memory, and whether the known kinds are found.

A hundred made photos of one and a half megapixels, skies, sunsets and forests as 60, 25 and 15, are copied under other
names until there are as many as wanted. Beside it: every picture decoded in full by Pillow, its mean colour, and
scikit-learn's mixture of these, in one thread as people write it.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
_DISTINCT = 100
_SIZE = (1000, 1500)


def main() -> int:
    """Print a line for each way to describe a picture; all are processes of their own, for their memory's sake."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=5000, metavar="N")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        step, place = options.one
        if step == "made":
            made(Path(place), options.pictures)
        else:
            measured(step, Path(place), options.threads)
        return 0
    from gmmseg.albums.kinds import FEATURES

    given = ["--pictures", str(options.pictures), *(["--threads", str(options.threads)] if options.threads else [])]
    with tempfile.TemporaryDirectory() as folder:
        for step in ("made", *FEATURES, "peers"):
            subprocess.run([sys.executable, __file__, "--one", step, folder, *given], check=True)
            if step == "made":
                names = f"{'pictures':>8s} {'a second':>8s} {'CPU ms':>7s} {'fit s':>6s} {'MB':>5s} {'purity':>6s}"
                print(f"{'method':12s} {names} shares", flush=True)
    return 0


def made(folder: Path, pictures: int) -> None:
    """Photos as 00000-KIND.jpg and so on."""
    from albums import made_album

    photos, kinds = made_album(_DISTINCT, size=_SIZE)
    first = []
    for number, (photo, kind) in enumerate(zip(photos, kinds.tolist(), strict=True)):
        first.append(folder / f"{number:05d}-{kind}.jpg")
        Image.fromarray(photo).save(first[-1], quality=88)
    for number in range(_DISTINCT, pictures):
        source = first[number % _DISTINCT]
        shutil.copyfile(source, folder / f"{number:05d}{source.name[5:]}")


def measured(name: str, folder: Path, threads: int | None) -> None:
    """One line."""
    begun, looked = time.perf_counter(), [0.0, 0.0]
    if name == "peers":
        labels, shares = by_peers(folder, looked)
    else:
        import gmmseg

        def progress(_done: int, _total: int | None) -> None:
            looked[:] = [time.perf_counter() - begun, time.process_time()]

        found = gmmseg.collection(folder, 3, features=name, threads=threads, progress=progress)
        labels, shares = found.labels, found.shares
    kinds = np.array([int(path.stem[-1]) for path in sorted(folder.iterdir())])
    agreeing = sum(int(np.bincount(kinds[labels == label]).max()) for label in np.unique(labels))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    n = len(kinds)
    print(
        f"{name:12s} {n:8d} {n / looked[0]:8.0f} {1000 * looked[1] / n:7.2f} "
        f"{time.perf_counter() - begun - looked[0]:6.1f} {memory:5d} {agreeing / n:6.3f} "
        + " ".join(f"{share:.3f}" for share in shares),
        flush=True,
    )


def by_peers(folder: Path, looked: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Labels and shares by the libraries that people would take."""
    from sklearn.mixture import GaussianMixture

    begun = time.perf_counter()
    rows = []
    for path in sorted(folder.iterdir()):
        with Image.open(path) as picture:
            rows.append(np.asarray(picture.convert("RGB")).mean(axis=(0, 1)))
    looked[:] = [time.perf_counter() - begun, time.process_time()]
    mixture = GaussianMixture(3, random_state=0).fit(np.array(rows))
    return mixture.predict(np.array(rows)), np.sort(mixture.weights_)[::-1]


if __name__ == "__main__":
    sys.exit(main())
