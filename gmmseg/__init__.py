"""gmmseg: segmentation of pictures, patches and video with Gaussian mixture models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.errors import FileError, GmmsegError, InputError

if TYPE_CHECKING:
    from gmmseg.anomalies import Anomaly, AnomalyModel, anomaly
    from gmmseg.files import Image, read, read_clip
    from gmmseg.footage import subtract_background
    from gmmseg.patchwork import Patches, patches
    from gmmseg.segmentation import Model, Segmentation, fit, segment
    from gmmseg.video import BackgroundModel, Foreground, Plate, plate

__version__ = "0.3.0"

__all__ = [
    "Anomaly",
    "AnomalyModel",
    "BackgroundModel",
    "FileError",
    "Foreground",
    "GmmsegError",
    "Image",
    "InputError",
    "Model",
    "Patches",
    "Plate",
    "Segmentation",
    "__version__",
    "anomaly",
    "fit",
    "patches",
    "plate",
    "read",
    "read_clip",
    "segment",
    "subtract_background",
]

_HOMES = {
    "Anomaly": "gmmseg.anomalies",
    "AnomalyModel": "gmmseg.anomalies",
    "BackgroundModel": "gmmseg.video",
    "Foreground": "gmmseg.video",
    "Image": "gmmseg.files",
    "Model": "gmmseg.segmentation",
    "Patches": "gmmseg.patchwork",
    "Plate": "gmmseg.video",
    "Segmentation": "gmmseg.segmentation",
    "anomaly": "gmmseg.anomalies",
    "fit": "gmmseg.segmentation",
    "patches": "gmmseg.patchwork",
    "plate": "gmmseg.video",
    "read": "gmmseg.files",
    "read_clip": "gmmseg.files",
    "segment": "gmmseg.segmentation",
    "subtract_background": "gmmseg.footage",
}


def __getattr__(name: str) -> Any:
    """Public names are loaded when they are first used, so that importing gmmseg costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
