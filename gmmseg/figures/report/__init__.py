"""The report: one HTML file that shows a segmentation and how it came about, and needs nothing else."""

from __future__ import annotations

from gmmseg.figures.report.document import report_page
from gmmseg.figures.report.hierarchy import Hierarchy
from gmmseg.figures.report.page import Candidate, Components, Page
from gmmseg.figures.report.sizes import reduced_shape

__all__ = ["Candidate", "Components", "Hierarchy", "Page", "reduced_shape", "report_page"]
