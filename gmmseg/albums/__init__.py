"""Collections of pictures, each picture one row: clustered softly, shown in contact sheets, sorted into folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.albums.kinds import FEATURES, KINDS, USUAL

if TYPE_CHECKING:
    from gmmseg.albums.album import Collection
    from gmmseg.albums.collecting import collection
    from gmmseg.albums.model import CollectionModel

__all__ = ["FEATURES", "KINDS", "USUAL", "Collection", "CollectionModel", "collection"]

_HOMES = {
    "Collection": "gmmseg.albums.album",
    "CollectionModel": "gmmseg.albums.model",
    "collection": "gmmseg.albums.collecting",
}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.albums' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
