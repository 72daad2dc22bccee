"""From a mixture's responsibilities to segments: soft masks, labels, regions."""

from __future__ import annotations

from gmmseg.segmentation.choice import Choice
from gmmseg.segmentation.fitting import History
from gmmseg.segmentation.measures import Measures
from gmmseg.segmentation.model import Model, Space
from gmmseg.segmentation.origin import Origin
from gmmseg.segmentation.segmentation import Segmentation
from gmmseg.segmentation.segmenting import fit, segment

__all__ = ["Choice", "History", "Measures", "Model", "Origin", "Segmentation", "Space", "fit", "segment"]
