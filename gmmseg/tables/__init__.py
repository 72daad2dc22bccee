"""Rows of numbers into clusters: tables of marks, of profiles, of words in documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.tables.kinds import KINDS, USUAL, planned

if TYPE_CHECKING:
    from gmmseg.tables.clustered import table
    from gmmseg.tables.clustering import TableClustering
    from gmmseg.tables.model import TableModel

__all__ = ["KINDS", "USUAL", "TableClustering", "TableModel", "planned", "table"]

_HOMES = {
    "TableClustering": "gmmseg.tables.clustering",
    "TableModel": "gmmseg.tables.model",
    "table": "gmmseg.tables.clustered",
}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.tables' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
