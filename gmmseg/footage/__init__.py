"""A clip through a background model: into clips, boxes, tables, a plate of the background, and a report."""

from __future__ import annotations

from gmmseg.footage.kinds import FORMATS, KINDS, USUAL, planned
from gmmseg.footage.process import stem_of, subtract_background
from gmmseg.footage.summary import Summary

__all__ = ["FORMATS", "KINDS", "USUAL", "Summary", "planned", "stem_of", "subtract_background"]
