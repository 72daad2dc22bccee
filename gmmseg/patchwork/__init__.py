"""Patches of a picture clustered by a mixture: each pixel shows the cluster of the patch around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.patchwork.kinds import KINDS, USUAL

if TYPE_CHECKING:
    from gmmseg.patchwork.clustering import compared, patches
    from gmmseg.patchwork.clusters import Patches
    from gmmseg.patchwork.comparison import Comparison
    from gmmseg.patchwork.dictionary import Dictionary

__all__ = ["KINDS", "USUAL", "Comparison", "Dictionary", "Patches", "compared", "patches"]

_HOMES = {
    "Comparison": "gmmseg.patchwork.comparison",
    "Dictionary": "gmmseg.patchwork.dictionary",
    "Patches": "gmmseg.patchwork.clusters",
    "compared": "gmmseg.patchwork.clustering",
    "patches": "gmmseg.patchwork.clustering",
}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.patchwork' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
