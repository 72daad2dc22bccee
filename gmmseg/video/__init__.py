"""The background of a clip, learnt frame by frame, and what stands in front of it."""

from __future__ import annotations

from gmmseg.video.foreground import Foreground
from gmmseg.video.model import BackgroundModel
from gmmseg.video.plate import Plate, plate
from gmmseg.video.presets import PRESETS

__all__ = ["PRESETS", "BackgroundModel", "Foreground", "Plate", "plate"]
