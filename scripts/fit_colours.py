"""Fits a Gaussian mixture to the colours of a photo, prints it, and draws it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from PIL import Image

from gmmseg.atomic import appearing
from gmmseg.mixture import Fit, fit

SAMPLE = Path(__file__).resolve().parent.parent / "images" / "coffee.jpg"


def main() -> int:
    """Run on the photo and the number of components given, or on a sample."""
    photo = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    try:
        k = int(sys.argv[2]) if len(sys.argv) > 2 else 5
        with Image.open(photo) as image:
            pixels = np.asarray(image.convert("RGB"))
        rows = pixels.reshape(-1, 3)
        fit(rows, 1)  # compiles the kernels on their first use, so that the time below is the fit's alone
        start = time.perf_counter()
        found = fit(rows, k)
        seconds = time.perf_counter() - start
        report(photo, pixels, found, seconds)
        out = Path(f"{photo.stem}-mixture.png").absolute()
        draw(pixels, found, out)
        print(f"\ndrawn in {out}")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        print(f"fit_colours: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fit_colours: interrupted", file=sys.stderr)
        return 130
    return 0


def report(photo: Path, pixels: np.ndarray, found: Fit, seconds: float) -> None:
    """Print the mixture, the largest component first."""
    height, width, _ = pixels.shape
    mixture = found.mixture
    print(f"{photo.name}: {width} × {height} pixels, {mixture.k} components in {seconds * 1e3:.0f} ms")
    print(
        f"{found.iterations} steps, {found.reason}; log-likelihood a pixel {found.log_likelihood / width / height:.4f}"
    )
    for note in found.notes:
        print(f"note: {note}")
    print("\n  share   mean colour         standard deviations")
    for c in np.argsort(-mixture.weights):
        mean = " ".join(f"{v:5.1f}" for v in mixture.means[c])
        spread = " ".join(f"{v:5.1f}" for v in np.sqrt(np.diagonal(mixture.covariances[c])))
        print(f"  {mixture.weights[c]:5.1%}   {mean}   {spread}")


def draw(pixels: np.ndarray, found: Fit, out: Path) -> None:
    """The photo, each pixel in its expected colour, and the components over the pixels' colours."""
    mixture = found.mixture
    rows = pixels.reshape(-1, 3)
    expected = mixture.responsibilities(rows) @ np.clip(mixture.means, 0, 255) / 255
    figure = Figure(figsize=(15, 4.2), layout="constrained")
    axes = figure.subplots(1, 3)
    axes[0].imshow(pixels)
    axes[0].set_title("photo")
    axes[1].imshow(expected.reshape(pixels.shape))
    axes[1].set_title("each pixel in its expected colour")
    for panel in axes[:2]:
        panel.axis("off")
    few = rows[:: max(1, len(rows) // 6000)]
    axes[2].scatter(few[:, 0], few[:, 2], s=3, c=few / 255, linewidths=0)
    for c in range(mixture.k):
        own = mixture.covariances[c][np.ix_([0, 2], [0, 2])]
        values, vectors = np.linalg.eigh(own)
        angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
        axes[2].add_patch(
            Ellipse(
                mixture.means[c][[0, 2]],
                *(4 * np.sqrt(values[::-1])),
                angle=angle,
                facecolor=(*np.clip(mixture.means[c] / 255, 0, 1), 0.35),
                edgecolor="black",
                linewidth=1,
            )
        )
    axes[2].set(xlim=(0, 255), ylim=(0, 255), xlabel="red", ylabel="blue", aspect="equal")
    axes[2].set_title("components, two standard deviations")
    with appearing(out) as file:
        figure.savefig(file, format="png", dpi=100)


if __name__ == "__main__":
    sys.exit(main())
