"""A clip through a background model: into clips, boxes, tables, a plate of the background, and a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.footage.kinds import FORMATS, KINDS, USUAL, planned

if TYPE_CHECKING:
    from gmmseg.footage.process import stem_of, subtract_background
    from gmmseg.footage.summary import Summary

__all__ = ["FORMATS", "KINDS", "USUAL", "Summary", "planned", "stem_of", "subtract_background"]

_HOMES = {
    "Summary": "gmmseg.footage.summary",
    "stem_of": "gmmseg.footage.process",
    "subtract_background": "gmmseg.footage.process",
}


def __getattr__(name: str) -> Any:
    """What needs compiled loops is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.footage' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
