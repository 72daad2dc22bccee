"""Writes samples: the pictures of images/, from scikit-image where each has a public-domain dedication, or made clips.

samples.py                 the sample pictures, into images/
samples.py album FOLDER    two hundred photos of three kinds, in shares of 60, 25 and 15 of a hundred
samples.py clips FOLDER    every made scene with its truth, as CDnet lays them out, into FOLDER/synthetic
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from albums import KINDS, made_album
from PIL import Image
from scenes import SCENES

IMAGES = Path(__file__).resolve().parent.parent / "images"
QUALITY = 92


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb")
    verb = verbs.add_parser("album", help="made photos of known kinds")
    verb.add_argument("folder", type=Path)
    verb.add_argument("--pictures", type=int, default=200, metavar="N")
    verb.add_argument("--seed", type=int, default=0)
    verb = verbs.add_parser("clips", help="made scenes with their truth")
    verb.add_argument("folder", type=Path)
    verb.add_argument("--only", nargs="+", choices=SCENES, default=list(SCENES), metavar="NAME")
    verb.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.verb is None:
        pictures()
        return
    if options.verb == "album":
        album(options.folder, options.pictures, options.seed)
        return
    for name in options.only:
        clip(options.folder / "synthetic" / name, name, options.seed)


def pictures() -> None:
    """The sample pictures."""
    from skimage import data

    for name in ("coffee", "chelsea"):
        path = IMAGES / f"{name}.jpg"
        Image.fromarray(getattr(data, name)()).save(path, quality=QUALITY)
        print(path)


def album(folder: Path, pictures: int, seed: int = 0) -> None:
    """Photos, and what each shows in truth.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    photos, kinds = made_album(pictures, seed, size=(240, 360))
    lines = ["file,kind"]
    for number, (photo, kind) in enumerate(zip(photos, kinds.tolist(), strict=True)):
        name = f"{number:04d}.jpg"
        Image.fromarray(photo).save(folder / name, quality=QUALITY)
        lines.append(f"{name},{KINDS[kind]}")
    (folder / "truth.csv").write_text("\n".join(lines) + "\n", encoding="ascii")
    print(folder)


def clip(folder: Path, name: str, seed: int = 0) -> None:
    """One scene in CDnet's layout: frames of which nothing is known have no groundtruth."""
    for part in ("input", "groundtruth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    known = []
    for number, (frame, truth) in enumerate(SCENES[name](seed), 1):
        Image.fromarray(frame).save(folder / "input" / f"in{number:06d}.png", compress_level=1)
        if (truth != 170).any():
            Image.fromarray(truth).save(folder / "groundtruth" / f"gt{number:06d}.png")
            known.append(number)
    Image.fromarray(np.full(truth.shape, 255, np.uint8)).save(folder / "ROI.bmp")
    (folder / "temporalROI.txt").write_text(f"{known[0]} {known[-1]}\n", encoding="ascii")
    print(folder)


if __name__ == "__main__":
    main()
