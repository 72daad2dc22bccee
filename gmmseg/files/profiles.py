"""ICC profiles: what is known of them without a colour engine, and the way to sRGB."""

from __future__ import annotations

from functools import cache

import numpy as np

from gmmseg.files.image import Samples

_RELATIVE_COLORIMETRIC = 1  # what sRGB can show stays as it is
_BLACK_POINT_COMPENSATION = 0x2000  # and shadows stay apart
# Beyond 8 bits the engine would interpolate in a coarse table, which is several 8-bit levels off at the gamut's edge.
_NO_OPTIMISATION = 0x0100


def space_of(profile: bytes) -> str:
    """The colour space a profile speaks of: "RGB", "GRAY", "CMYK", …; empty if it is no profile."""
    if len(profile) < 132 or profile[36:40] != b"acsp":
        return ""
    return profile[16:20].decode("ascii", "replace").strip()


def srgb_of(pixels: Samples, profile: bytes, space: str) -> Samples:
    """(h, w, 3) in sRGB, in the dtype of `pixels`.

    pixels : (h, w) "gray", (h, w, 3) "rgb" or (h, w, 4) "cmyk", whatever `space` says, of which the profile speaks.
    """
    import imagecodecs

    exact = _NO_OPTIMISATION if pixels.dtype != np.uint8 and space != "cmyk" else 0
    converted: Samples = imagecodecs.cms_transform(
        np.ascontiguousarray(pixels),
        profile,
        _srgb_profile(),
        colorspace=space,
        outcolorspace="rgb",
        intent=_RELATIVE_COLORIMETRIC,
        flags=_BLACK_POINT_COMPENSATION | exact,
    )
    return converted if converted.dtype.kind == "u" else np.clip(converted, 0, 1)


@cache
def _srgb_profile() -> bytes:
    import imagecodecs

    return bytes(imagecodecs.cms_profile("srgb"))
