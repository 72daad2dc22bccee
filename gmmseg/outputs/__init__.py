"""What a segmentation is saved as: pictures, masks, tables, a report."""

from __future__ import annotations

from gmmseg.outputs.kinds import KINDS, USUAL, planned, present
from gmmseg.outputs.saving import save, write

__all__ = ["KINDS", "USUAL", "planned", "present", "save", "write"]
