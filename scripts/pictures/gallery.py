"""Draws the pictures of the README, each by the library alone, from photos that are free and from what is made here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # where albums and surfaces are made

from of_patches import dictionary, patches, restored
from of_photos import masks, segments
from of_regions import regions
from of_rows import days, kmeans, steps
from of_sets import anomaly, collection
from of_subjects import cutout

IMAGES = Path(__file__).resolve().parents[2] / "images"
PICTURES: dict[str, Callable[[Path], None]] = {
    "gallery.jpg": segments,
    "masks.jpg": masks,
    "regions.jpg": regions,
    "cutout.jpg": cutout,
    "patches.jpg": patches,
    "dictionary.png": dictionary,
    "restored.jpg": restored,
    "collection.jpg": collection,
    "anomaly.jpg": anomaly,
    "em.png": steps,
    "kmeans.png": kmeans,
    "days.png": days,
}


def main() -> int:
    """Draw the pictures that are named, or all."""
    names = {Path(name).stem: name for name in PICTURES}
    parser = argparse.ArgumentParser(prog="gallery", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    wanted = parser.parse_args().names or list(names)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        parser.error(f"expected names among {', '.join(names)}; got {', '.join(unknown)}")
    for name in wanted:
        path = IMAGES / names[name]
        PICTURES[path.name](path)
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
