"""What does not belong: pictures held against the density of what is normal."""

from __future__ import annotations

from gmmseg.anomalies.finding import anomaly
from gmmseg.anomalies.found import Anomaly, Box
from gmmseg.anomalies.model import AnomalyModel
from gmmseg.anomalies.tail import Tail

__all__ = ["Anomaly", "AnomalyModel", "Box", "Tail", "anomaly"]
