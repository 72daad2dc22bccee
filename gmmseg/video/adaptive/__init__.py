"""The default model: few narrow modes a pixel, and one scale that follows how restless the pixel is."""

from __future__ import annotations

from gmmseg.video.adaptive.settings import Adaptive

__all__ = ["Adaptive"]
