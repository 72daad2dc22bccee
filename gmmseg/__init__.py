"""gmmseg: segmentation of pictures, patches and video with Gaussian mixture models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.errors import FileError, GmmsegError, InputError

if TYPE_CHECKING:
    from gmmseg.albums import Collection, CollectionModel, collection
    from gmmseg.anomalies import Anomaly, AnomalyModel, anomaly
    from gmmseg.files import Image, read, read_clip
    from gmmseg.footage import subtract_background
    from gmmseg.lessons import Lesson, Sample, explain, sample
    from gmmseg.parts import RegionTree, regions
    from gmmseg.patchwork import Patches, patches
    from gmmseg.segmentation import Model, Segmentation, fit, segment
    from gmmseg.subjects import Cutout, cutout
    from gmmseg.tables import TableClustering, TableModel, table
    from gmmseg.video import BackgroundModel, Foreground, Plate, plate

__version__ = "0.5.0"

__all__ = [
    "Anomaly",
    "AnomalyModel",
    "BackgroundModel",
    "Collection",
    "CollectionModel",
    "Cutout",
    "FileError",
    "Foreground",
    "GmmsegError",
    "Image",
    "InputError",
    "Lesson",
    "Model",
    "Patches",
    "Plate",
    "RegionTree",
    "Sample",
    "Segmentation",
    "TableClustering",
    "TableModel",
    "__version__",
    "anomaly",
    "collection",
    "cutout",
    "explain",
    "fit",
    "patches",
    "plate",
    "read",
    "read_clip",
    "regions",
    "sample",
    "segment",
    "subtract_background",
    "table",
]

_HOMES = {
    "Anomaly": "gmmseg.anomalies",
    "AnomalyModel": "gmmseg.anomalies",
    "BackgroundModel": "gmmseg.video",
    "Collection": "gmmseg.albums",
    "CollectionModel": "gmmseg.albums",
    "Cutout": "gmmseg.subjects",
    "Foreground": "gmmseg.video",
    "Image": "gmmseg.files",
    "Lesson": "gmmseg.lessons",
    "Model": "gmmseg.segmentation",
    "Patches": "gmmseg.patchwork",
    "Plate": "gmmseg.video",
    "RegionTree": "gmmseg.parts",
    "Sample": "gmmseg.lessons",
    "Segmentation": "gmmseg.segmentation",
    "TableClustering": "gmmseg.tables",
    "TableModel": "gmmseg.tables",
    "anomaly": "gmmseg.anomalies",
    "collection": "gmmseg.albums",
    "cutout": "gmmseg.subjects",
    "explain": "gmmseg.lessons",
    "fit": "gmmseg.segmentation",
    "patches": "gmmseg.patchwork",
    "plate": "gmmseg.video",
    "read": "gmmseg.files",
    "read_clip": "gmmseg.files",
    "regions": "gmmseg.parts",
    "sample": "gmmseg.lessons",
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
