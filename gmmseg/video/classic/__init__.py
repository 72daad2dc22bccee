"""Per-pixel mixtures of Gaussians, as they are known from the literature."""

from __future__ import annotations

from gmmseg.video.classic.settings import Classic

__all__ = ["Classic"]
