"""Measures restored pictures beside scikit-image's, OpenCV's and, where the package bm3d is installed, BM3D.

Peers but BM3D have a setting that must be chosen; each takes, for each picture, whichever of several the clean picture
says is the best. All see the same noisy picture, in 8 bits as files have it, or in floats that noise takes out of
range. Ours gets nothing but the noise, or finds that out too.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from skimage import data
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle, inpaint_biharmonic

from gmmseg import read
from gmmseg.files import image_of
from gmmseg.patchwork.restoring import noise_of, restored

LUMA = (0.299, 0.587, 0.114)
SAMPLES = ("camera", "astronaut", "moon", "brick", "grass", "gravel")
GAPS = (0.5, 0.8)
Plane = np.ndarray
Peer = Callable[[Plane, float], list[Plane]]


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[dict[str, Plane], argparse.Namespace], None]] = {"noise": denoising, "gaps": filling}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="*", type=Path, help="clean pictures (six of scikit-image's, 512 × 512)")
    parser.add_argument("--only", nargs="+", choices=parts, help="leave out the other parts")
    parser.add_argument("--noise", nargs="+", type=float, default=[10, 25, 50], help="deviations, of 255 (10 25 50)")
    parser.add_argument("--floats", action="store_true", help="noise is not cut off at black and white, nor rounded")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    pictures = {path.stem: grey(read(path).pixels) for path in options.pictures}
    pictures = pictures or {name: grey(getattr(data, name)()) for name in SAMPLES}
    for name, part in parts.items():
        if options.only is None or name in options.only:
            part(pictures, options)
    return 0


def denoising(pictures: dict[str, Plane], options: argparse.Namespace) -> None:
    """PSNR of every picture, at every level of noise, by every method."""
    peers = known_peers()
    names = ["noisy", *peers, "gmmseg", "gmmseg, auto"]
    print(f"\nNoise: PSNR in dB (seconds)\n| picture | noise | {' | '.join(names)} | found |")
    print("| --- " * (len(names) + 3) + "|")
    scores: dict[float, list[list[float]]] = {}
    for name, truth in pictures.items():
        for noise in options.noise:
            given = truth + np.random.default_rng(0).normal(0, noise, truth.shape)
            if not options.floats:
                given = np.clip(np.rint(given), 0, 255)
            row, told = [peak_ratio(given, truth)], []
            for peer in peers.values():
                begun = time.perf_counter()
                tried = peer(given, noise)
                told.append((time.perf_counter() - begun) / len(tried))
                row.append(max(peak_ratio(one, truth) for one in tried))
            image = image_of(given.astype(np.float32 if options.floats else np.uint8))
            begun = time.perf_counter()
            row.append(peak_ratio(restored(image, noise).pixels[..., 0], truth))
            told.append(time.perf_counter() - begun)
            found = noise_of(image)
            row.append(peak_ratio(restored(image, found).pixels[..., 0], truth))
            scores.setdefault(noise, []).append(row)
            cells = [f"{row[0]:.2f}", *(f"{ratio:.2f} ({t:.1f})" for ratio, t in zip(row[1:], told, strict=False))]
            print(f"| {name} | {noise:g} | {' | '.join(cells)} | {row[-1]:.2f} | {found:.1f} |", flush=True)
    means = {noise: np.mean(rows, axis=0) for noise, rows in scores.items()}
    for noise, mean in [*means.items(), ("all", np.mean(list(means.values()), axis=0))]:
        print(f"| mean | {noise} | {' | '.join(f'{ratio:.2f}' for ratio in mean)} | |")


def filling(pictures: dict[str, Plane], _options: argparse.Namespace) -> None:
    """PSNR with a share of the pixels missing, scattered."""
    print("\nGaps: PSNR in dB (seconds)\n| picture | missing | biharmonic | gmmseg |\n| --- | --- | --- | --- |")
    for name, truth in pictures.items():
        for share in GAPS:
            missing = np.random.default_rng(1).random(truth.shape) < share
            given = np.where(missing, 0, np.clip(np.rint(truth), 0, 255)).astype(np.uint8)
            begun = time.perf_counter()
            theirs = 255 * inpaint_biharmonic(given / 255, missing)
            between = time.perf_counter()
            ours = restored(image_of(given), 0, missing=missing).pixels[..., 0]
            done = time.perf_counter()
            ratios = peak_ratio(theirs, truth), peak_ratio(ours, truth)
            print(
                f"| {name} | {share:.0%} | {ratios[0]:.2f} ({between - begun:.1f}) | {ratios[1]:.2f} "
                f"({done - between:.1f}) |",
                flush=True,
            )


def known_peers() -> dict[str, Peer]:
    """Those that are installed."""
    peers: dict[str, Peer] = {"non-local means": nl_means, "total variation": total_variation, "OpenCV": fast_nl_means}
    try:
        import bm3d
    except ImportError:
        print("BM3D is left out: pip install bm3d")
        return peers
    return peers | {"BM3D": lambda given, noise: [255 * bm3d.bm3d(given / 255, sigma_psd=noise / 255)]}


def nl_means(given: Plane, noise: float) -> list[Plane]:
    """scikit-image's, of four settings."""
    level = noise / 255
    return [
        255 * denoise_nl_means(given / 255, size, reach, h=h * level, sigma=level, fast_mode=True)
        for size, reach in ((5, 8), (7, 11))
        for h in (0.6, 0.8)
    ]


def total_variation(given: Plane, noise: float) -> list[Plane]:
    """scikit-image's, of four settings."""
    return [255 * denoise_tv_chambolle(given / 255, weight=weight * noise / 255) for weight in (0.6, 0.8, 1.0, 1.2)]


def fast_nl_means(given: Plane, noise: float) -> list[Plane]:
    """OpenCV's, of three settings; it takes 8 bits alone."""
    levels = np.clip(np.rint(given), 0, 255).astype(np.uint8)
    return [cv2.fastNlMeansDenoising(levels, None, h * noise, 7, 21).astype(float) for h in (0.8, 1.0, 1.2)]


def grey(pixels: np.ndarray) -> Plane:
    """One plane, from 0 to 255 : (h, w) float64."""
    values = np.asarray(pixels, np.float64)
    if values.ndim == 2 or values.shape[2] == 1:
        return values.reshape(values.shape[:2])
    return values[..., :3] @ LUMA


def peak_ratio(found: Plane, truth: Plane) -> float:
    """PSNR in dB of a picture of which full light is 255."""
    error = np.clip(found, 0, 255) - truth
    return float(10 * np.log10(255**2 / np.mean(error**2)))


if __name__ == "__main__":
    raise SystemExit(main())
