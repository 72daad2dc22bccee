"""Charts as inline SVG; their colours come from the page's style sheet, for light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, isfinite, log10

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.figures.report.wording import fixed, number

_WIDTH, _HEIGHT, _LOW = 420, 210, 168
_RIGHT, _TOP, _BOTTOM = 12, 14, 30
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_LETTER = 7.2  # pixels; an axis needs as much room as its longest number


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between low and high, at most about this many; one if the two are equal."""
    span = high - low
    if not span > abs(low) * 1e-12:
        return [low]
    rough = span / most
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * 0.999)
    return [step * i for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def histogram_chart(name: str, counts: Doubles, shares: Doubles, colors: Sequence[str], *, linked: bool) -> str:
    """A channel's histogram, with the curve of each component and their sum.

    Parameters
    ----------
    counts : (bins,) float64
    shares : (m, bins) float64
        Of all pixels.
    linked : bool
        Whether the components are the page's segments.
    """
    bins, total = counts.size, max(counts.sum(), 1.0)
    bars = counts / total
    mixed = shares.sum(axis=0)
    # A few levels may hold most pixels (blown-out sky); they may stick out, so that the rest can be seen.
    top = max(1.15 * mixed.max(), 1.05 * min(bars.max(), 2.5 * np.sort(bars)[-max(1, bins // 12)]), 1e-9)
    left, right, base = 6.0, _WIDTH - 6.0, _LOW - 24.0
    x = left + (right - left) * np.arange(bins + 1) / bins
    y = base - (base - _TOP) * np.minimum(bars / top, 1.04)
    steps = " ".join(f"L{x[i]:.1f} {y[i]:.1f}L{x[i + 1]:.1f} {y[i]:.1f}" for i in range(bins))
    parts = [f'<path class="bars {escape(name.lower())}" d="M{left} {base}{steps}L{right} {base}Z"/>']
    middle = (x[1:] + x[:-1]) / 2
    for c, share in enumerate(shares):
        mark = f' data-segment="{c}"' if linked else ""
        heights = base - (base - _TOP) * np.minimum(share / top, 1.04)
        parts.append(f'<path class="component"{mark} style="--c:{colors[c]}" d="{_line(middle, heights)}"/>')
    if len(shares):
        heights = base - (base - _TOP) * np.minimum(mixed / top, 1.04)
        parts.append(f'<path class="sum" d="{_line(middle, heights)}"/>')
    parts.append(f'<path class="axis" d="M{left} {base}H{right}"/>')
    for level in (0, 64, 128, 192, 255):
        place = left + (right - left) * (level + 0.5) / 256
        anchor = {0: "start", 255: "end"}.get(level, "middle")
        parts.append(f'<text x="{place:.1f}" y="{_LOW - 7}" text-anchor="{anchor}">{level}</text>')
    return _svg(f"Histogram of {name.lower()} with the curves of the components", parts, _LOW)


def line_chart(
    name: str,
    across: Sequence[float],
    values: Sequence[float],
    below: str,
    chosen: Sequence[bool] = (),
    *,
    least: float | None = None,
    size: tuple[int, int] = (_WIDTH, _HEIGHT),
) -> str:
    """Values as a line with dots, the chosen ones marked; what is not finite is left out, and nothing gives "".

    `least` is the value at the foot of the chart, if it is not to be the smallest; then what is below the line is
    filled, since heights are amounts. `size` is the chart's width and height.
    """
    full, tall = size
    marks = list(chosen) or [False] * len(values)
    points = [
        (float(a), float(v), m)
        for a, v, m in zip(across, values, marks, strict=True)
        if isfinite(float(a)) and isfinite(float(v))
    ]
    if not points:
        return ""
    low, high = min(v for _, v, _ in points), max(v for _, v, _ in points)
    margin = 0.06 * (high - low) or max(abs(high) * 1e-3, 0.5)
    low, high = low - margin if least is None else least, high + margin
    first, last = min(a for a, _, _ in points), max(a for a, _, _ in points)
    texts = _level_texts(ticks(low, high))
    left = 14 + _LETTER * max(len(text) for _, text in texts)

    def x(a: float) -> float:
        return left + (full - _RIGHT - left) * ((a - first) / (last - first) if last > first else 0.5)

    def y(v: float) -> float:
        return tall - _BOTTOM - (tall - _BOTTOM - _TOP) * (v - low) / (high - low)

    parts = []
    for v, text in texts:
        parts += [
            f'<path class="grid" d="M{left:.1f} {y(v):.1f}H{full - _RIGHT}"/>',
            f'<text x="{left - 7:.1f}" y="{y(v) + 4:.1f}" text-anchor="end">{text}</text>',
        ]
    for a in sorted({float(round(tick)) for tick in ticks(first, last, full // 70)}):
        if first <= a <= last and x(a) < full - _RIGHT - 9 * len(below):
            parts.append(f'<text x="{x(a):.1f}" y="{tall - 10}" text-anchor="middle">{number(a)}</text>')
    parts.append(f'<text class="name" x="{full - _RIGHT}" y="{tall - 10}" text-anchor="end">{escape(below)}</text>')
    if len(points) > 1:
        places = np.array([(x(a), y(v)) for a, v, _ in points])
        if least is not None:
            ends = f"V{y(low):.1f}H{places[0, 0]:.1f}Z"
            parts.append(f'<path class="area" d="{_line(places[:, 0], places[:, 1])}{ends}"/>')
        parts.append(f'<path class="line" d="{_line(places[:, 0], places[:, 1])}"/>')
    few = len(points) <= 40
    for i, (a, v, mark) in enumerate(points):
        if few or mark or i in {0, len(points) - 1}:
            kind = "dot chosen" if mark else "dot"
            parts.append(
                f'<circle class="{kind}" cx="{x(a):.1f}" cy="{y(v):.1f}" r="{5 if mark else 2.6}">'
                f"<title>{escape(below)} {number(a)}: {number(v, 7)}</title></circle>"
            )
    return _svg(name, parts, tall, full)


def _level_texts(levels: list[float]) -> list[tuple[float, str]]:
    """The levels as text with as many decimals as tell them apart, in thousands or millions where they are large."""
    largest = max(abs(level) for level in levels)
    step = levels[1] - levels[0] if len(levels) > 1 else max(largest, 1e-9) / 10
    unit, sign = next(((u, s) for u, s in _UNITS if largest >= u), (1.0, ""))
    step /= unit
    decimals = max(0, -floor(log10(step) + 1e-9))
    if decimals > 6:
        return [(level, number(level)) for level in levels]
    return [(level, fixed(level / unit, decimals) + sign) for level in levels]


def _line(x: Doubles, y: Doubles) -> str:
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))


def _svg(name: str, parts: list[str], height: int = _HEIGHT, width: int = _WIDTH) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}">'
        + "".join(parts)
        + "</svg>"
    )
