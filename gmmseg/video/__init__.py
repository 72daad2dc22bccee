"""The background of a clip, learnt frame by frame, and what stands in front of it."""

from __future__ import annotations

from gmmseg.video.foreground import Foreground
from gmmseg.video.plate import Plate, plate

__all__ = ["Foreground", "Plate", "plate"]
