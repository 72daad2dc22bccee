"""Measures the mixture engine against scikit-learn and against published fits.

Every time is a median; our run and the peer's alternate, so that a machine that drifts drifts for both.
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
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.datasets import load_sample_image
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, fit

K = 5


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts = {
        "iteration": iteration,
        "fit": whole_fit,
        "patches": patches,
        "large": large,
        "start": process_start,
        "truth": truth,
        "memory": memory,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[*parts, "published"], help="leave out the other parts")
    parser.add_argument("--published", type=Path, help="folder with fits.json and the data sets it names, as csv")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is taken (5)")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name, part in parts.items():
        if options.only is None or name in options.only:
            part(options.repeats)
    if options.published is not None and (options.only is None or "published" in options.only):
        return published(options.published)
    return 0


def photo() -> np.ndarray:
    """The colours of scikit-learn's sample photo : (273280, 3) uint8."""
    pixels: np.ndarray = load_sample_image("china.jpg").reshape(-1, 3)
    return pixels


def alternating(repeats: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of each work, taken in turn; one unmeasured round first."""
    times: list[list[float]] = [[] for _ in works]
    for turn in range(repeats + 1):
        for work, own in zip(works, times, strict=True):
            time.sleep(0.3)  # a peer's threads spin for a moment after their work is done
            begin = time.perf_counter()
            work()
            if turn:
                own.append(time.perf_counter() - begin)
    return times


def ours_for(rows: np.ndarray, start: Mixture, steps: int, threads: int | None = None) -> Callable[[], object]:
    """A fit of exactly so many steps."""

    def work() -> None:
        found = fit(
            rows,
            start.k,
            covariance=start.covariance,
            start=start,
            tolerance=0.0,
            max_iterations=steps,
            threads=threads,
        )
        if found.iterations != steps:
            raise RuntimeError(f"expected {steps} steps to time; the fit {found.reason} after {found.iterations}")

    return work


def theirs_for(rows: np.ndarray, start: Mixture, steps: int) -> Callable[[], object]:
    """The same by scikit-learn."""
    own = start.family.matrices(start.covariances, start.k, start.d)
    precisions = np.linalg.inv(own) if start.covariance == "full" else 1 / start.covariances
    peer = GaussianMixture(
        start.k,
        covariance_type=start.covariance,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=precisions,
        tol=0.0,
        max_iter=steps,
    )
    return lambda: peer.fit(rows)


def step_times(
    rows: np.ndarray, wide: Doubles, start: Mixture, repeats: int, steps: tuple[int, int], peer_steps: tuple[int, int]
) -> tuple[float, float, float]:
    """Seconds of one step: ours on all threads, ours on one, the peer's; each the difference of two fits."""
    works = [
        ours_for(rows, start, steps[0]),
        ours_for(rows, start, steps[1]),
        ours_for(rows, start, steps[0], 1),
        ours_for(rows, start, steps[1], 1),
        theirs_for(wide, start, peer_steps[0]),
        theirs_for(wide, start, peer_steps[1]),
    ]
    few, many, few1, many1, peer_few, peer_many = alternating(repeats, *works)
    span, peer_span = steps[1] - steps[0], peer_steps[1] - peer_steps[0]

    def median(short: list[float], long: list[float], count: int) -> float:
        return statistics.median((b - a) / count for a, b in zip(short, long, strict=True))

    return median(few, many, span), median(few1, many1, span), median(peer_few, peer_many, peer_span)


def show_steps(name: str, n: int, seconds: tuple[float, float, float]) -> None:
    """One line of the table of steps."""
    ours, single, theirs = seconds
    print(
        f"{name:36} ours {ours * 1e3:8.2f} ms   one thread {single * 1e3:8.2f} ms ({single / n * 1e9:6.2f} ns a row)"
        f"   scikit-learn {theirs * 1e3:9.1f} ms   {theirs / ours:6.0f} x"
    )


def iteration(repeats: int) -> None:
    """One step on a photo's pixels."""
    print("\none step of EM, a photo of 273,280 pixels, k = 5")
    rows = photo()
    for covariance in ("full", "diag"):
        start = fit(rows, K, covariance=covariance, max_iterations=1, start="random").mixture
        seconds = step_times(rows, rows.astype(np.float64), start, repeats, (1, 41), (1, 5))
        show_steps(covariance, len(rows), seconds)
    wide = rows / 255.0
    start = fit(wide, K, max_iterations=1, start="random").mixture
    seconds = step_times(wide, wide, start, repeats, (1, 31), (1, 5))
    show_steps("full, rows that need float64", len(rows), seconds)


def whole_fit(repeats: int) -> None:
    """Default fits to convergence."""
    print("\ndefault fit to convergence, the same photo")
    rows = photo()
    wide = rows.astype(np.float64)
    for covariance in ("full", "diag"):
        found: list[float] = []
        peers: list[float] = []

        def ours(covariance: str = covariance, found: list[float] = found) -> None:
            found.append(fit(rows, K, covariance=covariance, seed=len(found)).log_likelihood / len(rows))

        def theirs(covariance: str = covariance, peers: list[float] = peers) -> None:
            peer = GaussianMixture(K, covariance_type=covariance, random_state=len(peers)).fit(wide)
            peers.append(float(peer.score(wide)))

        mine, other = (statistics.median(times) for times in alternating(repeats, ours, theirs))
        print(
            f"{covariance:5} ours {mine * 1e3:7.1f} ms, log-likelihood a pixel {min(found):.4f} to {max(found):.4f}"
            f"   scikit-learn {other:6.2f} s, {min(peers):.4f} to {max(peers):.4f}   {other / mine:5.0f} x"
        )


def patches(repeats: int) -> None:
    """One step on grey patches."""
    print("\none step, 8 × 8 grey patches, k = 19")
    grey = np.resize(photo().mean(axis=1).astype(np.float32), (427, 640))
    rows = np.lib.stride_tricks.sliding_window_view(grey, (8, 8))[:, :360].reshape(-1, 64)
    rows = np.ascontiguousarray(rows) + np.random.default_rng(0).normal(size=(len(rows), 64)).astype(np.float32)
    start = fit(rows, 19, start="kmeans++", max_iterations=1).mixture
    seconds = step_times(rows, rows.astype(np.float64), start, repeats, (1, 3), (1, 2))
    show_steps(f"{len(rows):,} rows of 64 dimensions, full", len(rows), seconds)


def large(repeats: int) -> None:
    """One step on as many pixels as a large photo has."""
    print("\none step, 12,000,000 pixels, k = 5, full")
    small = photo()
    rows = np.resize(small, (12_000_000, 3))
    start = fit(small, K, start="random", max_iterations=1).mixture
    seconds = step_times(rows, rows.astype(np.float64), start, repeats, (1, 6), (1, 2))
    show_steps("full", len(rows), seconds)
    few, many, small_few, small_many = alternating(
        max(repeats, 7),
        ours_for(rows, start, 1),
        ours_for(rows, start, 6),
        ours_for(small, start, 1),
        ours_for(small, start, 41),
    )
    each = statistics.median((b - a) / 5 / len(rows) for a, b in zip(few, many, strict=True))
    own = statistics.median((b - a) / 40 / len(small) for a, b in zip(small_few, small_many, strict=True))
    print(f"time a row: {each * 1e9:.2f} ns, the small photo's {own * 1e9:.2f} ns: {each / own - 1:+.0%}")


CHILD = """
import time
begin = time.perf_counter()
import numpy as np
middle = time.perf_counter()
from gmmseg.mixture import fit
rows = np.random.default_rng(0).integers(0, 256, (100_000, 3)).astype(np.uint8)
fit(rows, 5, max_iterations=5)
first = time.perf_counter()
fit(rows, 5, max_iterations=5)
print((first - middle) - (time.perf_counter() - first))
"""


def process_start(repeats: int) -> None:
    """What the first fit of a process costs beyond a second one."""
    print("\nimport and first fit, beyond NumPy's own import and a second fit of the same rows")
    with tempfile.TemporaryDirectory() as folder:
        blocked = Path(folder) / "blocked"
        blocked.write_text("a file where the cache should be")

        def seconds(cache: Path) -> float:
            # The named folder, and no other that might be writable.
            environment = {
                **os.environ,
                "NUMBA_CACHE_DIR": str(cache),
                "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
            }
            run = subprocess.run(
                [sys.executable, "-c", CHILD], env=environment, check=True, capture_output=True, text=True
            )
            return float(run.stdout)

        fresh = [seconds(Path(folder) / f"cache{turn}") for turn in range(repeats)]
        later = [seconds(Path(folder) / "cache0") for _ in range(repeats)]
        without = [seconds(blocked) for _ in range(repeats)]
    for name, times in (("first use, compiling", fresh), ("later processes", later), ("no cache to write", without)):
        print(f"{name:24} {statistics.median(times):5.2f} s")


def truth(_repeats: int) -> None:
    """Tight components far from the origin, against a reference that works about them."""
    print("\nσ = 1e-4 at offsets of 1e4: largest difference from float64 EM on the rows less their offset")
    for d, n in ((3, 20_000), (64, 20_000)):
        random = np.random.default_rng(d)
        own = random.integers(2, size=n)
        near = random.normal(scale=1e-3, size=(2, d))[own] + random.normal(scale=1e-4, size=(n, d))
        rows = near + 1e4
        near = rows - 1e4
        found = fit(rows, 2, tolerance=1e-12).mixture
        peer = GaussianMixture(
            2,
            tol=1e-14,
            max_iter=2000,
            reg_covar=0,
            weights_init=found.weights,
            means_init=found.means - 1e4,
            precisions_init=np.linalg.inv(found.covariances),
        ).fit(near)
        print(
            f"d = {d:2}: weights {np.abs(found.weights - peer.weights_).max():.1e}, "
            f"means {np.abs(found.means - 1e4 - peer.means_).max() / 1e-4:.1e} σ, "
            f"covariances {np.abs(found.covariances - peer.covariances_).max() / 1e-8:.1e} σ²"
        )


MEMORY = """
import resource, sys
from pathlib import Path
import numpy as np
from gmmseg.mixture import fit


def peak():
    status = Path("/proc/self/status")
    if status.exists():  # the peak of this program alone; getrusage also counts the one that started it
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


fit(np.random.default_rng(0).random((5000, 3), np.float32), 5, max_iterations=3)
rows = np.random.default_rng(0).random((50_000_000, 3), np.float32)
before = peak()
fit(rows, 5, max_iterations=5)
print((peak() - before) / rows.nbytes, peak() / 2**30)
"""


def memory(_repeats: int) -> None:
    """Peak memory of a fit of fifty million rows."""
    run = subprocess.run([sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True)
    more, whole = (float(word) for word in run.stdout.split())
    print(f"\n50,000,000 rows of 3 float32: {more:.3f} times the rows' own memory on top of them")
    print(f"peak of the whole process {whole:.2f} GiB, of which the rows are 0.56 GiB")


def published(folder: Path) -> int:
    """Published fits of small data sets, with the default start; the number of rows that are missed."""
    print("\npublished fits: default start and settings, tolerance 1e-8; least variance in units of the data's")
    known = {("faithful", "full", 3): -1114.44, ("galaxies", "full", 3): -203.1792}
    missed = 0
    spent: list[float] = []
    for row in json.loads((folder / "fits.json").read_text()):
        data = np.loadtxt(folder / f"{row['data']}.csv", delimiter=",", skiprows=1, ndmin=2).reshape(-1, row["d"])
        begin = time.perf_counter()
        found = fit(data, row["k"], covariance=row["covariance"], tolerance=1e-8)
        spent.append(time.perf_counter() - begin)
        mixture = found.mixture
        scale = data.std(axis=0)
        matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
        least = float(np.linalg.eigvalsh(matrices / np.multiply.outer(scale, scale)).min())
        target = max(row["loglik"], known.get((row["data"], row["covariance"], row["k"]), -np.inf))
        low = found.log_likelihood < target - 0.02 or mixture.k < row["k"] or least < 1e-5
        missed += low
        print(
            f"{row['data']:9} {row['covariance']:9} k = {row['k']}  {found.log_likelihood:10.3f}"
            f"  published {row['loglik']:10.3f}  {found.log_likelihood - row['loglik']:+8.3f}  least {least:.1e}"
            f"{'  MISSED' if low else ''}"
        )
    print(f"{missed} of {len(spent)} missed; {statistics.median(spent):.2f} s a fit, {max(spent):.2f} s at most")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
