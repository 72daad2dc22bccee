"""How far around a pixel its features look."""

from __future__ import annotations

from gmmseg.features import grain, texture, tone
from gmmseg.features.spec import COLOURS, FeatureSpec

_AROUND = {"tone": tone.REACH, "grain": grain.REACH, "texture": texture.REACH}


def reach(spec: FeatureSpec) -> int | None:
    """Pixels beyond which nothing has an influence; None where features know the place in the picture."""
    reaches = [0 if part.name in COLOURS or part.name == "bands" else _AROUND.get(part.name) for part in spec.parts]
    known = [pixels for pixels in reaches if pixels is not None]
    return max(known) if len(known) == len(reaches) else None
