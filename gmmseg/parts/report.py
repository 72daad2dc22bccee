"""The report of a cut: its segmentation, and the whole tree for the reader to cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gmmseg.errors import InputError
from gmmseg.figures.palette import MOST
from gmmseg.figures.report import Hierarchy, Page, report_page
from gmmseg.files import write_text
from gmmseg.files.targets import Target
from gmmseg.outputs.report import page_of
from gmmseg.outputs.wishes import Wishes
from gmmseg.parts.cut import Cut
from gmmseg.parts.cutting import strengths_of
from gmmseg.segmentation.measures import measured


def write_report(cut: Cut, target: Target, wishes: Wishes, _suffix: str) -> None:
    """One HTML file, whose slider begins with this cut."""
    write_text(target, report_page(page_of_cut(cut, wishes.command)))


def page_of_cut(cut: Cut, command: str = "") -> Page:
    """What the report of a cut shows."""
    if cut.k > MOST:
        raise InputError(f"expected at most {MOST} regions in a report; got {cut.k}; ask for less detail, or a count")
    page = page_of(cut.segmentation, command)
    return replace(page, mixture=None, regions=None, hierarchy=hierarchy_of(cut))  # none was fitted; regions are parts


def hierarchy_of(cut: Cut) -> Hierarchy:
    """The tree of a cut as a plain record for figures."""
    tree, n = cut.tree, len(cut.tree.merges) + 1
    sure = np.ones(tree.crumbs.shape, np.float32)
    colours = np.rint(measured(tree.crumbs, tree.picture, sure, n).colour).astype(np.uint8)
    strengths = strengths_of(tree.heights).astype(np.float64)
    # Of equal heights some are gone: the slider stands where all are.
    detail = 1 - float(strengths[n - cut.k - 1]) if cut.detail is None else float(cut.detail)
    return Hierarchy(tree.crumbs, tree.merges, strengths, colours, detail, cut.k)
