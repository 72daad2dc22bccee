"""Numbers and colours as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

import numpy as np

_THIN = "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


def number(value: float, digits: int = 4) -> str:
    """A number with this many significant digits, in groups of three: 12 MP is 12 000 000."""
    if not isfinite(value):
        return "–" if value != value else f"{_MINUS if value < 0 else ''}∞"  # noqa: PLR0124 (what NaN is)
    if value == 0:
        return "0"
    size = floor(log10(abs(value)))
    if size < -4 or size >= 15:
        return f"{value:.{digits - 1}e}".replace("-", _MINUS)
    return fixed(value, max(0, digits - 1 - size) if value != int(value) else 0)


def fixed(value: float, decimals: int) -> str:
    """A number with this many decimals."""
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace(",", _THIN).replace("-", _MINUS)


def percent(share: float) -> str:
    """A share as a percentage with one decimal; little is not nothing."""
    if not isfinite(share):
        return "–"
    return "< 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def duration(seconds: float) -> str:
    """A time that it took."""
    if seconds < 1:
        return f"{seconds * 1e3:.0f} ms"
    if seconds < 100:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def clock(seconds: float) -> str:
    """A time within a clip: 0:07, 12:30, 1:02:03; with tenths where seconds are few."""
    tenths = round(10 * seconds)
    if tenths < 100:
        return f"0:{tenths // 10:02d}.{tenths % 10}"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def hex_code(color: Sequence[int]) -> str:
    """A colour as #rrggbb."""
    return "#" + "".join(f"{int(part):02x}" for part in color)


def plain(value: object, heading: str = "") -> str:
    """Whatever stands in a table, as text; shares as percentages, under headings that say so."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        if heading.lower() in {"share", "certainty", "uncertainty"} and 0 <= value <= 1:
            return percent(float(value))
        return number(float(value))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return "–" if value is None else str(value)
