"""A natural photo as a tree of regions, cut at any detail."""

from gmmseg.parts.growing import regions
from gmmseg.parts.tree import RegionTree

__all__ = ["RegionTree", "regions"]
