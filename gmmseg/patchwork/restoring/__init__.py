"""A photo without its noise and with its gaps filled: patches by their posterior means, averaged where they overlap."""

from __future__ import annotations

from gmmseg.patchwork.restoring.noise import noise_of
from gmmseg.patchwork.restoring.photo import restored

__all__ = ["noise_of", "restored"]
