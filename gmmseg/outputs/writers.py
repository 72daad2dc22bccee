"""Which function writes which kind of output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gmmseg.files.targets import Target
from gmmseg.outputs.coco import write_coco, write_coco_polygons
from gmmseg.outputs.cutouts import write_cutouts
from gmmseg.outputs.drawings import write_contours, write_overlay, write_posterised, write_uncertainty
from gmmseg.outputs.masks import write_masks
from gmmseg.outputs.numbers import write_labels, write_regions
from gmmseg.outputs.probabilities import write_pages_of_shares, write_probabilities
from gmmseg.outputs.report import write_report
from gmmseg.outputs.tables import write_json_table, write_table
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation

# What is written, where, with which options, in the format of which suffix.
WRITERS: dict[str, Callable[[Segmentation, Target, Wishes, str], None]] = {
    "labels": write_labels,
    "overlay": write_overlay,
    "csv": write_table,
    "json": write_json_table,
    "regions": write_regions,
    "contours": write_contours,
    "posterised": write_posterised,
    "uncertainty": write_uncertainty,
    "probabilities": write_probabilities,
    "probabilities-tiff": write_pages_of_shares,
    "coco": write_coco,
    "coco-polygons": write_coco_polygons,
    "model": lambda seg, target, _wishes, _suffix: seg.model.save(target),
    "report": write_report,
}
# The same for folders, which are there; the files that were written come back.
FOLDERS: dict[str, Callable[[Segmentation, Path, Wishes, str], list[Path]]] = {
    "masks": write_masks,
    "cutouts": write_cutouts,
}
