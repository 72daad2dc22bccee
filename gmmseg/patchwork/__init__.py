"""Patches of a picture clustered by a mixture: each pixel shows the cluster of the patch around it."""

from __future__ import annotations

from gmmseg.patchwork.clustering import compared, patches
from gmmseg.patchwork.comparison import Comparison
from gmmseg.patchwork.dictionary import Dictionary
from gmmseg.patchwork.kinds import KINDS, USUAL
from gmmseg.patchwork.patches import Patches

__all__ = ["KINDS", "USUAL", "Comparison", "Dictionary", "Patches", "compared", "patches"]
