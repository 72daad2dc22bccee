"""How a mixture is found, in pictures: EM step by step beside k-means; and rows drawn from a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gmmseg.lessons.explaining import explain
    from gmmseg.lessons.lesson import Lesson
    from gmmseg.lessons.sampling import Sample, sample

__all__ = ["Lesson", "Sample", "explain", "sample"]

_HOMES = {
    "Lesson": "gmmseg.lessons.lesson",
    "Sample": "gmmseg.lessons.sampling",
    "explain": "gmmseg.lessons.explaining",
    "sample": "gmmseg.lessons.sampling",
}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.lessons' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
