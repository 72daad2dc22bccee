"""A reliability diagram: how often what has probability p is so, for every p, as an SVG file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.palette import distinct_colors

_SIDE, _LEFT, _TOP, _GAP, _BARS = 320, 52, 16, 12, 64
_BELOW = 44
_LINE = 20  # height of a line of the legend
_ALONG, _ACROSS = "probability of foreground", "share of foreground"
_LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.grid{stroke:#ddd}.even{stroke:#999;stroke-dasharray:4 4}"
    ".curve{fill:none;stroke-width:2}.name{font-weight:600}"
)


def reliability_diagram(
    names: Sequence[str], means: Sequence[ArrayLike], shares: Sequence[ArrayLike], pixels: Sequence[ArrayLike]
) -> str:
    """Draw one curve a name above the counts of pixels, and the diagonal on which sound probabilities lie.

    Parameters
    ----------
    names : sequence of str
    means, shares : sequence of (bins,) float
        For each name, the mean probability and the share of what is so in each bin, 0 to 1; NaN in a bin without
        pixels.
    pixels : sequence of (bins,) int
        How many there are in each bin; their heights are logarithmic.

    Returns
    -------
    str
        An SVG document.
    """
    curves = [tuple(np.asarray(part, np.float64) for part in one) for one in zip(means, shares, pixels, strict=True)]
    if not names or len(names) != len(curves) or any(len({part.shape for part in one}) > 1 for one in curves):
        raise InputError("expected names, each with means, shares and pixels of one length; got others")
    if any(((part < 0) | (part > 1)).any() for one in curves for part in one[:2]):
        raise InputError("expected means and shares from 0 to 1; got others")
    colors = ["#%02x%02x%02x" % tuple(color) for color in distinct_colors(len(names)).tolist()]  # noqa: UP031
    floor = _TOP + _SIDE + _GAP + _BARS
    width, height = _LEFT + _SIDE + 20, floor + _BELOW + _LINE * len(names)
    parts = [*_axes(floor), f'<path class="even" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    most = max(1.0, *(float(counts.max(initial=0)) for *_, counts in curves))
    for i, (name, color, (mean, share, counts)) in enumerate(zip(names, colors, curves, strict=True)):
        parts += _bars(counts, most, floor, i, len(names), color)
        parts += _curve(mean, share, color)
        at = floor + _BELOW + _LINE * i
        parts.append(f'<rect x="{_LEFT}" y="{at}" width="12" height="12" fill="{color}"/>')
        parts.append(f'<text x="{_LEFT + 19}" y="{at + 11}">{escape(name)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Reliability of probabilities"><style>{_STYLE}</style>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (1 - value), 1)


def _axes(floor: float) -> list[str]:
    parts = []
    for level in _LEVELS:
        parts.append(f'<path class="grid" d="M{_x(0)} {_y(level)}H{_x(1)}M{_x(level)} {_y(0)}V{_y(1)}"/>')
        parts.append(f'<text x="{_LEFT - 7}" y="{_y(level) + 4}" text-anchor="end">{level:g}</text>')
        parts.append(f'<text x="{_x(level)}" y="{floor + 16}" text-anchor="middle">{level:g}</text>')
    middle = _TOP + _SIDE / 2
    parts += [
        f'<path class="grid" d="M{_x(0)} {floor}H{_x(1)}"/>',
        f'<text class="name" x="{_x(0.5)}" y="{floor + 34}" text-anchor="middle">{_ALONG}</text>',
        f'<text class="name" transform="translate(13 {middle}) rotate(-90)" text-anchor="middle">{_ACROSS}</text>',
    ]
    return parts


def _bars(counts: Doubles, most: float, floor: float, place: int, of: int, color: str) -> list[str]:
    """Thin bars, those of all names side by side; one pixel is a bar that can just be seen."""
    step = _SIDE / len(counts) if len(counts) else 0.0
    wide = 0.8 * step / of
    parts = []
    for i, count in enumerate(counts):
        if count > 0:
            high = 2 + (_BARS - 2) * np.log1p(count) / np.log1p(most)
            left = _LEFT + step * (i + 0.1) + wide * place
            parts.append(
                f'<rect x="{left:.1f}" y="{floor - high:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{color}">'
                f"<title>{int(count)} pixels</title></rect>"
            )
    return parts


def _curve(mean: Doubles, share: Doubles, color: str) -> list[str]:
    points = [(_x(m), _y(s), m, s) for m, s in zip(mean, share, strict=True) if np.isfinite(m) and np.isfinite(s)]
    if not points:
        return []
    line = "L".join(f"{x} {y}" for x, y, _, _ in points)
    return [
        f'<path class="curve" stroke="{color}" d="M{line}"/>',
        *(
            f'<circle cx="{x}" cy="{y}" r="3.2" fill="{color}"><title>{m:.3f}: {s:.3f}</title></circle>'
            for x, y, m, s in points
        ),
    ]
