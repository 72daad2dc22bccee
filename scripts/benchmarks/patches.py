"""Measures mixtures of all 8 × 8 patches of a grey picture of 512 × 512 pixels beside scikit-learn's.

Every run is a process of its own, from its start to its end. Ours and the peers' alternate, so that a machine that
drifts drifts for all; times are medians. All mixtures are scored on the same patches, in float64.
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
from collections.abc import Callable
from pathlib import Path

import numpy as np
from skimage import data

from gmmseg.mixture import Mixture

SIDE, K = 8, 19


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[Path, argparse.Namespace], None]] = {"learning": learning}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=parts, help="leave out the other parts")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the median is taken (3)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="peers to run beside ours (all)")
    parser.add_argument("--steps", type=int, default=20, help="of EM in every run (20)")
    parser.add_argument("--noise", type=float, default=0.0, help="deviation of noise on the picture, of 255 levels (0)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.npy"
        grain = np.random.default_rng(0).normal(scale=options.noise, size=(512, 512))
        np.save(picture, (data.camera() + grain).astype(np.float32))
        for name, part in parts.items():
            if options.only is None or name in options.only:
                part(picture, options)
    return 0


CUT = """
import json, resource, sys
from pathlib import Path
import numpy as np

picture, side, k, steps, target = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
windows = np.lib.stride_tricks.sliding_window_view(np.load(picture), (side, side))
rows = windows.reshape(-1, side * side)


def tell(weights, means, covariances, steps):
    status = Path("/proc/self/status")
    if status.exists():  # the peak of this program alone; getrusage also counts the one that started it
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        peak = int(line.split()[1]) * 1024
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    np.savez(target, weights=weights, means=means, covariances=covariances)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"steps": steps, "peak": peak, "work": spent.ru_utime + spent.ru_stime}))


"""
OURS = """
from gmmseg.mixture import fit
found = fit(rows, k, start="directional", max_iterations=steps, tolerance=0.0)
tell(found.mixture.weights, found.mixture.means, found.mixture.covariances, found.iterations)
"""
THEIRS = """
import warnings
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
warnings.simplefilter("ignore", ConvergenceWarning)
model = GaussianMixture(k, covariance_type="full", max_iter=steps, tol=0.0, init_params="random_from_data",
                        random_state=0).fit(rows)
tell(model.weights_, model.means_, model.covariances_, model.n_iter_)
"""
PEERS = {
    "scikit-learn, float32": THEIRS,
    "scikit-learn, float64": "rows = rows.astype(np.float64)\n" + THEIRS,
}


def learning(picture: Path, options: argparse.Namespace) -> None:
    """So many steps of EM on all patches."""
    windows = np.lib.stride_tricks.sliding_window_view(np.load(picture), (SIDE, SIDE))
    rows = windows.reshape(-1, SIDE * SIDE).astype(np.float64)
    print(f"\nwhole process, {options.steps} steps, {len(rows):,} patches of {SIDE} × {SIDE}, k = {K}, full")
    works = {"ours": OURS} | {name: PEERS[name] for name in options.peers}
    times: dict[str, list[float]] = {name: [] for name in works}
    told: dict[str, dict[str, float]] = {}
    for _ in range(options.repeats):
        for name, work in works.items():
            target = picture.with_name(f"{name}.npz")
            words = [str(picture), str(SIDE), str(K), str(options.steps), str(target)]
            time.sleep(0.3)  # a peer's threads spin for a moment after their work is done
            begin = time.perf_counter()
            run = subprocess.run([sys.executable, "-c", CUT + work, *words], check=True, capture_output=True, text=True)
            times[name].append(time.perf_counter() - begin)
            told[name] = json.loads(run.stdout)
    ours = statistics.median(times["ours"])
    for name, own in times.items():
        with np.load(picture.with_name(f"{name}.npz")) as found:
            mixture = Mixture(**{part: found[part].astype(np.float64) for part in found.files})
        likelihood = float(mixture.log_density(rows).mean())
        seconds, last = statistics.median(own), told[name]
        print(
            f"{name:22} {seconds:7.2f} s  {seconds / ours:6.1f} x   processors' time {last['work']:7.2f} s"
            f"   peak {last['peak'] / 1e6:5.0f} MB   {last['steps']} steps   log-likelihood a patch {likelihood:9.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
