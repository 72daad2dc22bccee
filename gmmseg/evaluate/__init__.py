"""How good segmentations are: scored against what people drew."""

from __future__ import annotations

from gmmseg.evaluate.agreement import Agreement, agreement, agreement_among
from gmmseg.evaluate.bsds import Annotated, annotated

__all__ = [
    "Agreement",
    "Annotated",
    "agreement",
    "agreement_among",
    "annotated",
]
