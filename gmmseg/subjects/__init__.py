"""The subject of a photo, cut out of its ground by a box around it or by marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.subjects.kinds import KINDS, USUAL

if TYPE_CHECKING:
    from gmmseg.subjects.cutting import cutout
    from gmmseg.subjects.found import Cutout

__all__ = ["KINDS", "USUAL", "Cutout", "cutout"]

_HOMES = {"Cutout": "gmmseg.subjects.found", "cutout": "gmmseg.subjects.cutting"}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.subjects' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
