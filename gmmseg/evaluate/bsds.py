"""The layout of the Berkeley segmentation data set (BSDS300, BSDS500): photos with what people drew on them.

images/SPLIT/ID.jpg       the photo
groundTruth/SPLIT/ID.mat  a MATLAB cell with one struct an annotator: Segmentation and Boundaries
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import FileError

_PHOTOS = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


@dataclass(frozen=True)
class Annotated:
    """A photo and the file of its annotations; nothing is read until asked for.

    Parameters
    ----------
    name : str
        The photo's file name without its ending.
    path, truth : Path
        The photo, and the MATLAB file.
    """

    name: str
    path: Path
    truth: Path

    def truths(self) -> tuple[NDArray[np.int32], ...]:
        """The regions that each annotator drew : (h, w) int32 each, numbered from 1."""
        return tuple(np.ascontiguousarray(image, np.int32) for image in self._field("Segmentation"))

    def boundaries(self) -> tuple[Flags, ...]:
        """The boundary pixels that each annotator drew : (h, w) bool each."""
        return tuple(np.ascontiguousarray(image != 0) for image in self._field("Boundaries"))

    def _field(self, field: str) -> list[NDArray[Any]]:
        """One field of every annotator's struct : (h, w) each."""
        cells = _cells(self.truth)
        try:
            images = [np.asarray(cell[field][0, 0]) for cell in cells.flat]
        except (ValueError, IndexError, TypeError):  # no such field, or no struct
            raise _strange(self.truth, f"an annotation without '{field}'") from None
        if not images:
            raise _strange(self.truth, "no annotation")
        if any(image.ndim != 2 or image.dtype.kind not in "biuf" or image.size == 0 for image in images):
            raise _strange(self.truth, f"a '{field}' that is no image")
        if len({image.shape for image in images}) > 1:
            raise _strange(self.truth, "annotations of several sizes")
        return images


def annotated(folder: str | PathLike[str], split: str) -> tuple[Annotated, ...]:
    """The annotated photos of one split, in the order of their names.

    Parameters
    ----------
    folder : path
        The folder that holds `images` and `groundTruth`.
    split : str
        "train", "val" or "test": the folder inside both.

    Returns
    -------
    tuple of Annotated
    """
    root = Path(folder)
    for part in ("images", "groundTruth"):
        if not (root / part).is_dir():
            raise FileError(
                f"cannot read {root}: expected a folder with 'images' and 'groundTruth' as in BSDS500; "
                f"got no '{part}'; give the folder that holds both"
            )
    photos = root / "images" / split
    if not split or not photos.is_dir():
        splits = sorted(entry.name for entry in (root / "images").iterdir() if entry.is_dir())
        raise FileError(
            f"cannot read {photos}: expected one of the splits {', '.join(splits) or '(there are none)'}; got '{split}'"
        )
    found = [
        Annotated(path.stem, path, root / "groundTruth" / split / f"{path.stem}.mat")
        for path in sorted(photos.iterdir())
        if path.suffix.lower() in _PHOTOS
    ]
    if not found:
        raise FileError(f"cannot read {photos}: expected photos ({', '.join(_PHOTOS)}); got none")
    for one in found:
        if not one.truth.is_file():
            raise FileError(
                f"cannot read {one.truth}: expected the annotations of {one.path.name}; got no such file; "
                "add it or take the photo away"
            )
    return tuple(found)


def _cells(path: Path) -> NDArray[Any]:
    """The cell array groundTruth of a MATLAB file : (1, annotators) object."""
    from scipy.io import loadmat

    try:
        content = loadmat(path, variable_names=["groundTruth"])
    except FileNotFoundError:
        raise FileError(f"cannot read {path}: there is no such file") from None
    except Exception as error:  # noqa: BLE001  # SciPy's reader raises nearly anything on a damaged file
        raise _strange(path, f"a file that SciPy cannot read ({error})") from None
    if "groundTruth" not in content:
        raise _strange(path, "none")
    cells = content["groundTruth"]
    if cells.dtype != object:
        raise _strange(path, f"an array of {cells.dtype}")
    found: NDArray[Any] = cells
    return found


def _strange(path: Path, what: str) -> FileError:
    line = " ".join(what.split())
    return FileError(
        f"cannot read {path}: expected a MATLAB cell 'groundTruth' as in BSDS500; got {line}; fetch it again"
    )
