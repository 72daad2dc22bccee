"""The outputs that are text: boxes, frames, and COCO's annotations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gmmseg import __version__
from gmmseg.footage.growing import Growing
from gmmseg.footage.seen import Seen
from gmmseg.footage.tally import Tally
from gmmseg.outputs.runs import compressed
from gmmseg.video.blobs import Blobs


class Boxes:
    """A line for every blob."""

    def __init__(self, path: Path, keep: int | None) -> None:
        self.file = Growing(path, keep)
        if keep is None:
            self.file.write("frame,time,blob,x,y,width,height,area,probability\n")

    def write(self, seen: Seen) -> None:
        """The blobs of one more frame."""
        index, time, blobs = seen.frame.index, seen.frame.time, seen.blobs
        for blob, ((x, y, width, height), area, likely) in enumerate(
            zip(blobs.boxes.tolist(), blobs.areas.tolist(), blobs.probability.tolist(), strict=True)
        ):
            self.file.write(f"{index},{time:.6f},{blob},{x},{y},{width},{height},{area},{likely:.4f}\n")

    def finish(self, tally: Tally) -> None:  # noqa: ARG002 - as COCO's, which tells of all frames at the end
        """No more will come."""
        self.file.finish()


class Frames:
    """A line for every frame."""

    def __init__(self, path: Path, keep: int | None) -> None:
        self.file = Growing(path, keep)
        if keep is None:
            self.file.write("frame,time,foreground,shadow,blobs,largest\n")

    def write(self, seen: Seen) -> None:
        """One more frame."""
        areas = seen.blobs.areas
        largest = int(areas.max()) if len(areas) else 0
        line = f"{seen.share:.6f},{seen.shaded:.6f},{len(areas)},{largest}"
        self.file.write(f"{seen.frame.index},{seen.frame.time:.6f},{line}\n")

    def finish(self, tally: Tally) -> None:  # noqa: ARG002 - as COCO's, which tells of all frames at the end
        """No more will come."""
        self.file.finish()


class Coco:
    """An annotation for every blob; JSON has no order, so that the list of images may stand at the end."""

    def __init__(self, path: Path, keep: int | None, *, name: str, shape: tuple[int, int], count: int) -> None:
        self.file = Growing(path, keep)
        self.count = count
        self._name = name
        self._shape = shape
        if keep is None:
            self.file.write('{"annotations":[')

    def write(self, seen: Seen) -> None:
        """The blobs of one more frame."""
        height, width = self._shape
        index = int(seen.frame.index)
        counts = run_lengths(seen.blobs)
        for blob, run in enumerate(counts):
            self.count += 1
            record = {
                "id": self.count,
                "image_id": index + 1,
                "category_id": 1,
                "segmentation": {"size": [height, width], "counts": compressed(run)},
                "area": int(seen.blobs.areas[blob]),
                "bbox": seen.blobs.boxes[blob].tolist(),
                "iscrowd": 0,
                "score": round(float(seen.blobs.probability[blob]), 4),
            }
            comma = "," if self.count > 1 else ""
            self.file.write(f"{comma}\n{json.dumps(record, separators=(',', ':'))}")

    def finish(self, tally: Tally) -> None:
        """No more will come."""
        height, width = self._shape
        rest = {
            "images": [
                {
                    "id": index + 1,
                    "file_name": f"{self._name}#{index}",
                    "width": width,
                    "height": height,
                    "frame": index,
                    "time": round(time, 6),
                }
                for index, time in zip(tally.indices, tally.times, strict=True)
            ],
            "categories": [{"id": 1, "name": "foreground", "supercategory": "foreground"}],
            "licenses": [],
            "info": {"description": f"foreground of {self._name or 'a clip'}", "version": f"gmmseg {__version__}"},
        }
        self.file.write("\n]," + json.dumps(rest, separators=(",", ":"), ensure_ascii=False)[1:] + "\n")
        self.file.finish()


def run_lengths(blobs: Blobs) -> list[NDArray[np.int64]]:
    """COCO's run lengths of each blob: down one column after the other, what is not and what is the blob by turns."""
    height, width = blobs.mask.shape
    lengths = []
    order = np.argsort(blobs.runs[:, 3], kind="stable")
    runs = blobs.runs[order].astype(np.int64)
    bounds = np.searchsorted(runs[:, 3], np.arange(len(blobs) + 1))
    for blob, (x, y, across, down) in enumerate(blobs.boxes.tolist()):
        own = np.zeros((across, down), np.bool_)  # columns first
        for row, begin, end, _ in runs[bounds[blob] : bounds[blob + 1]].tolist():
            own[begin - x : end - x, row - y] = True
        columns, rows = np.nonzero(own)
        places = (columns + x) * height + rows + y
        breaks = np.flatnonzero(np.diff(places) != 1)
        starts = places[np.concatenate([[0], breaks + 1])]
        ends = places[np.concatenate([breaks, [len(places) - 1]])] + 1
        edges = np.concatenate([[0], np.stack([starts, ends], axis=1).ravel(), [height * width]])
        counts = np.diff(edges)
        lengths.append(counts if counts[-1] else counts[:-1])
    return lengths
