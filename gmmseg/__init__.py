"""gmmseg: segmentation of pictures, patches and video with Gaussian mixture models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.errors import FileError, GmmsegError, InputError

if TYPE_CHECKING:
    from gmmseg.files import Image, read, read_clip
    from gmmseg.footage import subtract_background
    from gmmseg.segmentation import Model, Segmentation, fit, segment
    from gmmseg.tables import TableClustering, TableModel, table
    from gmmseg.video import BackgroundModel, Foreground, Plate, plate

__version__ = "0.3.0"

__all__ = [
    "BackgroundModel",
    "FileError",
    "Foreground",
    "GmmsegError",
    "Image",
    "InputError",
    "Model",
    "Plate",
    "Segmentation",
    "TableClustering",
    "TableModel",
    "__version__",
    "fit",
    "plate",
    "read",
    "read_clip",
    "segment",
    "subtract_background",
    "table",
]

_HOMES = {
    "BackgroundModel": "gmmseg.video",
    "Foreground": "gmmseg.video",
    "Image": "gmmseg.files",
    "Model": "gmmseg.segmentation",
    "Plate": "gmmseg.video",
    "Segmentation": "gmmseg.segmentation",
    "TableClustering": "gmmseg.tables",
    "TableModel": "gmmseg.tables",
    "fit": "gmmseg.segmentation",
    "plate": "gmmseg.video",
    "read": "gmmseg.files",
    "read_clip": "gmmseg.files",
    "segment": "gmmseg.segmentation",
    "subtract_background": "gmmseg.footage",
    "table": "gmmseg.tables",
}


def __getattr__(name: str) -> Any:
    """Public names are loaded when they are first used, so that importing gmmseg costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
