"""gmmseg: segmentation of pictures, patches and video with Gaussian mixture models."""

from __future__ import annotations

from gmmseg.errors import FileError, GmmsegError, InputError

__all__ = ["FileError", "GmmsegError", "InputError", "__version__"]

__version__ = "0.1.0"
