"""A segmentation as records: one a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gmmseg.segmentation.segmentation import Segmentation


def records(seg: Segmentation) -> list[dict[str, Any]]:
    """Numbers, lists and text alone, ready for JSON; None where a segment has no pixel."""
    measures = seg.measures
    total = max(1, int(measures.area.sum()))
    return [
        {
            "segment": i,
            "area": int(measures.area[i]),
            "share": float(measures.area[i] / total),
            "weight": float(seg.mixture.weights[i]),
            "color": "#{:02x}{:02x}{:02x}".format(*seg.colors[i]),
            "mean_rgb": _numbers(measures.colour[i]),
            "covariance_rgb": _numbers(measures.covariance[i]),
            "certainty": _numbers(measures.certainty[i]),
            "box": measures.box[i].tolist(),
            "centroid": _numbers(measures.centroid[i]),
        }
        for i in range(seg.k)
    ]


def _numbers(values: Any) -> Any:
    """As lists of numbers, rounded to what means something."""
    if not np.isfinite(values).all():
        return None
    return np.round(values, 4).tolist()
