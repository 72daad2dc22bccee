"""The report of a cut: its segmentation, and the whole tree for the reader to cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gmmseg.figures.report import Hierarchy, Page
from gmmseg.outputs.report import page_of
from gmmseg.parts.tree import RegionTree
from gmmseg.segmentation import Segmentation
from gmmseg.segmentation.measures import measured


def page_of_tree(tree: RegionTree, seg: Segmentation, command: str = "", detail: float = 0.5) -> Page:
    """What the report of a segmentation of `segmentation_of` shows; the reader's slider begins with this detail."""
    return replace(page_of(seg, command), hierarchy=hierarchy_of(tree, detail))


def hierarchy_of(tree: RegionTree, detail: float = 0.5) -> Hierarchy:
    """A tree as a plain record for figures."""
    n = len(tree.merges) + 1
    sure = np.ones(tree.crumbs.shape, np.float32)
    colours = np.rint(measured(tree.crumbs, tree.picture, sure, n).colour)
    return Hierarchy(tree.crumbs, tree.merges, tree.heights, colours.astype(np.uint8), detail)
