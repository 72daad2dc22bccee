"""What does not belong: pictures held against the density of what is normal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gmmseg.anomalies.finding import anomaly
    from gmmseg.anomalies.found import Anomaly, Box
    from gmmseg.anomalies.model import AnomalyModel
    from gmmseg.anomalies.tail import Tail

__all__ = ["Anomaly", "AnomalyModel", "Box", "Tail", "anomaly"]

_HOMES = {
    "Anomaly": "gmmseg.anomalies.found",
    "AnomalyModel": "gmmseg.anomalies.model",
    "Box": "gmmseg.anomalies.found",
    "Tail": "gmmseg.anomalies.tail",
    "anomaly": "gmmseg.anomalies.finding",
}


def __getattr__(name: str) -> Any:
    """What needs the engine is loaded when it is first used: help knows the kinds alone."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmseg.anomalies' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
