"""A natural photo as a tree of regions, cut at any detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.parts.kinds import KINDS, USUAL

if TYPE_CHECKING:
    from gmmseg.parts.growing import regions
    from gmmseg.parts.tree import RegionTree

__all__ = ["KINDS", "USUAL", "RegionTree", "regions"]

_HOMES = {"RegionTree": "gmmseg.parts.tree", "regions": "gmmseg.parts.growing"}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.parts' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
