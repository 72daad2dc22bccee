"""Everything drawn: palettes, pictures of segments, and the report. It takes arrays and plain records."""

from __future__ import annotations

from gmmseg.figures.contours import contours
from gmmseg.figures.overlay import overlay
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.posterised import posterised
from gmmseg.figures.soft_colours import soft_colours
from gmmseg.figures.uncertainty import uncertainty_picture

__all__ = ["contours", "distinct_colors", "overlay", "posterised", "soft_colours", "uncertainty_picture"]
