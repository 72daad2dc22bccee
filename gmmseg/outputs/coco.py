"""Annotations in the format of COCO, as pycocotools and many tools of annotation read it."""

from __future__ import annotations

import json
from typing import Any

from gmmseg import __version__
from gmmseg.files import write_text
from gmmseg.files.targets import Target
from gmmseg.outputs.outlines import polygons
from gmmseg.outputs.palettes import segment_colors
from gmmseg.outputs.runs import compressed, runs_of
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation
from gmmseg.segmentation.measures import measured
from gmmseg.segmentation.pieces import pieces_of


def write_coco(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """An annotation a segment, with its pixels as compressed run lengths.

    Segment i is category i + 1, since 0 means background to many. By COCO's definition run lengths stand for
    collections of things, `iscrowd` 1, and that is what a segment is. A segment without a pixel has no annotation.
    """
    height, width = seg.labels.shape
    runs, measures = runs_of(seg.labels), seg.measures
    annotations = [
        {
            "id": i + 1,
            "image_id": 1,
            "category_id": i + 1,
            "segmentation": {"size": [height, width], "counts": compressed(runs.counts(i))},
            "area": int(measures.area[i]),
            "bbox": measures.box[i].tolist(),
            "iscrowd": 1,
        }
        for i in range(seg.k)
        if measures.area[i] > 0
    ]
    _write(seg, target, wishes, annotations)


def write_coco_polygons(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """An annotation for each connected piece of a segment, with a polygon along the sides of its pixels.

    Each is one thing, `iscrowd` 0. The polygons fill to exactly the pixels of the pieces; see `polygons` on holes.
    """
    pieces, count = pieces_of(seg.labels)
    measures = measured(pieces, seg.picture, seg.certainty, count)
    annotations = []
    for piece, outline in polygons(pieces):
        x, y = outline[0]
        # The outline begins at the upper left corner of the piece's first pixel in reading order.
        segment = int(seg.labels[y, x])
        annotations.append(
            {
                "id": piece + 1,
                "image_id": 1,
                "category_id": segment + 1,
                "segmentation": [outline.ravel().tolist()],
                "area": int(measures.area[piece]),
                "bbox": measures.box[piece].tolist(),
                "iscrowd": 0,
            }
        )
    _write(seg, target, wishes, annotations)


def _write(seg: Segmentation, target: Target, wishes: Wishes, annotations: list[dict[str, Any]]) -> None:
    height, width = seg.labels.shape
    colors = segment_colors(seg, wishes.palette).tolist()
    record = {
        "info": {"description": f"{seg.noun}s of {seg.image.name or 'a picture'}", "version": f"gmmseg {__version__}"},
        "licenses": [],
        "images": [{"id": 1, "file_name": seg.image.name, "width": width, "height": height}],
        "categories": [
            {"id": i + 1, "name": f"{seg.noun} {i}", "supercategory": seg.noun, "color": color}
            for i, color in enumerate(colors)
        ],
        "annotations": annotations,
    }
    # On one line: polygons have many corners.
    write_text(target, json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n")
